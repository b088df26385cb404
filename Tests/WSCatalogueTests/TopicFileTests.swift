import Foundation
import TestSupport
import Testing
import WSCatalogue
import WSScenario

/// Swift cannot list the static members of a type, so that a scenario can be written and forgotten.
@Suite struct TopicFileTests {
    /// The paths of the files below `Topics/`.
    static let files: [String] = {
        let paths = FileManager.default.enumerator(atPath: Fixtures.sources + "/Topics")?.compactMap { $0 as? String }
        return (paths ?? []).filter { $0.hasSuffix(".swift") }.sorted()
    }()

    @Test func `every file is in a folder`() {
        #expect(!Self.files.isEmpty)
        for file in Self.files { #expect(file.split(separator: "/").count == 2, "\(file)") }
    }

    @Test func `every file is in the catalogue, behind the name of its folder`() throws {
        let catalogue = try Fixtures.text(Fixtures.sources + "/Catalogue.swift")
        let groups = catalogue.matches(of: /\(\s*"([a-z0-9-]+)",\s*\[([^\]]*)\]/)
        let listed = groups.flatMap { group in
            group.output.2.matches(of: /(\w+)\.all/).map { "\(group.output.1)/\($0.output.1).swift" }
        }
        #expect(listed.sorted() == Self.files)
    }

    @Test func `a folder has the scenarios whose ids begin with its name`() {
        for (folder, files) in Catalogue.topics {
            for scenario in files.flatMap(\.self) {
                #expect(scenario.id.hasPrefix(folder + "/"), "\(scenario.id) is in \(folder)/")
            }
        }
        #expect(Set(Catalogue.topics.map(\.folder)).count == Catalogue.topics.count)
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
