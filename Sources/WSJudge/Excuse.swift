import WSProtocol
import WSScenario
import WSTranscript

/// A Close frame that excuses itself, by a size (1009), a policy (1008) or a type (1003), and whether the run bears it
/// out.
///
/// What was tried stands in the transcript, so that one case alone is judged as in a whole run. A client under test
/// cannot be asked to take a message once more; of it only the conversation itself tells.
extension Case {
    /// A limit on frames that is no matter of fragmentation as such is one on many.
    static let fewestFramesOfLimit = 128
    /// Nobody has a limit below what the shortest header carries.
    static let smallestLimit = 125

    /// The trials of a message like the one that was refused.
    private var trials: [MessageTrial] {
        timeline.entries.compactMap { if case .mark(.tried(let trial)) = $0.kind { trial } else { nil } }
    }

    /// Whether the message came back in one frame; nil where that was not tried.
    private var cameBackWhole: Bool? { trials.first { $0.frames == 1 }?.cameBack }

    /// Whether a limit on the size of messages, or on the number of their frames, is borne out.
    func bearsOutLimit(on message: MessageShape) -> Bool {
        guard let cameBackWhole else {
            let size = message.payload.count
            return size > Self.smallestLimit && !hasEchoed(message.opcode, atLeast: size)
        }
        return !cameBackWhole || bearsOutLimitOnFrames(message)
    }

    /// Whether a limit on the number of frames is: one frame and two are fine, and many are not.
    func bearsOutLimitOnFrames(_ message: MessageShape) -> Bool {
        message.frames >= Self.fewestFramesOfLimit && cameBackWhole == true
            && trials.contains { $0.frames == 2 && $0.cameBack }
    }

    /// Whether it is borne out that messages of this type are not taken.
    func bearsOutRefusal(of type: Opcode, _ message: MessageShape) -> Bool {
        if let cameBackWhole { return !cameBackWhole }
        if echoedBefore(type) || hasEchoed(type, atLeast: 0) { return false }
        // An echo of text is the least that is asked of a driver.
        return message.frames == 1 || type != .text
    }

    /// What speaks against the excuse, for a sentence; empty where it is none, or borne out.
    var denial: String {
        guard !mustFail, case .peerCloses(let code?) = closing, let message = scenario.largestMessage,
            CloseCode.excuses.contains(code), cameBackWhole == true
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
