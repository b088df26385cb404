/// Compresses the messages of one direction of a connection (RFC 7692 section 7.2.1), by zlib.
///
/// A message is given whole, or in pieces and then its end. What comes out is its payload, without the tail that
/// section 7.2.1 has a sender remove. A copy goes on by itself from where it was made. Each one has 256 KiB of state.
package struct Compressor: Sendable {
    /// How much work zlib does to make payloads shorter, unless told otherwise.
    package static let usualLevel = 6

    /// The payload of an empty message (RFC 7692 section 7.2.3.6): an empty stored block without its tail.
    package static let emptyMessage: [UInt8] = [0x00]

    private var stream: DeflateStream
    private let keepsContext: Bool
    /// Whether the message that has begun has any content so far.
    private var hasContent = false

    /// Creates a compressor before the first message.
    ///
    /// zlib has no window of 8 bits in this direction. With 9 bits its distances never exceed 250, so that they serve
    /// for an agreed window of 8 bits, too.
    ///
    /// - Parameters:
    ///   - windowBits: the agreed window's size as a power of two, from 8 to 15.
    ///   - keepsContext: whether a message may refer to those before it.
    ///   - level: how much work zlib does, from 0, which compresses nothing, to 9.
    package init(windowBits: Int = 15, keepsContext: Bool = true, level: Int = usualLevel) {
        stream = DeflateStream(windowBits: windowBits, level: level)
        self.keepsContext = keepsContext
    }

    /// Compresses a whole message and returns its payload.
    package mutating func compress(_ content: [UInt8]) -> [UInt8] {
        var payload: [UInt8] = []
        compress(content.span, into: &payload)
        return payload
    }

    /// Compresses a whole message and appends its payload.
    package mutating func compress(_ content: Span<UInt8>, into payload: inout [UInt8]) {
        append(content, into: &payload)
        endMessage(into: &payload)
    }

    /// Compresses the next octets of a message and appends what is known of its payload so far, which may be nothing.
    package mutating func append(_ piece: Span<UInt8>, into payload: inout [UInt8]) {
        guard !piece.isEmpty else { return }
        makeUnique()
        hasContent = true
        stream.deflate(piece, into: &payload)
    }

    /// Ends the message and appends the rest of its payload.
    package mutating func endMessage(into payload: inout [UInt8]) {
        // A second flush would write nothing, or what an empty message does not need.
        guard hasContent else { return payload.append(contentsOf: Self.emptyMessage) }
        makeUnique()
        hasContent = false
        stream.endMessage(into: &payload)
        if !keepsContext { stream.reset() }
    }

    /// Compresses one message that may refer to the content before it, and to nothing else.
    ///
    /// The payload is right wherever the receiver has exactly this content at the end of its window. So messages of a
    /// cycle, each compressed once after the one before it, can be sent in any number of rounds.
    ///
    /// - Parameters:
    ///   - content: the message.
    ///   - previous: the content of compressed messages right before it; the end of it where a window holds no more.
    ///   - windowBits: the agreed window's size as a power of two, from 8 to 15.
    ///   - level: how much work zlib does, from 0 to 9.
    /// - Returns: the payload.
    package static func compress(
        _ content: [UInt8],
        after previous: [UInt8],
        windowBits: Int = 15,
        level: Int = usualLevel
    ) -> [UInt8] {
        var compressor = Compressor(windowBits: windowBits, level: level)
        compressor.stream.setDictionary(previous.span)
        return compressor.compress(content)
    }

    private mutating func makeUnique() {
        if !isKnownUniquelyReferenced(&stream) { stream = DeflateStream(copying: stream) }
    }
}
