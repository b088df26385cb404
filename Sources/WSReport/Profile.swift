package import WSJudge

/// Which result becomes a case's verdict; what is sent, and when, never depends on it.
package enum Profile: String, Sendable, Hashable, Codable, CaseIterable {
    /// What the specifications say.
    case rfc
    /// What Autobahn|Testsuite would say, where it has such a case.
    case autobahn
}

extension Report.AutobahnResult {
    /// What Autobahn calls the behaviour, as a verdict of ours.
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

    /// What Autobahn calls the close, as a verdict of ours.
    ///
    /// `FAILED BY CLIENT` hangs on the luck of Autobahn's timers and says nothing about the peer.
    package var closingVerdict: Verdict {
        switch behaviorClose {
        case "OK", "FAILED BY CLIENT": .pass
        case "INFORMATIONAL": .informational
        case "UNIMPLEMENTED": .unimplemented
        case "FAILED", "WRONG CODE", "UNCLEAN": .fail
        default: .inconclusive
        }
    }

    /// One sentence for the graver of the two; empty where Autobahn has no complaint.
    package var reason: String {
        let graver = max(behaviourVerdict, closingVerdict)
        guard graver > .pass else { return "" }
        return behaviourVerdict == graver
            ? "Autobahn calls the behaviour \(behavior): \(lowered(result))"
            : "Autobahn calls the close \(behaviorClose): \(lowered(resultClose))"
    }

    /// The sentence as it goes on after a colon, without its full stop.
    private func lowered(_ sentence: String) -> String {
        var words = sentence.prefix(1).lowercased() + sentence.dropFirst()
        while words.last == "." || words.last == "!" { words.removeLast() }
        return words
    }
}

extension Report.Case {
    /// Makes Autobahn's result the verdict, where there is one and the conversation could be judged at all.
    mutating func applyAutobahnProfile() {
        // An opening that kept the connection from coming about is one that Autobahn has a word for.
        let isUnopened = decisiveFinding?.rule == Judge.unopenedRule
        guard let autobahn, verdict != .inconclusive || isUnopened, verdict != .skipped else { return }
        behaviour = autobahn.behaviourVerdict
        closing = autobahn.closingVerdict
        verdict = max(behaviour, closing)
        reason = autobahn.reason
    }
}
