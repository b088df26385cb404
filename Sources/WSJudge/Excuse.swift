import WSProtocol
import WSScenario
import WSTranscript

/// A Close frame that excuses itself, by a size (1009), a policy (1008) or a type (1003), and whether the run bears it
/// out.
///
/// What was tried stands in the transcript, so that one case alone is judged as in a whole run. A client under test
/// cannot be asked to take a message once more; of it only the conversation itself tells.
enum Excuse: Sendable {
    /// What was tried, or the size alone, speaks for it.
    case borneOut
    /// What came back speaks against it.
    case denied
    /// Nobody tried, and nothing speaks for it.
    case untried

    /// The verdict of a refusal with this excuse; nil where it excuses nothing.
    var verdict: Verdict? {
        switch self {
        case .borneOut: .informational
        case .untried: .tolerated
        case .denied: nil
        }
    }

    /// What to say of it behind the refusal.
    var remark: String { self == .untried ? ", which nothing bears out" : "" }
}

extension Case {
    /// A limit on frames that is no matter of fragmentation as such is one on many.
    static let fewestFramesOfLimit = 128
    /// Hardly anybody has a limit below what the shortest header carries.
    static let smallestLimit = 125

    /// The message that is due and has not come back, or else the largest; nil where the scenario wants none back.
    var refusedMessage: MessageShape? {
        let came = counted.count { if case .message = $0.event { true } else { false } }
        return scenario.refusedMessage(behind: came)
    }

    /// Whether a message came back in so many frames; nil where that was not tried.
    private func cameBack(_ message: MessageShape, inFrames frames: Int) -> Bool? {
        for entry in timeline.entries {
            guard case .mark(.tried(let trial)) = entry.kind, trial.frames == frames,
                trial.isText == (message.opcode == .text)
            else { continue }
            return trial.cameBack
        }
        return nil
    }

    /// Whether a limit on the size of messages, or on the number of their frames, is borne out.
    func limit(on message: MessageShape) -> Excuse {
        guard let isTaken = cameBack(message, inFrames: 1) else {
            let size = message.payload.count
            if hasEchoed(message.opcode, atLeast: size) { return .denied }
            return size > Self.smallestLimit ? .borneOut : .untried
        }
        return isTaken && !hasLimitOnFrames(message) ? .denied : .borneOut
    }

    /// Whether a limit on the number of frames is borne out: one frame and two are fine, and many are not.
    func hasLimitOnFrames(_ message: MessageShape) -> Bool {
        message.frames >= Self.fewestFramesOfLimit && cameBack(message, inFrames: 1) == true
            && cameBack(message, inFrames: 2) == true
    }

    /// Whether it is borne out that messages of this type are not taken.
    func refusal(of message: MessageShape) -> Excuse {
        if let isTaken = cameBack(message, inFrames: 1) { return isTaken ? .denied : .borneOut }
        if echoedBefore(message.opcode) || hasEchoed(message.opcode, atLeast: 0) { return .denied }
        // An echo of text is the least that is asked of a driver.
        return message.frames > 1 && message.opcode == .text ? .untried : .borneOut
    }

    /// What speaks against the excuse, for a sentence; empty where it is none, or borne out.
    var denial: String {
        guard !mustFail, case .peerCloses(let code?) = closing, let message = refusedMessage,
            CloseCode.excuses.contains(code), cameBack(message, inFrames: 1) == true
        else { return "" }
        return message.frames > 1 ? ", though the same message in one frame came back" : ", though it came back alone"
    }

    /// Whether the run had an echo of this type before its first scenario.
    private func echoedBefore(_ type: Opcode) -> Bool {
        (type == .text ? application?.text : application?.binary) == .echo
    }

    /// Whether this conversation has an echo of that type and of so many octets.
    private func hasEchoed(_ type: Opcode, atLeast length: Int) -> Bool {
        counted.contains { item in
            guard case .message(type, let came, .some) = item.event else { return false }
            return came >= UInt64(length)
        }
    }
}

extension CloseCode {
    /// The codes with which a peer says that a message is not for it.
    static let excuses: Set<UInt16> = [unsupportedData, policyViolation, messageTooBig]
}

extension MessageTrial {
    /// The trial as a line of the wire log.
    var sentence: String {
        let size = "\(isText ? "text" : "binary") message of \(length) octets in \(frames)"
        return "a \(size) frame\(frames == 1 ? "" : "s"), tried on its own, \(cameBack ? "came back" : "was refused")"
    }
}
