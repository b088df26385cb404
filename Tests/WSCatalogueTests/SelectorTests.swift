import TestSupport
import Testing
import WSCatalogue
import WSProtocol
import WSScenario

@Suite struct SelectorTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var cases: [String]
        var exclude: [String]
        var role: Role
        var ids: [String]

        init(_ cases: [String], without exclude: [String] = [], against role: Role = .server, _ ids: [String]) {
            self.cases = cases
            self.exclude = exclude
            self.role = role
            self.ids = ids
        }

        var testDescription: String { "\(cases) without \(exclude) against \(role)" }
    }

    /// A small catalogue with every kind of scenario that the grammar has to tell apart.
    static let scenarios: [Scenario] = [
        scenario("closing/code/1000", "7.7.1"),
        scenario("closing/empty-body", "7.3.1"),
        scenario("closing/one,two", nil),
        scenario("fragmentation/by-1300", "10.1.1"),
        scenario("framing/text", "1.1.1"),
        scenario("framing/text-long", "1.1.10"),
        scenario("limits/huge", nil, tags: [.slow, .load]),
        scenario("limits/many", "9.1.1", tags: [.capacity]),
        scenario("limits/some", "9.1.2", tags: [.load]),
        scenario("masking/unmasked", nil, tags: [.handshake], targets: [.server]),
    ]

    static let everything = [
        "closing/code/1000", "closing/empty-body", "closing/one,two", "fragmentation/by-1300", "framing/text",
        "framing/text-long", "limits/some", "masking/unmasked",
    ]

    static let rows: [Row] = [
        // Everything but what has to be named, and what is for the other side.
        Row([], everything),
        Row(["*"], everything),
        Row([], against: .client, everything.dropLast()),
        // Ids, in full and with stars.
        Row(["framing/text"], ["framing/text"]),
        Row(["framing/*"], ["framing/text", "framing/text-long"]),
        Row(["framing/text*"], ["framing/text", "framing/text-long"]),
        Row(["*/text"], ["framing/text"]),
        Row(["closing/*"], ["closing/code/1000", "closing/empty-body", "closing/one,two"]),
        Row(["c*/*o*y"], ["closing/empty-body"]),
        Row(["**framing**text"], ["framing/text"]),
        // Whatever has a number.
        Row(["tag:autobahn"], everything.filter { !["closing/one,two", "masking/unmasked"].contains($0) }),
        Row(["*"], without: ["tag:autobahn"], ["closing/one,two", "masking/unmasked"]),
        // A chapter that is still to come takes nothing out.
        // A comma is a comma.
        Row(["closing/one,two"], ["closing/one,two"]),
        // Numbers: dots are dots, and the whole number has to fit.
        Row(["1.1.1"], ["framing/text"]),
        Row(["1.*"], ["framing/text", "framing/text-long"]),
        Row(["1*"], ["fragmentation/by-1300", "framing/text", "framing/text-long"]),
        Row(["10.*"], ["fragmentation/by-1300"]),
        Row(["7.3.*"], ["closing/empty-body"]),
        Row(["*.1.1"], ["fragmentation/by-1300", "framing/text"]),
        // Tags.
        Row(["tag:handshake"], ["masking/unmasked"]),
        Row(["tag:load"], ["limits/some"]),
        Row(["tag:slow"], ["limits/huge"]),
        Row(["tag:capacity"], ["limits/many"]),
        // What has to be named: by tag, id or number, not by a star.
        Row(["limits/*"], ["limits/some"]),
        Row(["limits/huge"], ["limits/huge"]),
        Row(["9.1.1"], ["limits/many"]),
        Row(["9.*"], ["limits/some"]),
        Row(["*", "tag:slow"], (everything + ["limits/huge"]).sorted()),
        // Several patterns are a union, given in any order; what is excluded is out.
        Row(["framing/text", "closing/empty-body", "1.1.1"], ["closing/empty-body", "framing/text"]),
        Row(["framing/*"], without: ["1.1.10"], ["framing/text"]),
        Row(["tag:load", "framing/*"], without: ["framing/*"], ["limits/some"]),
        Row([], without: ["closing/*", "tag:handshake", "9.*", "f*"], []),
    ]

    @Test
    func `a pattern takes what it says`() async {
        await Sweep.each(of: Self.rows.filter { !$0.ids.isEmpty }) { row in
            let selection = try Selector.select(
                from: Self.scenarios,
                cases: row.cases,
                exclude: row.exclude,
                role: row.role
            )
            #expect(selection.map(\.id) == row.ids)
        }
    }

    @Test(arguments: rows.filter(\.ids.isEmpty))
    func `a selection without a case is an error`(_ row: Row) {
        #expect(throws: SelectorError.emptySelection(cases: row.cases, exclude: row.exclude, role: row.role)) {
            try Selector.select(from: Self.scenarios, cases: row.cases, exclude: row.exclude, role: row.role)
        }
    }

    @Test(arguments: ["2.*", "1.1", "1", "framing", "framing/", "Framing/text", "tag:", "tag:lo*d", "tag:unknown", ""])
    func `a pattern that fits nothing is an error, wherever it stands`(_ pattern: String) throws {
        for (cases, exclude) in [([pattern], []), (["*", pattern], []), ([], [pattern])] {
            let error = #expect(throws: SelectorError.self) {
                try Selector.select(from: Self.scenarios, cases: cases, exclude: exclude, role: .server)
            }
            guard case .unknownPattern(let named, _) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(named == pattern)
        }
    }

    @Test(arguments: Role.allCases)
    func `cases about TLS need TLS, and the error says so`(_ role: Role) throws {
        #expect(throws: SelectorError.needsTLS(cases: ["tls/*"])) {
            try Selector.select(from: Catalogue.all, cases: ["tls/*"], role: role, over: .tcp)
        }
        let selected = try Selector.select(from: Catalogue.all, cases: ["tls/*"], role: role, over: .tls)
        #expect(selected.count > 15 && selected.allSatisfy { $0.security != nil })
        let others = try Selector.select(from: Catalogue.all, cases: ["tls/*", "ping/*"], role: role, over: .tcp)
        #expect(!others.isEmpty && others.allSatisfy { $0.security == nil })
    }

    @Test func `cases about HTTP/2 need HTTP/2, and the error says so`() throws {
        #expect(throws: SelectorError.needsHTTP2(cases: ["http2/*"])) {
            try Selector.select(from: Catalogue.all, cases: ["http2/*"], role: .server, over: .tcp)
        }
        let selected = try Selector.select(from: Catalogue.all, cases: ["http2/*"], role: .server, over: .http2)
        #expect(selected.count > 50 && selected.allSatisfy { $0.stream != nil })
    }

    @Test func `a case for the other side alone is no unknown pattern`() {
        #expect(throws: SelectorError.emptySelection(cases: ["masking/*"], exclude: [], role: .client)) {
            try Selector.select(from: Self.scenarios, cases: ["masking/*"], role: .client)
        }
    }

    @Test(arguments: [
        ("closing/one-byte-paylod", "closing/one-byte-payload"),
        ("Framing/Text/125-octets", "framing/text/125-octets"),
        ("closng/*", "closing/*"),
        ("tag:prob", "tag:probe"),
        ("7.3.22", "7.3.2"),
        ("5", "5.*"),
        ("7.3", "7.3.*"),
        ("utf8/overlong", "utf8/overlong/*"),
        ("closing/one-byte", "closing/one-byte-payload"),
        ("one-byte", "closing/one-byte-payload"),
    ])
    func `a slip of the keyboard is answered with what was meant`(_ pattern: String, _ meant: String) throws {
        let error = #expect(throws: SelectorError.self) {
            try Selector.select(from: Catalogue.all, cases: [pattern], role: .server)
        }
        guard case .unknownPattern(_, let suggestions) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(suggestions.first == meant)
        #expect(error?.description.contains("'\(pattern)'; did you mean \(meant)") == true)
    }

    @Test func `patterns with a comma between them are told to be given one by one`() {
        let error = #expect(throws: SelectorError.self) {
            try Selector.select(from: Catalogue.all, cases: ["7.3.2,7.3.3"], role: .server)
        }
        #expect(error?.description == "no case matches '7.3.2,7.3.3'; give each pattern by itself, without commas")
    }

    @Test func `nonsense is not answered with a guess`() {
        #expect(throws: SelectorError.unknownPattern("qqqqqqqqqqqq", suggestions: [])) {
            try Selector.select(from: Catalogue.all, cases: ["qqqqqqqqqqqq"], role: .server)
        }
    }

    @Test func `a requirement selects the cases that cite it, and none of those that have to be named`() throws {
        func ids(_ cases: [String], without exclude: [String] = []) throws -> Set<String> {
            Set(try Selector.select(from: Catalogue.all, cases: cases, exclude: exclude, role: .server).map(\.id))
        }
        let host = try ids(["RFC9112-3.2-06"])
        #expect(host.contains("handshake/request/host-with-space") && !host.contains("ping/empty"))
        #expect(try ids(["handshake/*"], without: ["RFC9112-3.2-06"]).isDisjoint(with: host))
        #expect(try ids(["RFC9112-3.2-*"]).isSuperset(of: host.union(["handshake/request/host-missing"])))
        let slow = Set(Catalogue.all.filter { $0.tags.contains(.slow) }.map(\.id))
        #expect(try ids(["RFC6455-10.7-01"]).isDisjoint(with: slow))
        #expect {
            _ = try ids(["RFC9112-3.2-6"])
        } throws: { error in
            "\(error)".hasPrefix("no case matches 'RFC9112-3.2-6'; did you mean RFC9112-3.2-06")
        }
    }

    @Test func `Autobahn's sections select what they do there`() throws {
        let sections = [
            ("1.*", 16), ("2.*", 11), ("6.*", 145), ("7.*", 37), ("9.*", 54), ("10.*", 1), ("12.*", 90), ("13.*", 126),
            ("12.3.*", 18), ("13.7.18", 1), ("tag:autobahn", 517),
        ]
        for (pattern, count) in sections {
            for role in Role.allCases {
                let selection = try Selector.select(from: Catalogue.all, cases: [pattern], role: role)
                #expect(selection.count == count, "\(pattern)")
            }
        }
    }

    private static func scenario(
        _ id: String,
        _ number: String?,
        tags: [Scenario.Tag] = [],
        targets: [Role] = [.client, .server]
    ) -> Scenario {
        Scenario(
            id: id,
            title: id,
            requirements: [],
            targets: targets,
            needs: .nothing,
            tags: tags,
            autobahn: number.map {
                AutobahnCase(
                    $0,
                    expected: [],
                    closedByTester: true,
                    closeCodes: [1000],
                    requiresCleanClose: true,
                    deadline: .kill(milliseconds: 1000),
                    closesWhenComplete: true
                )
            },
            script: [],
            conclusion: .awaitEnd,
            behaviour: [],
            closing: []
        )
    }

    @Test func `What makes no sense on a transport is neither taken nor counted as left out`() throws {
        var scenarios = Self.scenarios
        let taken = scenarios.firstIndex { $0.id == "framing/text" } ?? 0
        let left = scenarios.firstIndex { $0.id == "limits/huge" } ?? 0
        for index in [taken, left] { scenarios[index].meantFor = [.tls] }
        func ids(over transport: Transport) throws -> [String] {
            try Selector.select(from: scenarios, role: .server, over: transport).map(\.id)
        }
        #expect(try ids(over: .tcp) == Self.everything.filter { $0 != "framing/text" })
        #expect(try ids(over: .tls) == Self.everything)
        #expect(try Selector.select(from: scenarios, role: .server).map(\.id) == Self.everything)
        #expect(Selector.leftOut(from: scenarios, role: .server, over: .tcp) == ["capacity": 1])
        #expect(Selector.leftOut(from: scenarios, role: .server, over: .tls) == ["capacity": 1, "slow": 1])
        #expect(throws: SelectorError.self) {
            try Selector.select(from: scenarios, cases: ["framing/text"], role: .server, over: .tcp)
        }
    }

    @Test func `A tag that is none is told in one line, with those that are near`() {
        #expect(throws: SelectorError.unknownPattern("tag:slwo", suggestions: ["tag:slow", "tag:load"])) {
            try Selector.select(from: Self.scenarios, cases: ["tag:slwo"], role: .server)
        }
    }

    @Test(
        arguments: [
            (["*.*.*.*"], [], "means 0 of Autobahn's 7 cases"),
            ([], ["*.*.*.*"], "means 0 of Autobahn's 7 cases"), (["*.*.*"], [], nil), (["*.*", "1.*"], ["7.*"], nil),
        ] as [([String], [String], String?)]
    )
    func `Patterns that mean something else than they seem to are told`(
        cases: [String],
        exclude: [String],
        note: String?
    ) {
        let notes = Selector.notes(from: Self.scenarios, cases: cases, exclude: exclude, role: .server)
        #expect(notes.count == (note == nil ? 0 : 1))
        #expect(notes.allSatisfy { $0.contains(note ?? "") })
    }

    @Test func `What is left out is counted by what brings it in`() {
        func leftOut(_ cases: [String], without exclude: [String] = []) -> [String: Int] {
            Selector.leftOut(from: Self.scenarios, cases: cases, exclude: exclude, role: .server)
        }
        #expect(leftOut([], without: ["closing/*"]) == ["slow": 1, "capacity": 1, Selector.excluded: 3])
        #expect(leftOut(["limits/*"]) == ["slow": 1, "capacity": 1])
        #expect(leftOut(["tag:slow"]) == [:])
    }
}
