import Testing
import WSCatalogue
import WSProtocol
import WSScenario

@Suite struct CoverageTests {
    @Test(arguments: Role.allCases)
    func `what is left out would count otherwise, and has a reason`(_ role: Role) throws {
        let scope = CoverageScope(testing: role)
        #expect(!scope.leftOut.isEmpty)
        for (id, reason) in scope.leftOut {
            let requirement = try #require(RequirementTable.shared.requirement(id), "\(id)")
            #expect(scope.isObservable(requirement), "\(id)")
            #expect(scope.otherSubjects[requirement.source] == nil, "\(id)")
            #expect(reason.hasSuffix("."), "\(id)")
            #expect(!scope.holds(requirement), "\(id)")
        }
    }

    @Test(arguments: Role.allCases)
    func `a specification that is left out as a whole is one of the table`(_ role: Role) {
        for (source, subject) in CoverageScope(testing: role).otherSubjects {
            #expect(RequirementTable.shared.all.contains { $0.source == source }, "\(source)")
            #expect(!subject.isEmpty)
        }
    }

    @Test(arguments: [(Role.server, Requirement.Observability.client), (.client, .server)])
    func `nothing counts that only a test of the other side can see`(_ role: Role, other: Requirement.Observability) {
        let scope = CoverageScope(testing: role)
        for requirement in RequirementTable.shared.all where scope.holds(requirement) {
            #expect(![other, .none].contains(requirement.observable), "\(requirement.id)")
        }
    }

    /// A table of three requirements that count, and one that does not.
    private static let table: RequirementTable? = {
        let entries = [
            ("RFC6455-5.1-03", "MUST", "server-test"), ("RFC6455-5.1-04", "MAY", "both"),
            ("RFC6455-5.1-05", "MUST", "both"), ("RFC6455-4.1-01", "MUST", "client-test"),
        ].map { id, level, side in
            #"{"id":"\#(id)","section":"5.1","level":"\#(level)","basis":"keyword","subject":"server","#
                + #""duty":"either","observable":"\#(side)","impact":"hygiene","impactReason":"R.","summary":"S."}"#
        }
        return try? RequirementTable(json: Array("[\(entries.joined(separator: ","))]".utf8))
    }()

    @Test func `a scenario covers what it and its outcomes cite, a rule what it looks for`() throws {
        let table = try #require(Self.table)
        var scenario = Scenario(
            id: "masking/some",
            title: "Some",
            requirements: ["RFC6455-5.1-03"],
            targets: [.server],
            needs: .nothing,
            script: [],
            conclusion: .awaitEnd,
            behaviour: [.conforms(.anything), .tolerated(.anything, "why", cites: "RFC6455-5.1-04")],
            closing: []
        )
        let caught = Exercise(requirement: "RFC6455-5.1-03", defect: "some", scenario: scenario.id)
        let coverage = Coverage(of: table, testing: .server, by: [scenario], rules: [], exercises: [caught])
        #expect(coverage.rows.last?.counted == 3)
        #expect(coverage.rows.last?.covered == 2)
        #expect(coverage.rows.last?.exercised == 1)
        #expect(coverage.uncovered.map(\.id) == ["RFC6455-5.1-05"])
        #expect(coverage.unexercised.map(\.id) == ["RFC6455-5.1-04"])

        let ruled = Coverage(of: table, testing: .server, by: [scenario], rules: ["RFC6455-5.1-05"], exercises: [])
        #expect(ruled.uncovered.isEmpty)

        scenario.targets = [.client]
        #expect(
            Coverage(of: table, testing: .server, by: [scenario], rules: [], exercises: [caught]).rows.last?.covered
                == 0
        )
    }

    @Test func `a client has a table of its own`() throws {
        let coverage = Coverage(
            of: try #require(Self.table),
            testing: .client,
            by: [],
            rules: ["RFC6455-4.1-01"],
            exercises: []
        )
        #expect(coverage.rows.last?.counted == 3)
        #expect(coverage.rows.last?.covered == 1)
        #expect(coverage.uncovered.map(\.id) == ["RFC6455-5.1-04", "RFC6455-5.1-05"])
    }

    @Test func `what was caught without anything that cites it covers nothing`() throws {
        let caught = Exercise(requirement: "RFC6455-5.1-03", defect: "some", scenario: "masking/some")
        let coverage = Coverage(of: try #require(Self.table), testing: .server, by: [], rules: [], exercises: [caught])
        #expect(coverage.rows.last?.exercised == 0)
    }

    @Test func `what the side under test cannot break does not count`() throws {
        let entries = [("A", "sender"), ("B", "receiver"), ("C", "client"), ("D", "server"), ("E", "either")]
            .map { id, duty in
                #"{"id":"\#(id)","section":"5.1","level":"MUST","basis":"keyword","subject":"endpoint","#
                    + #""duty":"\#(duty)","observable":"both","impact":"hygiene","impactReason":"R.","summary":"S."}"#
            }
        let table = try RequirementTable(json: Array("[\(entries.joined(separator: ","))]".utf8))
        for (role, ids) in [(Role.server, ["A", "B", "D", "E"]), (.client, ["A", "B", "C", "E"])] {
            let coverage = Coverage(of: table, testing: role, by: [], rules: [], exercises: [])
            #expect(coverage.uncovered.map(\.id) == ids)
        }
    }

    @Test func `an elaboration has a whole that decides, and parts that some side can break with it`() throws {
        for elaboration in Elaboration.all {
            let whole = try #require(RequirementTable.shared.requirement(elaboration.whole), "\(elaboration.whole)")
            #expect(elaboration.reason.hasSuffix("."))
            #expect(!elaboration.parts.isEmpty && !elaboration.parts.contains(elaboration.whole))
            for id in elaboration.parts {
                let part = try #require(RequirementTable.shared.requirement(id), "\(id)")
                #expect(Role.allCases.contains { part.binds($0) && whole.binds($0) }, "\(id)")
                #expect(Elaboration.parts(of: elaboration.whole).contains(id))
            }
        }
    }

    @Test func `a group of restatements has several requirements that one side can break, and a reason`() {
        for restatement in Restatement.all {
            #expect(restatement.ids.count > 1)
            #expect(restatement.reason.hasSuffix("."))
            for id in restatement.ids {
                #expect(RequirementTable.shared.requirement(id) != nil, "\(id)")
                #expect(Restatement.closure(of: id).isSuperset(of: restatement.ids))
            }
            let isOfOneSide = Role.allCases.contains { role in
                restatement.ids.allSatisfy { RequirementTable.shared.requirement($0)?.binds(role) == true }
            }
            #expect(isOfOneSide, "\(restatement.ids.sorted())")
        }
    }

    @Test func `there is a row for each specification and level that counts, and one for each sum`() throws {
        let rows = Coverage(of: try #require(Self.table), testing: .server, by: [], rules: [], exercises: []).rows
        #expect(rows.map(\.source) == ["RFC 6455", "RFC 6455", nil, nil, nil])
        #expect(rows.map(\.counted) == [2, 1, 2, 1, 3])
    }

    @Test func `the table of what is caught reads back as it was written, sorted`() {
        let exercises = [
            Exercise(requirement: "B", defect: "b", scenario: "y"),
            Exercise(requirement: "A", defect: "a", scenario: "x"),
        ]
        #expect(Exercise.table(exercises) == "A\ta\tx\nB\tb\ty\n")
        #expect(Exercise.parse(Exercise.table(exercises)) == exercises.reversed())
        #expect(Exercise.parse("no columns\n\n").isEmpty)
    }
}
