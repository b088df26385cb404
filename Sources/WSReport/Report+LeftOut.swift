import WSJudge

extension Report {
    /// Cases that were not tried for one reason.
    package struct LeftOut: Sendable, Hashable, Codable {
        /// The reason in a word, which `--require` takes.
        package var why: String
        /// How many cases.
        package var cases: Int
        /// What brings them in.
        package var option: String

        /// Names what was left out.
        package init(why: String, cases: Int, option: String) {
            self.why = why
            self.cases = cases
            self.option = option
        }
    }
}

extension Report.LeftOut {
    /// What was left out before the run and during it, each reason once.
    ///
    /// - Parameters:
    ///   - unselected: what no pattern had named.
    ///   - cases: the cases of the report; those that were skipped count here, too.
    /// - Returns: the numbers, none of them zero.
    static func gathered(_ unselected: [Self], _ cases: [Report.Case]) -> [Self] {
        var all = unselected.filter { $0.cases > 0 }
        for entry in cases where entry.verdict == .skipped {
            let why = Reason(of: entry.reason)
            if let index = all.firstIndex(where: { $0.why == why.word }) {
                all[index].cases += 1
            } else {
                all.append(Self(why: why.word, cases: 1, option: why.option))
            }
        }
        return all
    }

    /// Whether it was left out before the run, so that the report has no case for it.
    package var isUnselected: Bool { Self.unselected.contains(why) }

    /// The words for what no pattern had named, and for what only a driver plays that asks for it.
    private static let unselected = ["slow", "capacity", "excluded", "driver"]

    /// What shows in the sentence about a skipped case, the word for it, and what brings such cases in.
    private static let kinds: [(sign: String, word: String, option: String)] = [
        ("--supervise", "supervise", "--supervise -- COMMAND"),
        ("open files", "open-files", "ulimit -n"),
        ("memory", "memory", "a server with --supervise, on a system with /proc"),
        ("::1", "ipv6", "a machine and a client with IPv6"),
        ("to all connections", "broadcast", "an endpoint that keeps connections apart"),
        ("binary messages", "binary-echo", "an endpoint that echoes binary messages"),
        ("text messages", "text-echo", "an endpoint that echoes text messages"),
        ("echo", "echo", "an endpoint that echoes, or --application echo"),
    ]

    /// What a sentence about a skipped case comes to.
    private struct Reason {
        var word: String
        var option: String

        init(of sentence: String) {
            let kind = kinds.first { sentence.contains($0.sign) }
            word = kind?.word ?? "other"
            option = kind?.option ?? sentence
        }
    }

    /// The words that a reason can have; `echo` stands for every type of message, too.
    package static let words = kinds.map(\.word) + unselected

    /// Whether a name that `--require` was given means this reason.
    ///
    /// `echo` means every type of message.
    package func isMeant(by name: String) -> Bool { why == name || why.hasSuffix("-\(name)") }
}
