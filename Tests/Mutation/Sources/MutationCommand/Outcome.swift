import Foundation
import Mutator

/// What a round gives: the score of each module, and who survived.
struct Outcome {
    /// A mutant with its fate.
    struct Row {
        let mutant: Mutant
        let fate: Round.Fate
        /// Why no test can find it; nil where one could.
        let excuse: String?
    }

    let rows: [Row]
    /// How many mutants there are, played or not.
    let total: Int
    /// How many mutants the compiler rejected, by path.
    let leftOut: [String: Int]

    /// The numbers of a module.
    struct Score {
        let module: ScratchCopy.Module
        var all = 0
        var found = 0
        /// How many of those that were found kept the tests from coming to an end.
        var endless = 0
        var equivalent = 0
        var leftOut = 0

        var counted: Int { all - equivalent }
        var share: Double { counted == 0 ? 1 : Double(found) / Double(counted) }
        var isReached: Bool { share >= module.wanted }
    }

    /// The score of each module that has mutants here.
    var scores: [Score] {
        ScratchCopy.modules.compactMap { module in
            let prefix = "Sources/\(module.name)/"
            let own = rows.filter { $0.mutant.path.hasPrefix(prefix) }
            guard !own.isEmpty else { return nil }
            return Score(
                module: module,
                all: own.count,
                found: own.count { $0.fate.isFound },
                endless: own.count { $0.fate == .endless },
                equivalent: own.count { !$0.fate.isFound && $0.excuse != nil },
                leftOut: leftOut.filter { $0.key.hasPrefix(prefix) }.values.reduce(0, +)
            )
        }
    }

    private static func percent(_ share: Double) -> String {
        let tenths = Int(share * 1000)
        return "\(tenths / 10).\(tenths % 10) %"
    }

    /// The scores for the terminal.
    var summary: String {
        scores.map { score in
            "\(score.module.name): \(score.found) of \(score.counted) found, \(Self.percent(score.share))"
                + " (wanted \(Self.percent(score.module.wanted))), \(score.endless) by the time limit,"
                + " \(score.equivalent) equivalent, \(score.leftOut) left out"
        }.joined(separator: "\n")
    }

    /// The survivors for the terminal.
    var survivors: String {
        rows.filter { !$0.fate.isFound && $0.excuse == nil }.map { row in
            let place = "\(row.mutant.path):\(row.mutant.line) \(row.mutant.declaration)"
            return "\(row.fate.rawValue): \(place): \(row.mutant.change)"
        }.joined(separator: "\n")
    }

    /// The page that is kept.
    var page: String {
        var text = """
            <!-- Made by `swift run --package-path Tests/Mutation mutation --report`; edit that, not this. -->
            # Mutants of the codec and the judge

            Each mutant is one change to the sources: a check that is switched off, a bound that is moved by one, a comparison
            that is turned, a statement that is left out. A test has to fail for it. What survives is a gap in the tests, or
            [equivalent](../Tests/Mutation/equivalent.tsv): not to be told from the source by anything that it does.
            \(rows.count == total ? "All \(total) were played." : "Of \(total) a sample of \(rows.count) was played.")

            | module | mutants | found | equivalent | survived | score | wanted |
            |---|--:|--:|--:|--:|--:|--:|

            """
        for score in scores {
            text += "| \(score.module.name) | \(score.all) | \(score.found) | \(score.equivalent) "
            text += "| \(score.counted - score.found) | \(Self.percent(score.share)) "
            text += "| \(Self.percent(score.module.wanted)) |\n"
        }
        text += "\nBy what is changed, found of those that count:\n\n"
        text += "| | " + scores.map(\.module.name).joined(separator: " | ") + " |\n"
        text += "|---|" + String(repeating: "--:|", count: scores.count) + "\n"
        for kind in Mutant.Kind.allCases {
            let cells = scores.map { score in
                let folder = "Sources/\(score.module.name)/"
                let own = rows.filter { $0.mutant.kind == kind && $0.mutant.path.hasPrefix(folder) }
                let counted = own.filter { $0.fate.isFound || $0.excuse == nil }
                return "\(counted.count { $0.fate.isFound }) of \(counted.count)"
            }
            text += "| \(kind.rawValue) | " + cells.joined(separator: " | ") + " |\n"
        }
        let rejected = leftOut.values.reduce(0, +)
        text += "\nThe compiler does not take \(rejected) more, which are left out.\n\n## Survivors\n"
        for score in scores {
            let own = rows.filter {
                !$0.fate.isFound && $0.excuse == nil && $0.mutant.path.hasPrefix("Sources/\(score.module.name)/")
            }
            guard !own.isEmpty else { continue }
            text += "\n### \(score.module.name)\n\n"
            text += "A test comes by, and none notices, unless the line says that none comes by.\n\n"
            for row in own {
                let place = row.mutant.path.dropFirst("Sources/\(score.module.name)/".count)
                let note = row.fate == .unreached ? " (none comes by)" : ""
                text += "- \(place), \(row.mutant.declaration): `` \(row.mutant.change) ``\(note)\n"
            }
        }
        text += "\n## Equivalent\n\n"
        var byReason: [String: Int] = [:]
        for row in rows where !row.fate.isFound {
            if let excuse = row.excuse { byReason[excuse, default: 0] += 1 }
        }
        for (reason, count) in byReason.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            text += "- \(count): \(reason)\n"
        }
        return text
    }
}
