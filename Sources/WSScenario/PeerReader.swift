package import WSProtocol

/// Reads what the peer sends, and compares each message with the payloads of a scenario while it passes by.
///
/// The runner reads with it what comes, and the judge what was recorded, so that both see the same.
package struct PeerReader: Sendable {
    /// What is known of the open message, or of the one that has just ended.
    private struct Comparison: Sendable {
        var matcher: MessageMatcher
        var preview: [UInt8] = []
        var previewLength: Int

        /// Compares octets, keeps the first of them, and returns the index of a payload that equals everything so far.
        mutating func take(_ octets: Span<UInt8>) -> Int? {
            for index in 0..<min(octets.count, previewLength - preview.count) { preview.append(octets[index]) }
            return matcher.match(octets)
        }

        mutating func restart() {
            matcher.restart()
            if !preview.isEmpty { preview.removeAll(keepingCapacity: true) }
        }
    }

    /// What the opening handshake has settled.
    package var negotiation: Negotiation {
        get { messages.negotiation }
        set { messages.negotiation = newValue }
    }

    private let payloads: [Payload]
    private var messages: MessageReader
    private var comparison: Comparison
    /// Which payload equals the open message up to the piece of content that came last, and where that piece stands.
    package private(set) var match: (payload: Int, start: Int)?

    /// Creates a reader that begins right after the peer's part of the opening handshake.
    ///
    /// - Parameters:
    ///   - sender: the peer.
    ///   - negotiation: what the handshake has settled.
    ///   - streamOffset: where the first octet of the first frame stands.
    ///   - payloads: what messages are compared with.
    ///   - previewLength: how many octets of each message are kept.
    package init(
        sender: Role,
        negotiation: Negotiation = Negotiation(),
        streamOffset: UInt64 = 0,
        comparing payloads: [Payload],
        previewLength: Int = 0
    ) {
        self.payloads = payloads
        messages = MessageReader(sender: sender, negotiation: negotiation, streamOffset: streamOffset)
        comparison = Comparison(matcher: MessageMatcher(payloads), previewLength: previewLength)
    }

    /// The index of the payload that the message which has just ended equals.
    package var equalPayload: Int? { comparison.matcher.completed }

    /// The first octets of the message that has just ended.
    package var preview: [UInt8] { comparison.preview }

    /// Whether a frame has begun and has not ended.
    package var isInsideFrame: Bool { messages.isInsideFrame }

    /// Returns the next event and moves the position over the octets that led to it; nil once all are used up.
    package mutating func next(in bytes: Span<UInt8>, at position: inout Int) -> MessageEvent? {
        let event = messages.next(in: bytes, at: &position)
        switch event {
        case .frame(let header, _) where header.opcode == .text || header.opcode == .binary: comparison.restart()
        case .content(let content): compare(content, in: bytes)
        default: break
        }
        return event
    }

    /// Compares a piece; what a server masks equals nothing, because it had to send it as it is.
    private mutating func compare(_ content: MessageContent, in bytes: Span<UInt8>) {
        let equal: Int?
        if content.maskingKey != nil, messages.sender == .server {
            comparison.matcher.fail()
            equal = comparison.take(bytes.extracting(content.chunk))
        } else {
            equal = messages.read(content, in: bytes, into: &comparison) { $0.take($1) }
        }
        // What a decoder has made does not stand on the wire, so that nothing there can be referred to.
        guard let equal, !content.isDecoded else {
            match = nil
            return
        }
        match = (equal, comparison.matcher.matched(of: equal) - content.count)
    }

    /// Goes on as if octets of a payload had been fed, which a transcript refers to; what they complete is due then.
    ///
    /// Where they do not fit what came before, the transcript is of another catalogue, and the message equals nothing.
    package mutating func skip(payload index: Int, start: Int, length: Int) {
        guard payloads.indices.contains(index), start >= 0, length > 0, start <= payloads[index].count,
            length <= payloads[index].count - start, UInt64(length) <= messages.skippablePayload
        else { return comparison.matcher.fail() }
        let wanted = min(length, comparison.previewLength - comparison.preview.count)
        if wanted > 0 { payloads[index].append(start..<start + wanted, to: &comparison.preview) }
        comparison.matcher.skip(length, of: index)
        var tail: [UInt8] = []
        payloads[index].append(max(0, start + length - 4)..<start + length, to: &tail)
        messages.skipPayload(UInt64(length), endingWith: tail)
    }
}
