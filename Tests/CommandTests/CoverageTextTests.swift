import Foundation
import TestSupport
import Testing
import WSCatalogue
import WSCommand
import WSConform
import WSJudge
import WSProtocol
import WSScenario

@Suite("Coverage")
struct CoverageTextTests {
    static let sections = [(Coverage.ofServers, "coverage"), (.ofClients, "coverage-of-clients")]

    // One after the other, as both sections are of one file.
    @Test("The article has what the command prints", .serialized, arguments: [0, 1])
    func article(index: Int) {
        let (coverage, section) = Self.sections[index]
        let text = "```text\n" + CoverageText.describe(coverage) + "```\n"
        let path = "Sources/WSCatalogue/WSCatalogue.docc/Coverage.md"
        #expect(Golden.difference(text, fromSection: section, of: path) == nil)
    }

    @Test("Everything that is an absolute requirement has a case, and all but a few of the rest", arguments: [0, 1])
    func targets(index: Int) throws {
        let coverage = Self.sections[index].0
        let all = try #require(coverage.rows.last)
        #expect(coverage.uncovered.filter { [.must, .mustNot].contains($0.level) }.map(\.id) == [])
        #expect(all.covered * 100 >= all.counted * 95, "\(all.covered) of \(all.counted)")
        // By the strict count: a finding rests on the very requirement, and the side under test can break it.
        let absolute = try #require(coverage.rows.first { $0.source == nil })
        #expect(absolute.levels == [.must, .mustNot])
        #expect(absolute.exercised * 100 >= absolute.counted * 90, "\(absolute.exercised) of \(absolute.counted)")
    }

    @Test("A reason why nothing reaches a case is a sentence, and names cases that there are", arguments: [0, 1])
    func unreached(index: Int) {
        let coverage = Self.sections[index].0
        for entry in Unreached.entries(testing: coverage.role) {
            #expect(entry.reason.hasSuffix(".") && entry.reason.first?.isUppercase == true, "\(entry.reason)")
            for pattern in entry.cases {
                let single = Unreached(role: entry.role, cases: [pattern], reason: entry.reason)
                #expect(Catalogue.all.contains(where: single.holds), "\(pattern)")
            }
        }
        let listed = coverage.unreached.reduce(0) { $0 + $1.count }
        let entries = Unreached.entries(testing: coverage.role)
        let once = Catalogue.all.count { scenario in entries.contains { $0.holds(scenario) } }
        #expect(listed == once)
    }

    @Test("What no defect exercises has a reason, and a reason is needed", arguments: [0, 1])
    func unexercised(index: Int) {
        let coverage = Self.sections[index].0
        for requirement in coverage.unexercised {
            #expect(Unexercised.reason(of: requirement, testing: coverage.role) != nil, "\(requirement.id)")
        }
        let ids = Set(coverage.unexercised.map(\.id))
        #expect(Unexercised.reasons(testing: coverage.role).keys.filter { !ids.contains($0) } == [])
    }

    @Test("Everything that a rule can cite is a requirement", arguments: Role.allCases)
    func rules(role: Role) {
        #expect(!Judge.requirements(testing: role).isEmpty)
        for id in Judge.requirements(testing: role) {
            #expect(RequirementTable.shared.requirement(id) != nil, "\(id)")
        }
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

    @Test("JSON has the rows and the lists of both sides")
    func json() throws {
        let both = [Coverage.ofServers, .ofClients]
        let text = try CoverageText.json(both)
        let documents = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(documents.keys.sorted() == ["client", "server"])
        for coverage in both {
            let document = try #require(documents[coverage.role.rawValue] as? [String: Any])
            let rows = try #require(document["rows"] as? [[String: Any]])
            #expect(rows.count == coverage.rows.count)
            #expect(rows.last?["counted"] as? Int == coverage.rows.last?.counted)
            let left = try #require(document["notCounted"] as? [[String: Any]])
            #expect(left.count == CoverageScope(testing: coverage.role).leftOut.count)
            #expect(left.allSatisfy { ($0["reason"] as? String)?.isEmpty == false })
            #expect((document["withoutCase"] as? [[String: Any]])?.count == coverage.uncovered.count)
            #expect((document["casesNotReached"] as? [[String: Any]])?.count == coverage.unreached.count)
            #expect(document["casesLeftOpen"] as? Int == coverage.leftOpen)
        }
    }
}
