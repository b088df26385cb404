import FoundationEssentials
import Testing
import WSCatalogue
import WSScenario

extension Scenario: CustomTestStringConvertible {
    /// The id, for the names of test cases.
    public var testDescription: String { id }
}

@Suite struct CatalogueTests {
    @Test func `ids are sorted and unique`() {
        let ids = Catalogue.all.map(\.id)
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
    }

    @Test(arguments: Catalogue.all)
    func `an id is a topic of the design and a slug in lower case`(_ scenario: Scenario) {
        let topics = [
            "framing", "ping", "reserved-bits", "opcode", "fragmentation", "utf8", "closing", "limits", "compression",
            "masking", "length", "handshake/request", "handshake/response", "subprotocol", "extension", "robustness",
            "defect", "http2",
        ]
        #expect(topics.contains { scenario.id.hasPrefix($0 + "/") })
        #expect(scenario.id.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*(\/[a-z0-9]+(-[a-z0-9]+)*)+/) != nil)
        #expect(Catalogue.scenario(scenario.id) == scenario)
    }

    @Test(arguments: Catalogue.all)
    func `a title is one line that fits a terminal`(_ scenario: Scenario) {
        #expect((10...120).contains(scenario.title.count))
        #expect(!scenario.title.contains { $0.isNewline })
        #expect(scenario.title.first?.isLowercase == false && !scenario.title.hasSuffix("."))
    }

    @Test func `titles are as different as the scenarios`() {
        let byTitle = Dictionary(grouping: Catalogue.all, by: \.title).filter { $0.value.count > 1 }
        // The same stimulus may stand in two of Autobahn's tables; it must not be told apart by number alone.
        #expect(byTitle.mapValues { $0.map(\.id) } == [:])
    }

    @Test func `no id has gone and none has come unnoticed`() throws {
        let path = Fixtures.folder + "/Golden/ids.txt"
        let ids = Catalogue.all.map(\.id).joined(separator: "\n") + "\n"
        if ProcessInfo.processInfo.environment["WSCONFORM_RECORD"] == "1" {
            try Data(ids.utf8).write(to: URL(filePath: path))
            Issue.record("recorded \(path); run again without WSCONFORM_RECORD")
        } else {
            #expect(ids == (try Fixtures.text(path)), "ids are never reused; record with WSCONFORM_RECORD=1")
        }
    }

    @Test(arguments: Catalogue.all)
    func `a scenario survives JSON`(_ scenario: Scenario) throws {
        let json = try JSONEncoder().encode(scenario)
        #expect(try JSONDecoder().decode(Scenario.self, from: json) == scenario)
    }

    @Test(arguments: Catalogue.all)
    func `each axis has an outcome that does not count against the peer`(_ scenario: Scenario) {
        let isOpen = scenario.autobahn?.isInformational ?? false
        let good: Set<Grade> = isOpen ? [.informational] : [.conforms]
        #expect(scenario.behaviour.contains { good.contains($0.grade) })
        #expect(scenario.closing.contains { good.contains($0.grade) })
        if isOpen { #expect(Set(scenario.behaviour.map(\.grade) + scenario.closing.map(\.grade)) == good) }
    }

    @Test(arguments: Catalogue.all)
    func `a violation can be seen in every scenario that is not left open`(_ scenario: Scenario) {
        let isOpen = scenario.autobahn?.isInformational ?? scenario.tags.contains("ambiguous")
        let grades = scenario.behaviour.map(\.grade) + scenario.closing.map(\.grade)
        #expect(grades.contains(.violates) == !isOpen)
        // Who is refused has no closing to judge.
        if scenario.behaviour.contains(where: { $0.pattern.isOfOpenConnection && $0.grade == .conforms }), !isOpen {
            #expect(scenario.closing.contains { $0.grade == .violates || $0.grade == .informational })
        }
    }

    @Test(arguments: Catalogue.all)
    func `no outcome hides behind one that matches before it`(_ scenario: Scenario) {
        for (index, outcome) in scenario.closing.enumerated() {
            let earlier = scenario.closing[..<index].map(\.pattern)
            #expect(!earlier.contains { $0.covers(outcome.pattern) }, "\(outcome.pattern)")
        }
        for (index, outcome) in scenario.behaviour.enumerated() {
            let earlier = scenario.behaviour[..<index].map(\.pattern)
            #expect(!earlier.contains { $0 == .anything || $0 == outcome.pattern }, "\(outcome.pattern)")
        }
    }

    @Test func `tags are known`() {
        let known: Set<String> = ["slow", "capacity", "load", "handshake", "ambiguous", "probe"]
        #expect(Set(Catalogue.all.flatMap(\.tags)).isSubset(of: known))
    }

    @Test(arguments: Catalogue.all.filter { $0.tags.contains("probe") })
    func `a probe is the violation of its base and three frames in one write`(_ probe: Scenario) throws {
        let base = try #require(Catalogue.scenario(String(probe.id.dropLast("/probe".count))))
        #expect(probe.autobahn == nil)
        #expect(probe.targets == base.targets)
        #expect(Array(probe.script.dropLast(3)) == Array(base.script.prefix(probe.script.count - 3)))
        for step in probe.script {
            guard case .send(let frame) = step else {
                Issue.record("\(step)")
                continue
            }
            #expect(frame.pacing == .together)
        }
    }
}

extension BehaviourPattern {
    /// Whether it is about what comes over an open connection.
    fileprivate var isOfOpenConnection: Bool {
        switch self {
        case .events, .anyOrder, .pongsEndingWithTheLast: true
        case .refused, .refusedAndClosed, .unanswered, .accepted, .anything: false
        }
    }
}
