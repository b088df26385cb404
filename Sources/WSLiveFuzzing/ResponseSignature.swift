package import WSJudge
import WSKernels

/// What a peer made of a conversation, without what differs from one conversation to the next.
///
/// It consists of the kinds of the received frames in order, of how the connection ended, of the findings, and of the
/// class of its duration. A signature that no earlier conversation had means that the peer was led somewhere new.
package struct ResponseSignature: Sendable, Hashable {
    /// The hash of all of it.
    package let value: UInt64

    /// How many kinds of frames count; what follows shows hardly anything new.
    private static let mostKinds = 12

    /// Creates the signature of a judged conversation.
    package init(_ judgement: Judgement) {
        var words: [String] = []
        for line in judgement.wireLines where line.text.hasPrefix("<") || line.text.hasPrefix("=") {
            let kind = Self.kind(of: line.text)
            if words.last != kind, words.count < Self.mostKinds { words.append(kind) }
        }
        words.append("closed \(judgement.closeCode.map(String.init) ?? "no")")
        words.append("time \(Self.timeClass(judgement.durationNanoseconds))")
        words += judgement.findings.map { "\($0.verdict.rawValue) \($0.causeRequirement) \($0.reasonKey)" }.sorted()
        value = StableHash.fnv1a64(words.joined(separator: "\n").utf8)
    }

    /// A line without quotations and lengths: what kind of frame or end it shows.
    private static func kind(of line: String) -> String {
        line.split(separator: " ", omittingEmptySubsequences: true)
            .prefix { !$0.hasPrefix("\"") }
            .map { word in
                // Lengths count by the form that they have on the wire, codes as they are.
                Int(word).map { $0 <= 125 ? "short" : $0 < 1_000 || $0 > 4_999 ? "long" : "\($0)" } ?? String(word)
            }
            .joined(separator: " ")
    }

    /// A tenth of a second, a second, or longer.
    private static func timeClass(_ nanoseconds: Int64) -> Int {
        switch nanoseconds {
        case ..<100_000_000: 0
        case ..<1_000_000_000: 1
        default: 2
        }
    }
}
