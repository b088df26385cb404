import Foundation
import WSKernels

/// Takes a part of very many combinations, always the same one, so that a test over all of them ends in time.
package enum Sample {
    /// The variable that has all combinations taken.
    package static let wholeVariable = "WSCONFORM_WHOLE_MATRIX"

    /// Whether everything is to be taken.
    package static let isWhole = ProcessInfo.processInfo.environment[wholeVariable] == "1"

    /// Whether a combination is among the third that is taken; all are where the variable is `1`.
    package static func takes(_ words: String...) -> Bool {
        // The middle of the hash: its lowest bits depend on few bits of the text.
        isWhole || (StableHash.fnv1a64(words.joined(separator: " ").utf8) >> 20) % 3 == 0
    }
}
