import FoundationEssentials
import Testing
import WSCatalogue

@Suite struct RequirementTableTests {
    @Test func `the table holds every requirement, found by its id`() {
        let table = RequirementTable.shared
        #expect(table.all.count == 589)
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
        #expect(requirement.summary.hasSuffix("."))
    }

    @Test func `the source follows from the id`() {
        let sources = Set(RequirementTable.shared.all.map(\.source))
        #expect(
            sources == [
                "RFC 6455", "RFC 7692", "RFC 8441", "RFC 9110", "RFC 9112", "RFC 9113", "RFC 9114", "RFC 9220",
                "WHATWG WebSockets", "IANA",
            ]
        )
    }

    @Test func `the section of an RFC's requirement is the one in its id`() {
        for requirement in RequirementTable.shared.all where requirement.source.hasPrefix("RFC") {
            #expect(requirement.id.hasPrefix(requirement.source.replacing(" ", with: "") + "-\(requirement.section)-"))
        }
    }

    @Test func `an id that stands twice is refused`() throws {
        let one =
            #"{"id":"X-1","section":"1","level":"MAY","basis":"prose","subject":"endpoint","#
            + #""observable":"no","summary":"S."}"#
        #expect(try RequirementTable(json: Array("[\(one)]".utf8)).all.count == 1)
        #expect(throws: RequirementTableError.duplicate(id: "X-1")) {
            try RequirementTable(json: Array("[\(one),\(one)]".utf8))
        }
        #expect(throws: (any Error).self) { try RequirementTable(json: Array("[{}]".utf8)) }
    }

    @Test func `the data file has one object per line`() throws {
        let lines = try Fixtures.text(Fixtures.sources + "/requirements.json").split(separator: "\n")
        #expect(lines.count == 591)
        #expect(lines.first == "[" && lines.last == "]")
        for line in lines.dropFirst().dropLast() { #expect(line.hasPrefix(#"{"id": ""#)) }
    }
}
