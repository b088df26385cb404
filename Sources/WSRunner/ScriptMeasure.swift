import WSProtocol
import WSScenario
import WSTranscript

/// Checks the references of a recording against the lengths of the script's frames.
struct ScriptMeasure {
    private let script: [Step]
    private let role: Role
    private let effort: Effort
    private let keys: MaskingKeySequence
    /// The position of the next octets.
    private var place = Place(step: 0, frame: 0, start: 0)

    private struct Place {
        var step: Int
        var frame: Int
        var start: UInt64
    }

    /// Creates a measure at the beginning of the script.
    init(script: [Step], role: Role, effort: Effort, keys: MaskingKeySequence) {
        self.script = script
        self.role = role
        self.effort = effort
        self.keys = keys
    }

    /// Whether the masking key is the one that this conversation has at this index, or that the step prescribes.
    ///
    /// The keys depend on the seed of the run and on the scenario, so those of another conversation differ.
    func hasKey(of reference: ScriptReference) -> Bool {
        guard let key = reference.maskingKey, script.indices.contains(reference.step) else { return true }
        return key == script[reference.step].prescribedKey ?? keys.key(at: reference.keyIndex).rawValue
    }

    /// Whether the script has this many octets at this position, and the position follows the previous one.
    mutating func accepts(_ reference: ScriptReference) -> Bool {
        guard script.indices.contains(reference.step), reference.step >= place.step else { return false }
        let step = script[reference.step]
        // A step may end early, but it begins with its first octet and leaves none out.
        let next = reference.step == place.step ? place : Place(step: reference.step, frame: 0, start: 0)
        guard reference.frame == next.frame, reference.start == next.start, reference.frameCount > 0,
            reference.frameCount <= step.frameCount(at: effort) - reference.frame,
            step.isMasked(by: role).map({ $0 == (reference.maskingKey != nil) }) ?? true
        else { return false }
        if let longest = step.mostOctets(ofCompressedMessageBy: role) {
            // What a message is compressed to is zlib's matter; it is sent as a whole.
            place = Place(step: reference.step, frame: reference.frame + 1, start: 0)
            return reference.frameCount == 1 && (2...longest).contains(reference.length)
        }
        let lastIndex = reference.frame + reference.frameCount - 1
        let last = step.length(ofFrame: lastIndex, by: role)
        // All frames of a step except the last have the same length.
        let each = step.length(ofFrame: reference.frame, by: role)
        let (product, overflow) = each.multipliedReportingOverflow(by: UInt64(reference.frameCount - 1))
        guard !overflow, reference.start <= product + last else { return false }
        let most = product + last - reference.start
        guard reference.length <= most, most - reference.length < last || most == 0 else { return false }
        place =
            reference.length == most
            ? Place(step: reference.step, frame: lastIndex + 1, start: 0)
            : Place(step: reference.step, frame: lastIndex, start: last - (most - reference.length))
        return true
    }
}

extension Step {
    /// Whether its frames are masked when this role sends them; nil if it sends no frames, or only part of one.
    fileprivate func isMasked(by role: Role) -> Bool? {
        switch self {
        case .send(let frame): frame.isMasked(by: role)
        case .sendRun(let run): run.frame.isMasked(by: role)
        case .sendMessage, .startClosingHandshake, .beginFrame, .echoLoop: role == .client
        case .continueFrame, .sendOctets, .barrier, .quiesce, .awaitPong, .awaitClose, .pause, .pauseReading,
            .ignorePings,
            .ignoreClose, .endOutput, .reset, .sendOnConnection, .pingConnection:
            nil
        }
    }

    /// The masking key that the scenario prescribes; nil if the run chooses it.
    fileprivate var prescribedKey: UInt32? {
        let frame: FrameToSend
        switch self {
        case .send(let one): frame = one
        case .sendRun(let run): frame = run.frame
        default: return nil
        }
        guard case .key(let key) = frame.masking else { return nil }
        return key
    }

    /// The most octets that a message of a loop of compressed messages has, with headers; nil for any other step.
    fileprivate func mostOctets(ofCompressedMessageBy role: Role) -> UInt64? {
        guard case .echoLoop(let loop) = self, let compression = loop.compression else { return nil }
        // What cannot be compressed grows by a few octets for every 16 KiB.
        let payload = loop.payload.count + loop.payload.count / 1_024 + 64
        let frames = payload / (compression.fragmentLength ?? payload) + 1
        return UInt64(payload + frames * 14)
    }

    /// The length of a frame in octets, including its header, when this role sends it.
    fileprivate func length(ofFrame index: Int, by role: Role) -> UInt64 {
        switch self {
        case .send(let frame): frame.length(of: frame.payload.count, by: role)
        case .sendRun(let run): run.frame.length(of: run.isNumbered ? 4 : run.frame.payload.count, by: role)
        case .sendMessage(let message):
            FrameToSend(message.opcode).length(of: message.range(ofFrame: index).count, by: role)
        case .startClosingHandshake(let body, _): FrameToSend(.close).length(of: body.count, by: role)
        case .beginFrame(_, let opcode, let length): FrameToSend(opcode).length(of: length, by: role) - UInt64(length)
        case .continueFrame(let payload): UInt64(payload.count)
        case .sendOctets(let octets): UInt64(octets.count)
        case .echoLoop(let loop): FrameToSend(loop.opcode).length(of: loop.payload.count, by: role)
        case .barrier, .quiesce, .awaitPong, .awaitClose, .pause, .pauseReading, .ignorePings, .ignoreClose, .endOutput,
            .reset, .sendOnConnection, .pingConnection:
            0
        }
    }
}

extension FrameToSend {
    /// The length of a frame with this many octets of payload.
    fileprivate func length(of payload: Int, by role: Role) -> UInt64 {
        let header = FrameHeader(
            opcode: opcode,
            maskingKey: isMasked(by: role) ? MaskingKey(rawValue: 0) : nil,
            payloadLength: claimedLength ?? UInt64(payload),
            lengthEncoding: lengthEncoding
        )
        return UInt64(header.encodedLength) + UInt64(payload)
    }
}
