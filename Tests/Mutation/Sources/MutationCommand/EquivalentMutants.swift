import Foundation
import Mutator

/// The mutants that no test can find, because what they do is not to be told from what the source does.
///
/// A line of the file is a mutant's name, or the beginning of the names of several, a tab, and the reason.
struct EquivalentMutants {
    static let path = "Tests/Mutation/equivalent.tsv"

    private let entries: [(name: String, reason: String)]

    init(_ text: String) throws {
        entries = try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw Trouble("\(Self.path): this line needs a tab and a reason: \(line)") }
            return (parts[0], parts[1])
        }
    }

    /// Why no test finds this mutant; nil where one should.
    func reason(for mutant: Mutant) -> String? {
        entries.first { $0.name == mutant.name || $0.name.hasSuffix("…") && mutant.name.hasPrefix($0.name.dropLast()) }?
            .reason
    }

    /// The entries that stand for none of these mutants.
    func unused(among mutants: [Mutant]) -> [String] {
        entries.map(\.name).filter { name in
            !mutants.contains { $0.name == name || name.hasSuffix("…") && $0.name.hasPrefix(name.dropLast()) }
        }
    }
}
