package import WSCatalogue
import WSProtocol
import WSRender

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Describes how much of the specifications the scenarios cover.
package enum CoverageText {
    /// The table, followed by what it lacks.
    package static func describe(_ coverage: Coverage) -> String {
        var lines = table(coverage)
        lines += ["", "Without a case: \(coverage.uncovered.count)"] + list(coverage.uncovered)
        lines += [
            "", "With a case, but no defect of the model peer is caught over it: \(coverage.unexercised.count)",
        ]
        lines += list(coverage.unexercised)
        lines += unreached(coverage)
        lines += ["", "Not counted: \(coverage.leftOut.count)"]
        lines += TextStyle.table(coverage.leftOut.map { ["  \($0.requirement.id)", $0.reason] })
        let others = CoverageScope(testing: coverage.role).otherSubjects.sorted { $0.key < $1.key }
            .map { "\($0.key) (\($0.value))" }
        lines += ["", "Not counted as a whole: " + others.joined(separator: ", ")]
        return lines.joined(separator: "\n") + "\n"
    }

    /// The cases without a defect that makes them fail, with the reasons.
    private static func unreached(_ coverage: Coverage) -> [String] {
        let count = coverage.unreached.reduce(0) { $0 + $1.count }
        var lines = ["", "Cases that no defect of the model peer fails for what they are about: \(count)"]
        for entry in coverage.unreached {
            lines.append("  \(entry.count): \(entry.reason)")
            lines += entry.cases.map { "    \($0)" }
        }
        lines.append("Cases that hold nothing against anybody, but that the target survives them: \(coverage.leftOpen)")
        return lines
    }

    /// The tables of both roles as JSON, by role under test.
    package static func json(_ coverages: [Coverage]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let documents = coverages.map { ($0.role.rawValue, document($0)) }
        let both = Dictionary(documents) { first, _ in first }
        return String(decoding: try encoder.encode(both), as: UTF8.self) + "\n"
    }

    private static func document(_ coverage: Coverage) -> Document {
        Document(
            rows: coverage.rows.map { row in
                Row(
                    source: row.source,
                    levels: row.levels.map(\.rawValue),
                    counted: row.counted,
                    withCase: row.covered,
                    exercised: row.exercised
                )
            },
            withoutCase: coverage.uncovered.map { Entry($0) },
            notExercised: coverage.unexercised.map {
                Entry($0, reason: Unexercised.reason(of: $0, testing: coverage.role))
            },
            notCounted: coverage.leftOut.map { Entry($0.requirement, reason: $0.reason) },
            notCountedAsAWhole: CoverageScope(testing: coverage.role).otherSubjects,
            casesNotReached: coverage.unreached.map { Unreached(cases: $0.cases, count: $0.count, reason: $0.reason) },
            casesLeftOpen: coverage.leftOpen
        )
    }

    private static func table(_ coverage: Coverage) -> [String] {
        let head = ["specification", "level", "counted", "with a case", "", "exercised", ""]
        let rows = coverage.rows.map { row in
            let isAll = row.levels.count == Requirement.Level.allCases.count
            return [
                row.source ?? "all", isAll ? "" : row.levels.map(\.rawValue).joined(separator: ", "), "\(row.counted)",
                "\(row.covered)", percent(row.covered, of: row.counted), "\(row.exercised)",
                percent(row.exercised, of: row.counted),
            ]
        }
        return TextStyle.table([head] + rows, numbers: [2, 3, 4, 5, 6])
    }

    private static func list(_ requirements: [Requirement]) -> [String] {
        TextStyle.table(
            requirements.map { requirement in
                let section = requirement.source.hasPrefix("RFC") ? "§\(requirement.section)" : requirement.section
                return ["  \(requirement.id)", section, requirement.level.rawValue, requirement.summary]
            }
        )
    }

    /// A percentage with one decimal, rounded down, so that only complete coverage is 100 %.
    private static func percent(_ part: Int, of whole: Int) -> String {
        let thousandths = whole == 0 ? 0 : part * 1_000 / whole
        return "\(thousandths / 10).\(thousandths % 10) %"
    }

    private struct Document: Encodable {
        var rows: [Row]
        var withoutCase: [Entry]
        var notExercised: [Entry]
        var notCounted: [Entry]
        var notCountedAsAWhole: [String: String]
        var casesNotReached: [Unreached]
        var casesLeftOpen: Int
    }

    private struct Unreached: Encodable {
        var cases: [String]
        var count: Int
        var reason: String
    }

    private struct Row: Encodable {
        var source: String?
        var levels: [String]
        var counted: Int
        var withCase: Int
        var exercised: Int
    }

    private struct Entry: Encodable {
        var id: String
        var section: String
        var level: String
        var summary: String
        var reason: String?

        init(_ requirement: Requirement, reason: String? = nil) {
            id = requirement.id
            section = requirement.section
            level = requirement.level.rawValue
            summary = requirement.summary
            self.reason = reason
        }
    }
}
