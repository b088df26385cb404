import Foundation
import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import wsconform

@Suite("Coverage")
struct CoverageTextTests {
    @Test("The article has what the command prints")
    func article() {
        let text = "```text\n" + CoverageText.describe(.ofServers) + "```\n"
        let path = "Sources/WSCatalogue/WSCatalogue.docc/Coverage.md"
        #expect(Golden.difference(text, fromSection: "coverage", of: path) == nil)
    }

    @Test("Everything that is an absolute requirement has a case, and all but a few of the rest")
    func targets() throws {
        let coverage = Coverage.ofServers
        let all = try #require(coverage.rows.last)
        #expect(coverage.uncovered.filter { [.must, .mustNot].contains($0.level) }.map(\.id) == [])
        #expect(all.covered * 100 >= all.counted * 95, "\(all.covered) of \(all.counted)")
        #expect(all.exercised * 100 >= all.counted * 80, "\(all.exercised) of \(all.counted)")
    }

    @Test("Everything that a rule can cite is a requirement")
    func rules() {
        #expect(!Judge.requirements(testing: .server).isEmpty)
        for id in Judge.requirements(testing: .server) { #expect(RequirementTable.shared.requirement(id) != nil, "\(id)") }
    }

    @Test("No share is rounded up to all, and what is missing is listed")
    func describe() throws {
        let coverage = Coverage.ofServers
        let lines = CoverageText.describe(coverage).split(separator: "\n")
        let all = try #require(coverage.rows.last)
        #expect(lines.contains { $0.hasPrefix("all ") && $0.contains(" \(all.covered) ") })
        for requirement in coverage.uncovered + coverage.unexercised {
            #expect(lines.contains { $0.hasPrefix("  \(requirement.id) ") && $0.hasSuffix(requirement.summary) })
        }
        if all.covered < all.counted {
            #expect(!lines.contains { $0.hasPrefix("all ") && $0.contains(" \(all.covered)  100.0 %") })
        }
    }

    @Test("JSON has the rows and the lists")
    func json() throws {
        let text = try CoverageText.json(.ofServers)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let rows = try #require(document["rows"] as? [[String: Any]])
        #expect(rows.count == Coverage.ofServers.rows.count)
        #expect(rows.last?["counted"] as? Int == Coverage.ofServers.rows.last?.counted)
        let left = try #require(document["notCounted"] as? [[String: Any]])
        #expect(left.count == CoverageScope.leftOut.count)
        #expect(left.allSatisfy { ($0["reason"] as? String)?.isEmpty == false })
        #expect((document["withoutCase"] as? [[String: Any]])?.count == Coverage.ofServers.uncovered.count)
    }
}
