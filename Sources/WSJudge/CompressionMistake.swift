import WSDeflate
import WSProtocol
import WSScenario
import WSTranscript

/// A message that shows by its octets what went wrong when it was compressed, or was not.
///
/// A message that cannot be inflated, or that is no text, may be so for many reasons. Its octets are compared with what
/// a peer would have sent if it had made one mistake alone; where they fit, the finding names that.
struct CompressionMistake: Sendable, Hashable {
    /// What was done wrong.
    enum Kind: Sendable, Hashable {
        /// RSV1 is set, and the payload is the content as it is.
        case notCompressed
        /// RSV1 is not set, and the payload is the content compressed.
        case unmarked
        /// 00 00 FF FF was removed from the end of fragments that are not the last one.
        case tailsOfFragments
    }

    /// The longest message that is looked at, in octets.
    fileprivate static let longest = 131_072

    /// What a message breaks as it is read that came about by such a mistake.
    static let violations: Set<ViolationRule> = [.invalidDeflate, .invalidUTF8, .truncatedUTF8]

    /// What was done wrong.
    var kind: Kind
    /// The octets of the message.
    var evidence: Evidence

    /// The requirement that the sender broke.
    var requirement: String {
        switch kind {
        case .notCompressed: "RFC7692-6.1-02"
        case .unmarked: "RFC7692-6.1-01"
        case .tailsOfFragments: "RFC7692-7.2.1-08"
        }
    }

    /// The name of its kind of finding.
    var name: String {
        switch kind {
        case .notCompressed: "not-compressed"
        case .unmarked: "unmarked"
        case .tailsOfFragments: "tails-of-fragments"
        }
    }

    /// What the peer did, in words.
    var sentence: String {
        switch kind {
        case .notCompressed: "set RSV1 on a message that is not compressed (RFC 7692, 6.1)"
        case .unmarked: "sent a compressed message without RSV1 (RFC 7692, 6.1)"
        case .tailsOfFragments:
            "removed 00 00 FF FF from the end of a fragment that is not the last one of its message (RFC 7692, 7.2.1)"
        }
    }

    /// The first mistake in a conversation; nil if none can be told from the octets.
    ///
    /// - Parameters:
    ///   - timeline: The conversation, with the frames that came.
    ///   - transcript: Its octets.
    ///   - scenario: What the peer may have meant to send.
    /// - Returns: The mistake.
    static func first(in timeline: Timeline, _ transcript: Transcript, of scenario: Scenario) -> Self? {
        guard timeline.negotiation.compression != nil, timeline.hasStrangeMessage else { return nil }
        let payloads = scenario.referencePayloads
        let sent = scenario.compressedPayloads
        for message in timeline.rawMessages {
            guard let frames = message.payloads(in: transcript, payloads) else { return nil }
            guard let kind = kind(of: frames, isMarked: message.isMarked, payloads) else { continue }
            // Who does not inflate what came sends it back as it is.
            if kind == .unmarked, sent.contains(frames.flatMap(\.self)) { continue }
            return Self(kind: kind, evidence: message.evidence)
        }
        return nil
    }

    private static func kind(of frames: [[UInt8]], isMarked: Bool, _ payloads: [Payload]) -> Kind? {
        let whole = frames.flatMap(\.self)
        func isMeant(_ content: [UInt8]) -> Bool {
            // Short content may be anything.
            content.count >= 4 && payloads.contains { $0.count == content.count && $0.octets == content }
        }
        guard isMarked else { return inflated(whole).map(isMeant) == true && !isMeant(whole) ? .unmarked : nil }
        if isMeant(whole) { return .notCompressed }
        guard frames.count > 1, inflated(whole).map(isMeant) != true else { return nil }
        let mended = frames.dropLast().flatMap { $0 + [0x00, 0x00, 0xFF, 0xFF] } + (frames.last ?? [])
        return inflated(mended).map(isMeant) == true ? .tailsOfFragments : nil
    }

    /// What a payload has inflated by itself; nil if it cannot be inflated.
    private static func inflated(_ payload: [UInt8]) -> [UInt8]? {
        var inflater = Inflater(contentLimit: longest)
        var content: [UInt8] = []
        inflater.inflate(payload.span, into: &content)
        return inflater.endMessage(into: &content).failure == nil ? content : nil
    }
}

/// The frames of a message as they came.
private struct RawMessage {
    let isMarked: Bool
    /// The octets of the frames so far.
    private(set) var evidence: Evidence
    private var frames: [(header: FrameHeader, offset: UInt64)] = []

    /// Begins a message with its first frame.
    init(_ header: FrameHeader, _ evidence: Evidence) {
        isMarked = header.rsv & 4 != 0
        self.evidence = evidence
        frames = [(header, evidence.offset)]
    }

    /// Adds a frame that continues it.
    mutating func append(_ header: FrameHeader, _ evidence: Evidence) {
        frames.append((header, evidence.offset))
        self.evidence.length = evidence.offset + evidence.length - self.evidence.offset
    }

    /// The payload of each frame; nil if they are too long, or not all there.
    func payloads(in transcript: Transcript, _ payloads: [Payload]) -> [[UInt8]]? {
        guard evidence.length <= UInt64(CompressionMistake.longest) else { return nil }
        let octets = transcript.received(from: evidence.offset, to: evidence.offset + evidence.length, payloads)
        guard octets.count == Int(evidence.length) else { return nil }
        return frames.map { header, offset in
            let start = Int(offset - evidence.offset) + header.encodedLength
            var payload = Array(octets[start..<start + Int(header.payloadLength)])
            header.maskingKey?.apply(to: &payload)
            return payload
        }
    }
}

extension Scenario {
    /// The payloads of the compressed messages that the script sends frame by frame.
    fileprivate var compressedPayloads: Set<[UInt8]> {
        var payloads: Set<[UInt8]> = []
        var open: [UInt8]?
        for case .send(let frame) in script where !frame.opcode.isControl {
            if frame.opcode != .continuation { open = frame.rsv & 4 != 0 ? [] : nil }
            guard let start = open, start.count + frame.payload.count <= CompressionMistake.longest else {
                open = nil
                continue
            }
            open = start + frame.payload.octets
            if frame.fin, let whole = open.take() { payloads.insert(whole) }
        }
        return payloads
    }
}

extension Timeline {
    /// Whether a message cannot be read, or is none that was asked for.
    fileprivate var hasStrangeMessage: Bool {
        entries.contains { entry in
            switch entry.kind {
            case .violation(let violation): CompressionMistake.violations.contains(violation.rule)
            case .message(let message): message.payload == nil && message.deflated == nil
            default: false
            }
        }
    }

    /// The first messages, of which all frames are known.
    fileprivate var rawMessages: [RawMessage] {
        var messages: [RawMessage] = []
        var open: RawMessage?
        for entry in entries {
            guard case .frame(let header) = entry.kind, let evidence = entry.evidence, !header.opcode.isControl else {
                continue
            }
            guard evidence.length < UInt64(CompressionMistake.longest) else { return messages }
            if header.opcode == .continuation {
                open?.append(header, evidence)
            } else {
                open = RawMessage(header, evidence)
            }
            guard let message = open else { return messages }
            guard header.fin else { continue }
            open = nil
            messages.append(message)
            if messages.count == Self.mostMessagesLookedAt { break }
        }
        return messages
    }

    private static let mostMessagesLookedAt = 8
}

extension Transcript {
    /// The octets that the peer sent between two offsets, without those of which only a summary is kept.
    fileprivate func received(from start: UInt64, to end: UInt64, _ payloads: [Payload]) -> [UInt8] {
        var octets: [UInt8] = []
        for event in events {
            guard case .received(let offset, let parts) = event.kind else { continue }
            var place = offset
            for part in parts {
                defer { place += UInt64(part.count) }
                guard place < end, place + UInt64(part.count) > start else { continue }
                let from = Int(max(start, place) - place)
                let to = Int(min(end, place + UInt64(part.count)) - place)
                switch part {
                case .octets(let content): octets += content[from..<to]
                case .sidecar(let position, _):
                    octets += sidecar?.read(position: position + from, length: to - from) ?? []
                case .payload(let index, let first, _):
                    guard payloads.indices.contains(index), first >= 0, first + to <= payloads[index].count else {
                        break
                    }
                    payloads[index].append(first + from..<first + to, to: &octets)
                case .message: break
                }
            }
        }
        return octets
    }
}
