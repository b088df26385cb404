public import WSDeflate

/// Inflates compressed messages (RFC 7692 section 7.2.2), and observes what they are made of.
///
/// It inflates more than was agreed on: the context of earlier messages is always kept and distances beyond the agreed
/// window are followed. So a sender that breaks its promise is seen to do so, and its content can still be compared.
public struct DeflateDecoder: MessageDecoder {
    /// What the compressed message that ended or failed last is made of; nil before the first one.
    public private(set) var deflated: DeflatedMessage?

    private var inflater: Inflater
    /// Whether the inflater has begun a message that has not ended.
    private var isOpen = false

    /// Creates a decoder before the first message of an endpoint.
    ///
    /// - Parameters:
    ///   - parameters: What the handshake agreed on.
    ///   - sender: The endpoint whose messages are inflated.
    ///   - contentLimit: How many octets a message may have inflated; the rest of it is dropped.
    public init(_ parameters: DeflateParameters, sender: Role, contentLimit: Int = .max) {
        inflater = Inflater(windowBits: parameters.windowBits(of: sender), contentLimit: contentLimit)
    }

    /// Continues as if a compressed message with this content had been decoded.
    public mutating func skipMessage(_ content: Span<UInt8>) {
        if isOpen { abandon() }
        isOpen = false
        inflater.adopt(content)
    }

    /// Begins a message; it is compressed if its first frame has RSV1 (RFC 7692 section 6).
    public mutating func begin(_ header: FrameHeader) -> Bool {
        // A message that failed, or in which another one began, is over.
        if isOpen { abandon() }
        isOpen = header.rsv & 4 != 0
        deflated = nil
        return isOpen
    }

    /// Inflates payload and appends its content, as ``MessageDecoder`` says.
    public mutating func decode(
        _ payload: Span<UInt8>,
        limit: Int,
        into content: inout [UInt8]
    ) throws(MessageDecodingError) -> Int {
        let used = inflater.inflate(payload, limit: limit, into: &content)
        try check()
        return used
    }

    /// Appends the content that the end of the payload still gives, as ``MessageDecoder`` says.
    public mutating func finish(limit: Int, into content: inout [UInt8]) throws(MessageDecodingError) -> Bool {
        let before = content.count
        let none: [UInt8] = []
        _ = inflater.inflate(none.span, limit: limit, into: &content)
        try check()
        guard content.count == before else { return false }
        isOpen = false
        deflated = inflater.endMessage(into: &content)
        if let failure = deflated?.failure, failure.kind != .contentLimit { throw Self.error(failure) }
        return true
    }

    private mutating func check() throws(MessageDecodingError) {
        guard let failure = inflater.message.failure else { return }
        deflated = inflater.message
        if failure.kind != .contentLimit { throw Self.error(failure) }
    }

    private mutating func abandon() {
        var rest: [UInt8] = []
        _ = inflater.endMessage(into: &rest)
    }

    private static func error(_ failure: InflateFailure) -> MessageDecodingError {
        MessageDecodingError(.invalidDeflate, failure.description)
    }
}
