import WSKernels
import WSProtocol
import WSScenario
import WSTranscript

/// How credible it is that a Close frame with 1009, 1008 or 1003 refused a message for its size or type.
///
/// The evidence is in the transcript: the runner may have sent the message again in another form. So a single case is
/// judged as in a whole run. The runner cannot repeat messages to a client under test, so that for clients only the
/// conversation itself is evidence.
enum Excuse: Sendable {
    /// A repeated message, or the size alone, supports it.
    case borneOut
    /// What came back contradicts it.
    case denied
    /// The runner tried nothing, and nothing contradicts it.
    case untried

    /// The verdict on the refusal; nil where the excuse is contradicted, so that the refusal counts as any other Close.
    var verdict: Verdict? {
        switch self {
        case .borneOut: .informational
        case .untried: .tolerated
        case .denied: nil
        }
    }

    /// The words that follow the refusal in a reason.
    var remark: String { self == .untried ? ", which nothing bears out" : "" }
}

extension Case {
    /// From this number of frames on, a limit on frames is credible; below it, the peer cannot reassemble messages.
    static let fewestFramesOfLimit = 128
    /// Up to this size in octets, a size limit is not credible by itself; it is the most that the short header carries.
    static let smallestLimit = 125

    /// The first expected message that has not come back, else one that is not sent to its end, else the largest.
    ///
    /// Nil where nothing is expected and the scenario takes the end for right, so that it needs no excuse.
    var refusedMessage: MessageShape? {
        let end = scenario.closing.first { $0.pattern.fits(closing) }
        guard !scenario.expectedEvents.isEmpty || end == nil || end?.grade == .violates else { return nil }
        let came = counted.count { if case .message = $0.event { true } else { false } }
        return scenario.refusedMessage(behind: came)
    }

    /// Whether a repeated message came back when sent in this many frames; nil where that was not tried.
    private func cameBack(_ message: MessageShape, inFrames frames: Int) -> Bool? {
        for entry in timeline.entries {
            guard case .mark(.tried(let trial)) = entry.kind, trial.frames == frames,
                trial.isText == (message.opcode == .text), trial.length == message.payload.count
            else { continue }
            return trial.cameBack
        }
        return nil
    }

    /// How credible a limit on the size of messages, or on the number of their frames, is.
    func limit(on message: MessageShape) -> Excuse {
        guard let isTaken = cameBack(message, inFrames: 1) else {
            let size = message.payload.count
            if hasEchoed(message.opcode, atLeast: size) { return .denied }
            return size > Self.smallestLimit ? .borneOut : .untried
        }
        return isTaken && !hasLimitOnFrames(message) ? .denied : .borneOut
    }

    /// Whether a limit on the number of frames is credible: one and two frames work, and many do not.
    func hasLimitOnFrames(_ message: MessageShape) -> Bool {
        message.frames >= Self.fewestFramesOfLimit && cameBack(message, inFrames: 1) == true
            && cameBack(message, inFrames: 2) == true
    }

    /// How credible it is that the peer refuses messages of this type.
    func refusal(of message: MessageShape) -> Excuse {
        if let isTaken = cameBack(message, inFrames: 1) { return isTaken ? .denied : .borneOut }
        if echoedBefore(message.opcode) || hasEchoed(message.opcode, atLeast: 0) { return .denied }
        // Every driver has to echo text, so a refusal of text in fragments is not credible by itself.
        let isInFragments = message.frames > 1 || !message.isWhole
        return isInFragments && message.opcode == .text ? .untried : .borneOut
    }

    /// The words that contradict the peer's excuse, for a reason; empty unless something contradicts one.
    var denial: String {
        guard !mustFail, case .peerCloses(let code?) = closing, let message = refusedMessage,
            CloseCode.excuses.contains(code), cameBack(message, inFrames: 1) == true
        else { return "" }
        return message.frames > 1 ? ", though the same message in one frame came back" : ", though it came back alone"
    }

    /// Whether the application echoed this type of message before the first scenario.
    private func echoedBefore(_ type: Opcode) -> Bool {
        (type == .text ? application?.text : application?.binary) == .echo
    }

    /// Whether the peer echoed a message of this type with at least this many octets in this conversation.
    private func hasEchoed(_ type: Opcode, atLeast length: Int) -> Bool {
        counted.contains { item in
            guard case .message(type, let came, .some) = item.event else { return false }
            return came >= UInt64(length)
        }
    }
}

extension CloseCode {
    /// The codes with which a peer refuses a message for its size, type or policy.
    static let excuses: Set<UInt16> = [unsupportedData, policyViolation, messageTooBig]
}

extension MessageTrial {
    /// The trial as a line of the wire log.
    var sentence: String {
        let size = "\(isText ? "text" : "binary") message of \(OctetCount.text(length)) in \(frames)"
        return "a \(size) frame\(frames == 1 ? "" : "s"), tried on its own, \(cameBack ? "came back" : "was refused")"
    }
}
