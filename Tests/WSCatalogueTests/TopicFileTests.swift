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

    /// The name of the file's namespace.
    private static func name(_ file: String) -> Substring {
        file.split(separator: "/").last?.dropLast(".swift".count) ?? ""
    }

    @Test func `every topic file is in the catalogue`() throws {
        #expect(!Self.files.isEmpty)
        let catalogue = try Fixtures.text(Fixtures.sources + "/Catalogue.swift")
        for file in Self.files { #expect(catalogue.contains("        \(Self.name(file)).all,"), "\(file)") }
    }

    @Test
    func `a folder has the ids that begin with its name, and what has several stands beside the folders`() throws {
        let words = Set(Catalogue.all.map { String($0.id.prefix { $0 != "/" }) })
        let folders = Set(Self.files.filter { $0.contains("/") }.map { String($0.prefix { $0 != "/" }) })
        #expect(folders == words)
        for file in Self.files {
            let source = try Fixtures.text(Fixtures.sources + "/Topics/" + file)
            let used = Set(source.matches(of: /"([a-z0-9-]+)\//).map { String($0.output.1) }).intersection(words)
            if file.contains("/") {
                #expect(used.isSubset(of: [String(file.prefix { $0 != "/" })]), "\(file)")
            } else {
                #expect(used.count != 1, "\(file)")
            }
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
