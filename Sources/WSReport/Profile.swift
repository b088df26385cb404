package import WSJudge

/// Whose verdict becomes the verdict of a case; it never changes what is sent, or when.
package enum Profile: String, Sendable, Hashable, Codable, CaseIterable {
    /// The verdict by the specifications.
    case rfc
    /// The verdict of Autobahn|Testsuite, for cases that it has.
    case autobahn
}

extension Report.AutobahnResult {
    /// Autobahn's word for the behaviour as a verdict.
    package var behaviourVerdict: Verdict {
        switch behavior {
        case "OK": .pass
        case "NON-STRICT": .tolerated
        case "INFORMATIONAL": .informational
        case "UNIMPLEMENTED": .unimplemented
        case "FAILED": .fail
        default: .inconclusive
        }
    }

    /// Autobahn's word for the close as a verdict.
    ///
    /// `FAILED BY CLIENT` depends on Autobahn's timers and says nothing about the peer.
    package var closingVerdict: Verdict {
        switch behaviorClose {
        case "OK", "FAILED BY CLIENT": .pass
        case "INFORMATIONAL": .informational
        case "UNIMPLEMENTED": .unimplemented
        case "FAILED", "WRONG CODE", "UNCLEAN": .fail
        default: .inconclusive
        }
    }

    /// One sentence for the graver of the two; empty if Autobahn does not complain.
    package var reason: String {
        let graver = max(behaviourVerdict, closingVerdict)
        guard graver > .pass else { return "" }
        return behaviourVerdict == graver
            ? "Autobahn calls the behaviour \(behavior): \(lowered(result))"
            : "Autobahn calls the close \(behaviorClose): \(lowered(resultClose))"
    }

    /// The sentence as it continues after a colon, without its full stop.
    private func lowered(_ sentence: String) -> String {
        var words = sentence.prefix(1).lowercased() + sentence.dropFirst()
        while words.last == "." || words.last == "!" { words.removeLast() }
        return words
    }
}

extension Report.Case {
    /// Makes Autobahn's result the verdict, if there is one and the conversation could be judged.
    mutating func applyAutobahnProfile() {
        // Autobahn has a word for a handshake that did not open a connection.
        let isUnopened = decisiveFinding?.rule == Judge.unopenedRule
        guard let autobahn, verdict != .inconclusive || isUnopened, verdict != .skipped else { return }
        behaviour = autobahn.behaviourVerdict
        closing = autobahn.closingVerdict
        verdict = max(behaviour, closing)
        reason = autobahn.reason
    }
}
