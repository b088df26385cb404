import WSKernels
package import WSProtocol
package import WSScenario
package import WSTranscript

/// Encodes the steps of a script into octets, piece by piece, and gives each piece a reference.
///
/// Memory does not grow with the length of what is sent. The same script, role and keys give the same octets, so a
/// transcript is lossless though it stores only references (``octets(of:in:role:keys:effort:)`` reads them).
package struct ScriptEncoder: Sendable {
    private let script: [Step]
    private let role: Role
    private let effort: Effort
    private let keys: MaskingKeySequence
    /// How our messages are compressed, as the handshake agreed; nil if it agreed on none.
    package var compression: SendingCompression?

    /// The index of the next masking key.
    private var nextKeyIndex = 0
    private var step = 0
    private var frame = 0
    private var frameCount = 0
    private var current: OutgoingFrame?
    /// The frame that `beginFrame` opened and `continueFrame` continues.
    private var openFrame: OpenFrame?
    /// The compressed messages of the current step; nil if they are not compressed.
    private var prepared: PreparedMessages?

    private struct OutgoingFrame: Sendable {
        var header: [UInt8]
        var payload: Payload
        var range: Range<Int>
        var maskingKey: MaskingKey?
        var keyIndex: Int
        /// The offset of `range` in the payload; it differs from 0 only in a continued frame.
        var phase: Int
        var position = 0

        var length: Int { header.count + range.count }
    }

    private struct OpenFrame: Sendable {
        var maskingKey: MaskingKey?
        var keyIndex: Int
        /// The payload length in the header.
        var announced: Int
        var sent: Int
    }

    /// Creates an encoder before the first step.
    package init(
        script: [Step],
        role: Role,
        effort: Effort,
        keys: MaskingKeySequence,
        compression: SendingCompression? = nil
    ) {
        self.script = script
        self.role = role
        self.effort = effort
        self.keys = keys
        self.compression = compression
    }

    /// The index of the last frame of the step that was encoded, or of the last message of a loop.
    package var lastFrame: Int { frame - 1 }

    /// Whether a frame was begun whose octets are not complete, even if later steps have the rest.
    package var isInsideFrame: Bool {
        if let current, current.position < current.length { return true }
        return openFrame.map { $0.sent < $0.announced } ?? false
    }

    /// Whether all octets of the last step were produced.
    package var isAtEndOfStep: Bool { current == nil && frame >= frameCount }

    /// Begins a step; only steps that send frames produce octets.
    package mutating func begin(step index: Int) {
        step = index
        frame = 0
        frameCount = script[index].frameCount(at: effort)
        current = nil
        prepared = nil
        if let compression, case .echoLoop(let loop) = script[index], loop.compression != nil {
            prepared = .messages(of: loop, count: frameCount, compression)
        }
    }

    /// Drops the frames of the step that were not begun.
    package mutating func dropRestOfStep() {
        if current == nil {
            frame = frameCount
        } else {
            frameCount = frame + 1
        }
    }

    /// Encodes a frame outside the script, masked if the role requires it: a Pong, a Ping or a Close reply.
    package mutating func extraFrame(_ opcode: Opcode, payload: [UInt8]) -> [UInt8] {
        let key = takeKey(.ofRole)
        var octets: [UInt8] = []
        FrameHeader(fin: true, rsv: 0, opcode: opcode, maskingKey: key.0, payloadLength: UInt64(payload.count))
            .encode(payload: payload.span, into: &octets)
        return octets
    }

    /// Appends the next octets of the step, at most `limit`, across several frames if they are short.
    ///
    /// With `oneFrame` it stops at the end of a frame.
    ///
    /// - Returns: The reference to what was appended; nil at the end of the step.
    package mutating func produce(
        limit: Int,
        oneFrame: Bool = false,
        into octets: inout [UInt8]
    ) -> ScriptReference? {
        guard limit > 0, var out = nextFrame() else { return nil }
        var reference = ScriptReference(
            step: step,
            frame: frame,
            frameCount: 1,
            start: UInt64(out.position),
            length: 0,
            maskingKey: out.maskingKey?.rawValue,
            keyIndex: out.keyIndex
        )
        let before = octets.count
        while true {
            Self.append(&out, limit: limit - (octets.count - before), to: &octets)
            current = out
            if out.position == out.length { endFrame() }
            guard octets.count - before < limit, !oneFrame, let following = nextFrame() else { break }
            out = following
            reference.frameCount += 1
        }
        reference.length = UInt64(octets.count - before)
        return reference
    }

    /// The octets that a reference names.
    ///
    /// - Returns: Nil if the reference does not fit the script.
    package static func octets(
        of reference: ScriptReference,
        in script: [Step],
        role: Role,
        keys: MaskingKeySequence,
        effort: Effort,
        compression: SendingCompression? = nil
    ) -> [UInt8]? {
        guard script.indices.contains(reference.step), reference.frame >= 0,
            reference.frame < script[reference.step].frameCount(at: effort)
        else { return nil }
        var encoder = ScriptEncoder(
            script: script,
            role: role,
            effort: effort,
            keys: keys,
            compression: compression
        )
        encoder.nextKeyIndex = reference.keyIndex
        if case .continueFrame = script[reference.step] {
            // An earlier step began the frame; the number of octets sent since then gives the masking phase.
            var sent = 0
            for earlier in script[..<reference.step].reversed() {
                guard case .continueFrame(let payload) = earlier else {
                    if case .beginFrame = earlier { break }
                    continue
                }
                sent += payload.count
            }
            encoder.openFrame = OpenFrame(
                maskingKey: reference.maskingKey.map { MaskingKey(rawValue: $0) },
                keyIndex: reference.keyIndex,
                announced: sent,
                sent: sent
            )
        }
        encoder.begin(step: reference.step)
        encoder.frame = reference.frame
        guard var first = encoder.nextFrame(), reference.start <= UInt64(first.length) else { return nil }
        first.position = Int(reference.start)
        encoder.current = first
        var octets: [UInt8] = []
        _ = encoder.produce(limit: Int(clamping: reference.length), into: &octets)
        return UInt64(octets.count) == reference.length ? octets : nil
    }

    // MARK: - Frames

    private mutating func nextFrame() -> OutgoingFrame? {
        if let current { return current }
        guard frame < frameCount else { return nil }
        let made = makeFrame()
        current = made
        return made
    }

    private mutating func endFrame() {
        current = nil
        frame += 1
    }

    private mutating func makeFrame() -> OutgoingFrame {
        switch script[step] {
        case .send(let spec):
            return ordinaryFrame(spec, range: 0..<spec.payload.count)
        case .sendMessage(let message):
            let range = message.range(ofFrame: frame)
            let isLast = frame == message.frameCount - 1
            let spec = FrameToSend(frame == 0 ? message.opcode : .continuation, message.payload, fin: isLast)
            return ordinaryFrame(spec, range: range)
        case .echoLoop(let loop):
            if let prepared { return compressedMessage(of: loop, prepared.payload(ofMessage: frame)) }
            let payload = loop.payload(ofMessage: frame)
            return ordinaryFrame(FrameToSend(loop.opcode, payload), range: 0..<payload.count)
        case .sendRun(let run):
            var spec = run.frame
            spec.payload = run.payload(ofFrame: frame)
            return ordinaryFrame(spec, range: 0..<spec.payload.count)
        case .startClosingHandshake(let body, _):
            return ordinaryFrame(FrameToSend(.close, body), range: 0..<body.count)
        case .beginFrame(let fin, let opcode, let length):
            let key = takeKey(.ofRole)
            openFrame = OpenFrame(maskingKey: key.0, keyIndex: key.1, announced: length, sent: 0)
            var header: [UInt8] = []
            FrameHeader(fin: fin, rsv: 0, opcode: opcode, maskingKey: key.0, payloadLength: UInt64(length))
                .encode(into: &header)
            return OutgoingFrame(
                header: header,
                payload: .empty,
                range: 0..<0,
                maskingKey: key.0,
                keyIndex: key.1,
                phase: 0
            )
        case .continueFrame(let payload):
            let open = openFrame ?? OpenFrame(maskingKey: nil, keyIndex: nextKeyIndex, announced: 0, sent: 0)
            openFrame?.sent += payload.count
            return OutgoingFrame(
                header: [],
                payload: payload,
                range: 0..<payload.count,
                maskingKey: open.maskingKey,
                keyIndex: open.keyIndex,
                phase: open.sent
            )
        case .sendOctets(let octets):
            return OutgoingFrame(
                header: octets,
                payload: .empty,
                range: 0..<0,
                maskingKey: nil,
                keyIndex: nextKeyIndex,
                phase: 0
            )
        case .barrier, .quiesce, .awaitPong, .awaitClose, .pause, .pauseReading, .ignorePings, .ignoreClose, .endOutput,
            .reset, .sendOnConnection, .pingConnection:
            preconditionFailure("a step without frames has no frame to make")
        }
    }

    /// All frames of a compressed message, which leave together and count as one.
    private mutating func compressedMessage(of loop: EchoLoop, _ payload: [UInt8]) -> OutgoingFrame {
        let length = loop.compression?.fragmentLength ?? max(1, payload.count)
        let message = MessageToSend(loop.opcode, .octets(payload), fragmentLength: length)
        var octets: [UInt8] = []
        octets.reserveCapacity(payload.count + 14 * message.frameCount)
        var first: (MaskingKey?, Int)?
        for index in 0..<message.frameCount {
            let key = takeKey(.ofRole)
            if first == nil { first = key }
            // Only the first frame says that the message is compressed (RFC 7692, 6.1).
            let header = FrameHeader(
                fin: index == message.frameCount - 1,
                rsv: index == 0 ? 4 : 0,
                opcode: index == 0 ? loop.opcode : .continuation,
                maskingKey: key.0,
                payloadLength: UInt64(message.range(ofFrame: index).count)
            )
            header.encode(payload: payload.span.extracting(message.range(ofFrame: index)), into: &octets)
        }
        return OutgoingFrame(
            header: octets,
            payload: .empty,
            range: 0..<0,
            maskingKey: first?.0,
            keyIndex: first?.1 ?? nextKeyIndex,
            phase: 0
        )
    }

    private mutating func ordinaryFrame(_ spec: FrameToSend, range: Range<Int>) -> OutgoingFrame {
        let key = takeKey(spec.masking)
        var header: [UInt8] = []
        FrameHeader(
            fin: spec.fin,
            rsv: spec.rsv,
            opcode: spec.opcode,
            maskingKey: key.0,
            payloadLength: spec.claimedLength ?? UInt64(range.count),
            lengthEncoding: spec.lengthEncoding
        ).encode(into: &header)
        return OutgoingFrame(
            header: header,
            payload: spec.payload,
            range: range,
            maskingKey: key.0,
            keyIndex: key.1,
            phase: 0
        )
    }

    private mutating func takeKey(_ choice: MaskingChoice) -> (MaskingKey?, Int) {
        let index = nextKeyIndex
        switch choice {
        case .none: return (nil, index)
        case .key(let key): return (MaskingKey(rawValue: key), index)
        case .ofRole where role == .server: return (nil, index)
        case .ofRole, .fresh:
            nextKeyIndex &+= 1
            return (keys.key(at: index), index)
        }
    }

    private static func append(_ frame: inout OutgoingFrame, limit: Int, to octets: inout [UInt8]) {
        var left = limit
        if frame.position < frame.header.count {
            let part = frame.header[frame.position...].prefix(left)
            octets.append(contentsOf: part)
            frame.position += part.count
            left -= part.count
        }
        let from = frame.position - frame.header.count
        let count = min(left, frame.range.count - from)
        guard count > 0 else { return }
        let lower = frame.range.lowerBound + from
        if let key = frame.maskingKey {
            var plain: [UInt8] = []
            frame.payload.append(lower..<lower + count, to: &plain)
            Masking.append(plain.span, key: key.rawValue, phase: frame.phase + from, to: &octets)
        } else {
            frame.payload.append(lower..<lower + count, to: &octets)
        }
        frame.position += count
    }
}

/// The masking keys of a conversation: a fresh one for each frame, reproducible from the seed.
///
/// RFC 6455, 5.3 requires unpredictable keys because a client may send data that others chose. A tester sends its own
/// data, and a run that can be repeated octet by octet is more useful here.
package struct MaskingKeySequence: Sendable, Hashable {
    private let seed: UInt64
    private static let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Creates the sequence of a conversation.
    package init(seed: UInt64) {
        self.seed = seed
    }

    /// Creates the sequence of a scenario in a run with this seed.
    package init(run seed: UInt64, scenario: String) {
        var streams = SplitMix64(seed: ConversationSettings.seed(seed, of: scenario))
        // The first stream is for the handshake.
        _ = streams.next()
        self.init(seed: streams.next())
    }

    /// The key with this index.
    package func key(at index: Int) -> MaskingKey {
        // SplitMix64 adds a constant each time, so a multiplication reaches any index directly.
        var generator = SplitMix64(seed: seed &+ UInt64(truncatingIfNeeded: index) &* Self.gamma)
        return MaskingKey(rawValue: UInt32(truncatingIfNeeded: generator.next() >> 32))
    }
}
