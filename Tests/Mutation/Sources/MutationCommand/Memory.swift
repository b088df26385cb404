import Foundation
import Mutator

/// What became of mutants in earlier rounds, beside the scratch copy.
struct Memory {
    private let file: URL
    private var fates: [String: Round.Fate] = [:]

    init(at file: URL) {
        self.file = file
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
            guard parts.count == 2, let fate = Round.Fate(rawValue: parts[0]) else { continue }
            fates[parts[1]] = fate
        }
    }

    private static func key(_ mutant: Mutant) -> String { "\(mutant.line) \(mutant.name)" }

    /// What became of it; nil if it was not played.
    func fate(of mutant: Mutant) -> Round.Fate? { fates[Self.key(mutant)] }

    mutating func note(_ fate: Round.Fate, of mutant: Mutant) {
        fates[Self.key(mutant)] = fate
    }

    func save() throws {
        let text = fates.sorted { $0.key < $1.key }.map { "\($0.value.rawValue)\t\($0.key)\n" }.joined()
        try Data(text.utf8).write(to: file)
    }
}
