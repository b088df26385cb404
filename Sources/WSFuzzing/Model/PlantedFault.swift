import WSProtocol

/// Faults that real parsers had; they are planted into ours to measure how soon they are found.
package enum PlantedFault: String, Sendable, Hashable, CaseIterable {
    /// The top bit of a 64-bit length is not checked.
    case lengthTopBitUnchecked = "length-top-bit-unchecked"
    /// A length need not have its shortest form.
    case minimalLengthUnchecked = "minimal-length-unchecked"
    /// The reserved bits of a continuation frame are not checked.
    case reservedBitsOfContinuation = "reserved-bits-of-continuation"
    /// A Close frame with a body of one octet is accepted.
    case oneByteCloseTaken = "one-byte-close-taken"
    /// Close codes of 1016 to 2999 are accepted.
    case undefinedCloseCodeTaken = "undefined-close-code-taken"
    /// A control frame of exactly 126 octets is accepted.
    case controlLimitOffByOne = "control-limit-off-by-one"
    /// A Pong frame may have FIN clear.
    case fragmentedPongTaken = "fragmented-pong-taken"
    /// A binary frame inside a fragmented message begins a new one.
    case binaryInsideMessageTaken = "binary-inside-message-taken"
    /// Text may end inside a UTF-8 sequence.
    case truncatedTextTaken = "truncated-text-taken"
    /// A control frame between fragments discards the message so far.
    case controlFrameResetsMessage = "control-frame-resets-message"
    /// The masking key starts again with each piece of a frame.
    case keyRestartsInEachPiece = "key-restarts-in-each-piece"
    /// An empty fragment discards the message so far.
    case emptyFragmentEndsMessage = "empty-fragment-ends-message"

    /// Whether a parser with the fault ignores this violation, in a frame with this header.
    func overlooks(_ violation: Violation, in header: FrameHeader?) -> Bool {
        switch self {
        case .lengthTopBitUnchecked: violation.rule == .lengthTopBit
        case .minimalLengthUnchecked: violation.rule == .nonMinimalLength
        case .reservedBitsOfContinuation: violation.rule == .reservedBits && header?.opcode == .continuation
        case .oneByteCloseTaken: violation.rule == .closeBodyOneByte
        case .undefinedCloseCodeTaken: violation.rule == .closeCodeUndefined
        case .controlLimitOffByOne: violation.rule == .oversizedControl && header?.payloadLength == 126
        case .fragmentedPongTaken: violation.rule == .fragmentedControl && header?.opcode == .pong
        case .binaryInsideMessageTaken: violation.rule == .dataFrameInsideMessage && header?.opcode == .binary
        case .truncatedTextTaken: violation.rule == .truncatedUTF8
        case .controlFrameResetsMessage, .keyRestartsInEachPiece, .emptyFragmentEndsMessage: false
        }
    }
}
