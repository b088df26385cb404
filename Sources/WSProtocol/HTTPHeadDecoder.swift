import WSLimits

/// Separates an HTTP/1.1 head from a byte stream, with any errors it has, and keeps its bytes.
///
/// The head ends with its first empty line. After `complete` the decoder is ready for another head, because interim
/// responses (RFC 9110 section 15.2) may come before the final one. The other two outcomes are final.
public struct HTTPHeadDecoder: Sendable {
    /// The result of feeding bytes.
    public enum Outcome: Sendable, Hashable {
        /// All bytes are used, and the head is not complete.
        case needMore
        /// The head is complete; that many bytes of the span belong to it.
        case complete(HTTPHead, consumed: Int)
        /// The head is longer than the limit.
        case tooLarge(limit: Int)
        /// The byte at this offset from the start of the head shows that this is not HTTP/1.
        case notHTTP(at: Int)
    }

    private static let responsePrefix = Array("HTTP/".utf8)

    /// The head's bytes so far.
    public private(set) var received: [UInt8] = []

    private let kind: HTTPHead.Kind
    private let limit: Int
    private var failure: Outcome?
    /// Where the current line begins.
    private var lineStart = 0
    private var hasStartLine = false
    /// Whether the bytes so far are certainly HTTP.
    private var isHTTP = false

    /// The octets that a head may have unless another limit is given.
    public static let usualLimit = Limits.head.value

    /// A decoder for heads of one direction, which refuses those of more than `limit` bytes.
    public init(expecting kind: HTTPHead.Kind, limit: Int = HTTPHeadDecoder.usualLimit) {
        self.kind = kind
        self.limit = limit
    }

    /// Takes the stream's next bytes, up to the end of the head.
    public mutating func feed(_ bytes: Span<UInt8>) -> Outcome {
        if let failure { return failure }
        for index in bytes.indices {
            if let outcome = take(bytes[index], consumed: index + 1) { return outcome }
        }
        return .needMore
    }

    private mutating func take(_ byte: UInt8, consumed: Int) -> Outcome? {
        guard received.count < limit else { return fail(.tooLarge(limit: limit)) }
        guard isHTTP || isPossible(byte) else { return fail(.notHTTP(at: received.count)) }
        received.append(byte)
        guard byte == HTTPGrammar.lineFeed else { return nil }
        var length = received.count - 1 - lineStart
        if length > 0, received[received.count - 2] == HTTPGrammar.carriageReturn { length -= 1 }
        lineStart = received.count
        if length > 0 { hasStartLine = true }
        guard length == 0, hasStartLine else { return nil }
        let head = HTTPHead(kind: kind, raw: received)
        self = HTTPHeadDecoder(expecting: kind, limit: limit)
        return .complete(head, consumed: consumed)
    }

    private mutating func fail(_ outcome: Outcome) -> Outcome {
        failure = outcome
        return outcome
    }

    /// Whether this byte can continue a head of this kind: "HTTP/" of a response, or the method of a request.
    private mutating func isPossible(_ byte: UInt8) -> Bool {
        switch kind {
        case .response:
            guard byte == Self.responsePrefix[received.count] else { return false }
            isHTTP = received.count + 1 == Self.responsePrefix.count
            return true
        case .request:
            let isLineBreak = byte == HTTPGrammar.carriageReturn || byte == HTTPGrammar.lineFeed
            if received.count == lineStart || received.last == HTTPGrammar.carriageReturn {
                return isLineBreak || HTTPGrammar.isTokenByte(byte)
            }
            isHTTP = isLineBreak || HTTPGrammar.isWhitespace(byte)
            return isHTTP || HTTPGrammar.isTokenByte(byte)
        }
    }
}
