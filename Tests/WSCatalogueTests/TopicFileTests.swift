import FoundationEssentials
import TestSupport
import Testing
import WSCatalogue

/// Swift cannot list the static members of a type, so that a scenario can be written and forgotten.
@Suite struct TopicFileTests {
    static let files: [String] = {
        let folder = Fixtures.sources + "/Topics"
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }()

    @Test func `every topic file is in the catalogue`() throws {
        #expect(!Self.files.isEmpty)
        let catalogue = try Fixtures.text(Fixtures.sources + "/Catalogue.swift")
        for file in Self.files {
            #expect(catalogue.contains("        \(file.dropLast(".swift".count)).all,"), "\(file)")
        }
    }

    @Test
    func `every declaration of a topic file is in its list`() async {
        await Sweep.each(of: Self.files) { file in
            let source = try Fixtures.text(Fixtures.sources + "/Topics/" + file)
            let members = source.matches(of: /(?m)^        static (?:let|func) (\w+)/).map { String($0.output.1) }
            let start = try #require(source.firstRange(of: "package static let all: [Scenario] ="))
            // The list ends where the next declaration begins.
            let rest = source[start.upperBound...]
            let end = rest.firstRange(of: /\n\n|\n    }\n/)?.lowerBound ?? rest.endIndex
            let listed = Set(rest[..<end].matches(of: /\w+/).map { String($0.output) })
            #expect(!members.isEmpty)
            for member in members { #expect(listed.contains(member), "\(member)") }
        }
    }
}
