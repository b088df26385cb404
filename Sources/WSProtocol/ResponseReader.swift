import WSLimits

/// Reads the answer to a request: interim responses, then the final one (RFC 9110 section 15.2).
///
/// Events are pulled. 101 is final, because it ends HTTP on the connection. After a 101 come frames, after any other
/// final response its content.
public struct ResponseReader: Sendable {
    /// An event of the reader.
    public enum Event: Sendable, Hashable {
        /// An interim response; the final one is still to come.
        case interim(HTTPHead)
        /// The final response; reading ends with it.
        case final(HTTPHead)
        /// The octets are not a response, or its head is too long; later octets give the same event.
        case notHTTP
    }

    /// How many interim responses came.
    public private(set) var interimCount = 0
    /// Whether the final response came.
    public private(set) var hasEnded = false

    private var head = HTTPHeadDecoder(expecting: .response)

    /// Creates a reader at the first octet of an answer.
    public init() {}

    /// Whether more interim responses came than an answer may have.
    public var hasTooManyInterim: Bool { interimCount > Limits.interimResponses.value }

    /// Returns the next event and advances the position over its octets.
    ///
    /// Nil means that all octets of the span are used, or that the final response came. After ``Event/notHTTP`` the
    /// position is the end of the span.
    public mutating func next(in bytes: Span<UInt8>, at position: inout Int) -> Event? {
        guard !hasEnded, position < bytes.count else { return nil }
        switch head.feed(bytes.extracting(position..<bytes.count)) {
        case .needMore:
            position = bytes.count
            return nil
        case .tooLarge, .notHTTP:
            position = bytes.count
            return .notHTTP
        case .complete(let response, let consumed):
            position += consumed
            if let status = StatusLine(response)?.code, (100..<200).contains(status), status != 101 {
                interimCount += 1
                return .interim(response)
            }
            hasEnded = true
            return .final(response)
        }
    }
}
