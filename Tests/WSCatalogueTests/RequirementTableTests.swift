import Testing
import WSCatalogue
import WSProtocol

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct RequirementTableTests {
    @Test func `the table holds every requirement, found by its id`() {
        let table = RequirementTable.shared
        #expect(table.all.count == 623)
        for requirement in table.all { #expect(table.requirement(requirement.id) == requirement) }
        #expect(table.requirement("RFC6455-0-00") == nil)
    }

    @Test func `an entry has what a report prints`() throws {
        let requirement = try #require(RequirementTable.shared.requirement("RFC6455-5.5.1-02"))
        #expect(requirement.source == "RFC 6455")
        #expect(requirement.section == "5.5.1")
        #expect(requirement.level == .must)
        #expect(requirement.basis == .keyword)
        #expect(requirement.subject == .endpoint)
        #expect(requirement.duty == .sender)
        #expect(requirement.summary.hasSuffix("."))
    }

    @Test func `the source follows from the id`() {
        let sources = Set(RequirementTable.shared.all.map(\.source))
        #expect(
            sources == [
                "RFC 6455", "RFC 7692", "RFC 8441", "RFC 9110", "RFC 9112", "RFC 9113", "RFC 9114", "RFC 9220",
                "WHATWG WebSockets", "IANA", "RFC 6066", "RFC 7301", "RFC 8446",
            ]
        )
    }

    @Test func `the section of an RFC's requirement is the one in its id`() {
        for requirement in RequirementTable.shared.all where requirement.source.hasPrefix("RFC") {
            #expect(requirement.id.hasPrefix(requirement.source.replacing(" ", with: "") + "-\(requirement.section)-"))
        }
    }

    @Test func `a side that a requirement does not bind is not tested for it`() {
        for requirement in RequirementTable.shared.all where requirement.level != .may {
            switch requirement.observable {
            case .client: #expect(requirement.binds(.client), "\(requirement.id)")
            case .server where requirement.id == "RFC9110-7.1-01":
                // It binds the client that asks; a server shows what it makes of such a request.
                #expect(!requirement.binds(.server))
            case .server: #expect(requirement.binds(.server), "\(requirement.id)")
            case .both, .none: break
            }
        }
    }

    @Test(arguments: [
        (Requirement.Subject.client, Requirement.Duty.client), (.browserClient, .client), (.server, .server),
        (.sender, .sender),
    ])
    func `whom a requirement names has the duty`(_ subject: Requirement.Subject, _ duty: Requirement.Duty) {
        // A permission of the one is the other's to grant.
        for requirement in RequirementTable.shared.all where requirement.subject == subject && requirement.level != .may
        {
            #expect(requirement.duty == duty, "\(requirement.id)")
        }
    }

    @Test(arguments: [
        // Who sends a frame has to write it in its form, who receives one that is not has to fail the connection.
        ("RFC6455-5.2-02", Requirement.Duty.sender), ("RFC6455-5.2-03", .receiver), ("RFC6455-5.2-10", .sender),
        ("RFC6455-5.4-07", .sender), ("RFC6455-5.4-10", .receiver), ("RFC6455-5.5-01", .sender),
        ("RFC6455-5.5-02", .sender), ("RFC6455-5.5.1-06", .sender), ("RFC6455-5.5.1-07", .receiver),
        ("RFC6455-5.5.1-11", .either), ("RFC6455-5.5.1-12", .server), ("RFC6455-5.5.2-02", .receiver),
        ("RFC6455-5.6-01", .sender), ("RFC6455-8.1-01", .receiver), ("RFC6455-9.1-01", .receiver),
        ("RFC6455-9.1-02", .sender), ("RFC6455-10.7-01", .receiver), ("RFC6455-7.1.7-05", .receiver),
        ("RFC6455-11.3.1-01", .client), ("RFC6455-11.3.4-02", .server), ("RFC6455-4.1-38", .server),
    ])
    func `whose act breaks a requirement`(_ id: String, _ duty: Requirement.Duty) throws {
        #expect(try #require(RequirementTable.shared.requirement(id)).duty == duty)
    }

    @Test func `an id that stands twice is refused`() throws {
        let one =
            #"{"id":"X-1","section":"1","level":"MAY","basis":"prose","subject":"endpoint","#
            + #""duty":"either","observable":"no","impact":"hygiene","impactReason":"R.","summary":"S."}"#
        #expect(try RequirementTable(json: Array("[\(one)]".utf8)).all.count == 1)
        #expect(throws: RequirementTableError.duplicate(id: "X-1")) {
            try RequirementTable(json: Array("[\(one),\(one)]".utf8))
        }
        #expect(throws: (any Error).self) { try RequirementTable(json: Array("[{}]".utf8)) }
    }

    @Test func `the data file has one object per line`() throws {
        let lines = try Fixtures.text(Fixtures.sources + "/requirements.json").split(separator: "\n")
        #expect(lines.count == 625)
        #expect(lines.first == "[" && lines.last == "]")
        for line in lines.dropFirst().dropLast() { #expect(line.hasPrefix(#"{"id": ""#)) }
    }
}
