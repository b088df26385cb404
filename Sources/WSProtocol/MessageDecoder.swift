public import WSDeflate

/// Decodes the payload of messages into their content, as a negotiated extension requires.
///
/// A decoder does no I/O. It returns the content in pieces, so that a short payload with a long content needs no more
/// memory than a piece. ``MessageReader`` calls `begin`, then `decode` for all payload, then `finish`.
public protocol MessageDecoder: Sendable {
    /// What the coded message that ended or failed last is made of; nil unless it was a compressed one.
    var deflated: DeflatedMessage? { get }

    /// Continues as if a coded message with this content had been decoded.
    mutating func skipMessage(_ content: Span<UInt8>)

    /// Begins a message with its first frame.
    ///
    /// - Returns: Whether this message is coded, which one of the negotiated reserved bits shows; otherwise its payload
    ///   is its content.
    mutating func begin(_ header: FrameHeader) -> Bool

    /// Decodes unmasked payload and appends content.
    ///
    /// - Parameters:
    ///   - payload: The payload that was not used yet; never empty.
    ///   - limit: The most octets to append.
    ///   - content: The content is appended to it.
    /// - Returns: How many octets of the payload were used. All of them, unless the limit was reached. If it uses none
    ///   and appends nothing, the rest of the payload is dropped.
    /// - Throws: The rule that the payload violates; the rest of the message is then ignored.
    mutating func decode(
        _ payload: Span<UInt8>,
        limit: Int,
        into content: inout [UInt8]
    ) throws(MessageDecodingError) -> Int

    /// Appends the remaining content after all payload was used, at most as much as the limit.
    ///
    /// - Returns: Whether nothing remains; if not, it is called again.
    /// - Throws: The rule that the end of the payload violates.
    mutating func finish(limit: Int, into content: inout [UInt8]) throws(MessageDecodingError) -> Bool
}

extension MessageDecoder {
    /// Nil, for extensions that do not compress.
    public var deflated: DeflatedMessage? { nil }

    /// Nothing, for extensions whose messages do not depend on each other.
    public mutating func skipMessage(_ content: Span<UInt8>) {}
}

/// The payload of a message does not conform to the negotiated extension.
public struct MessageDecodingError: Error, Hashable {
    /// The violated rule.
    public var rule: ViolationRule
    /// What was found, as the end of a sentence about the sender.
    public var detail: String

    /// Creates an error about this rule.
    public init(_ rule: ViolationRule, _ detail: String) {
        self.rule = rule
        self.detail = detail
    }
}
