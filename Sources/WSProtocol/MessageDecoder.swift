/// Turns the payload of messages into their content, as a negotiated extension asks for.
///
/// A decoder does no I/O and hands its content out in pieces, so that a short payload with a long content needs no more
/// memory than a piece. ``MessageReader`` drives it: `begin`, then `decode` for all payload, then `finish`.
package protocol MessageDecoder: Sendable {
    /// Begins with a message at its first frame.
    ///
    /// - Returns: whether this message is coded, which a reserved bit of the negotiated ones tells; the payload of one
    ///   that is not is its content.
    mutating func begin(_ header: FrameHeader) -> Bool

    /// Takes unmasked payload and appends content.
    ///
    /// - Parameters:
    ///   - payload: what has come and has not been taken; never empty.
    ///   - limit: how many octets may be appended at most.
    ///   - content: where the content goes.
    /// - Returns: how many octets of the payload were taken. All of them, unless the limit was reached; where neither
    ///   payload is taken nor content appended, the rest of the payload is dropped.
    /// - Throws: the rule that the payload breaks; the rest of the message is then ignored.
    mutating func decode(
        _ payload: Span<UInt8>,
        limit: Int,
        into content: inout [UInt8]
    ) throws(MessageDecodingError) -> Int

    /// Appends the content that is left once all payload has been taken, at most as much as the limit says.
    ///
    /// - Returns: whether nothing is left; otherwise it is called again.
    /// - Throws: the rule that the end of the payload breaks.
    mutating func finish(limit: Int, into content: inout [UInt8]) throws(MessageDecodingError) -> Bool
}

/// The payload of a message is not what the negotiated extension defines.
package struct MessageDecodingError: Error, Hashable {
    /// The rule that is broken.
    package var rule: ViolationRule
    /// What was found, as the end of a sentence about the sender.
    package var detail: String

    /// An error that breaks the rule.
    package init(_ rule: ViolationRule, _ detail: String) {
        self.rule = rule
        self.detail = detail
    }
}
