import WSJudge

extension Report {
    /// The cases that were not run for a common reason.
    package struct LeftOut: Sendable, Hashable, Codable {
        /// The word for the reason, which `--require` accepts.
        package var why: String
        /// The number of cases.
        package var cases: Int
        /// The option that includes these cases.
        package var option: String

        /// Creates an entry.
        package init(why: String, cases: Int, option: String) {
            self.why = why
            self.cases = cases
            self.option = option
        }
    }
}

extension Report.LeftOut {
    /// Counts what was left out before and during the run, by reason.
    ///
    /// - Parameters:
    ///   - unselected: What was not selected by a pattern.
    ///   - cases: The cases of the report; skipped ones are counted, too.
    /// - Returns: The reasons with at least one case.
    static func gathered(_ unselected: [Self], _ cases: [Report.Case]) -> [Self] {
        var all = unselected.filter { $0.cases > 0 }
        for entry in cases where entry.verdict == .skipped || entry.verdict == .unimplemented {
            let why = Reason(of: entry.reason)
            // A part that a driver does not do is told otherwise.
            guard entry.verdict == .skipped || why.word == compression else { continue }
            count(why, in: &all)
        }
        return all
    }

    /// Counts what a run would leave out.
    ///
    /// - Parameters:
    ///   - unselected: What is not selected by a pattern.
    ///   - reasons: Why cases would be skipped, one entry for each case.
    /// - Returns: The reasons with at least one case.
    package static func foreseen(_ unselected: [Self], _ reasons: [String]) -> [Self] {
        var all = unselected.filter { $0.cases > 0 }
        for reason in reasons { count(Reason(of: reason), in: &all) }
        return all
    }

    private static func count(_ why: Reason, in all: inout [Self]) {
        if let index = all.firstIndex(where: { $0.why == why.word }) {
            all[index].cases += 1
        } else {
            all.append(Self(why: why.word, cases: 1, option: why.option))
        }
    }

    /// Whether the cases were not selected, so that the report does not contain them.
    package var isUnselected: Bool { Self.unselected.contains(why) }

    /// The words for cases that no pattern selected, and for those that need a driver that asks for them.
    private static let unselected = ["slow", "capacity", "excluded", "driver", noCompression, large, http1]

    /// The word for cases about compression to which the peer did not agree.
    package static let compression = "compression"
    /// The word for cases about compression that were not selected.
    package static let noCompression = "no-compression"

    /// The word for cases that send many megabytes to a target that is not this machine.
    package static let large = "large"

    /// The word for cases that only HTTP/1.1 has, in a run over HTTP/2.
    package static let http1 = "http1"

    /// A part of the reason for skipping a case, the word for it, and the option that includes such cases.
    private static let kinds: [(sign: String, word: String, option: String)] = [
        ("--peer-limit", "peer-limit", "--peer-limit SIZE"),
        ("permessage-deflate", compression, "an endpoint that agrees to permessage-deflate"),
        ("agreed to", "window", "an endpoint that agrees to larger windows and to context takeover"),
        ("--supervise", "supervise", "--supervise -- COMMAND"),
        ("open files", "open-files", "ulimit -n"),
        ("memory", "memory", "a server with --supervise, on a system with /proc"),
        ("::1", "ipv6", "a machine and a client with IPv6"),
        ("to all connections", "broadcast", "an endpoint that keeps connections apart"),
        ("binary messages", "binary-echo", "an endpoint that echoes binary messages"),
        ("text messages", "text-echo", "an endpoint that echoes text messages"),
        ("echo", "echo", "an endpoint that echoes, or --application echo"),
    ]

    /// The reason of a skipped case.
    private struct Reason {
        var word: String
        var option: String

        init(of sentence: String) {
            let kind = kinds.first { sentence.contains($0.sign) }
            word = kind?.word ?? "other"
            option = kind?.option ?? sentence
        }
    }

    /// The possible words; `echo` also stands for each type of message.
    package static let words = kinds.map(\.word) + unselected

    /// Whether a word of `--require` means this reason.
    ///
    /// `echo` means each type of message.
    package func isMeant(by name: String) -> Bool { why == name || why.hasSuffix("-\(name)") }
}
