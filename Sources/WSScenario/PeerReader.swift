package import WSDeflate
package import WSProtocol

/// Reads the peer's messages and compares them with the payloads of a scenario as they arrive.
///
/// The runner reads received octets with it, and the judge recorded ones, so that both see the same.
package struct PeerReader: Sendable {
    /// The comparison of the open message, or of the one that has just ended.
    private struct Comparison: Sendable {
        var matcher: MessageMatcher
        var preview: [UInt8] = []
        var previewLength: Int

        /// Compares octets, keeps the first ones, and returns the index of a payload that equals everything so far.
        mutating func take(_ octets: Span<UInt8>) -> Int? {
            for index in 0..<min(octets.count, previewLength - preview.count) { preview.append(octets[index]) }
            return matcher.match(octets)
        }

        mutating func restart() {
            matcher.restart()
            if !preview.isEmpty { preview.removeAll(keepingCapacity: true) }
        }
    }

    /// What the opening handshake agreed on.
    package var negotiation: Negotiation {
        get { messages.negotiation }
        set { messages.negotiation = newValue }
    }

    private let payloads: [Payload]
    private var messages: MessageReader
    private var comparison: Comparison
    /// The payload that equals the open message so far, and the offset in it of the last piece of content.
    package private(set) var match: (payload: Int, start: Int)?

    /// Creates a reader that begins after the peer's part of the opening handshake.
    ///
    /// - Parameters:
    ///   - sender: The role of the peer.
    ///   - negotiation: What the handshake agreed on.
    ///   - streamOffset: The stream offset of the first frame.
    ///   - contentLimit: How many octets a compressed message may have inflated; the rest is not read.
    ///   - payloads: The payloads to compare messages with.
    ///   - previewLength: How many octets of each message are kept.
    package init(
        sender: Role,
        negotiation: Negotiation = Negotiation(),
        streamOffset: UInt64 = 0,
        contentLimit: Int = .max,
        comparing payloads: [Payload],
        previewLength: Int = 0
    ) {
        self.payloads = payloads
        messages = MessageReader(
            sender: sender,
            negotiation: negotiation,
            streamOffset: streamOffset,
            contentLimit: contentLimit
        )
        comparison = Comparison(matcher: MessageMatcher(payloads), previewLength: previewLength)
    }

    /// The index of the payload that equals the message that has just ended; nil if there is none.
    package var equalPayload: Int? { comparison.matcher.completed }

    /// What the message that has just ended is made of; nil if it was not compressed.
    package var deflated: DeflatedMessage? { messages.deflated }

    /// The first octets of the message that has just ended.
    package var preview: [UInt8] { comparison.preview }

    /// Whether a frame was begun and has not ended.
    package var isInsideFrame: Bool { messages.isInsideFrame }

    /// Returns the next event and advances the position over its octets; nil when all octets are used.
    package mutating func next(in bytes: Span<UInt8>, at position: inout Int) -> MessageEvent? {
        let event = messages.next(in: bytes, at: &position)
        switch event {
        case .frame(let header, _) where header.opcode == .text || header.opcode == .binary: comparison.restart()
        case .content(let content): compare(content, in: bytes)
        default: break
        }
        return event
    }

    /// Compares a piece of content; masked content of a server is never equal, because it must not be masked.
    private mutating func compare(_ content: MessageContent, in bytes: Span<UInt8>) {
        let equal: Int?
        if content.maskingKey != nil, messages.sender == .server {
            comparison.matcher.fail()
            equal = comparison.take(bytes.extracting(content.chunk))
        } else {
            equal = messages.read(content, in: bytes, into: &comparison) { $0.take($1) }
        }
        // Decoded content differs from the octets on the wire, so a record cannot refer to it.
        guard let equal, !content.isDecoded else {
            match = nil
            return
        }
        match = (equal, comparison.matcher.matched(of: equal) - content.count)
    }

    /// Continues as if the given octets of a payload had been read, to which a transcript refers.
    ///
    /// If they do not fit what came before, the transcript belongs to another catalogue, and the message equals
    /// nothing.
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

    /// Whether a message is open that can still become equal to a payload.
    package var isInsideExpectedMessage: Bool { messages.isInsideDataMessage && comparison.matcher.canMatch }

    /// Whether no frame and no message is open.
    package var isBetweenMessages: Bool { messages.isBetweenMessages }

    /// Continues as if the frames of a whole compressed message had been read whose content equals a payload.
    ///
    /// - Parameters:
    ///   - octets: The length of the frames in octets, headers included.
    ///   - index: The index of the payload.
    /// - Returns: Whether that is possible here; otherwise nothing was skipped.
    package mutating func skipMessage(octets: UInt64, equalTo index: Int) -> Bool {
        guard payloads.indices.contains(index), isBetweenMessages else { return false }
        var content: [UInt8] = []
        let count = payloads[index].count
        payloads[index].append(max(0, count - Self.window)..<count, to: &content)
        messages.skipMessage(octets: octets, content: content.span)
        return true
    }

    /// How much of the content of earlier messages later ones can refer to.
    private static let window = 32_768
}
