/// The rules for octets after the opening handshake whose violation shows in one direction alone.
public enum ViolationRule: String, CaseIterable, Sendable, Hashable, Codable {
    /// A frame of the server is masked.
    case maskedServerFrame = "masked-server-frame"
    /// A frame of the client is not masked.
    case unmaskedClientFrame = "unmasked-client-frame"
    /// A reserved bit is set that no negotiated extension defines there.
    case reservedBits = "reserved-bits"
    /// The opcode has no defined meaning.
    case reservedOpcode = "reserved-opcode"
    /// A control frame has FIN clear.
    case fragmentedControl = "fragmented-control"
    /// A control frame declares more than 125 payload bytes.
    case oversizedControl = "oversized-control"
    /// A continuation frame has no message to continue.
    case continuationWithoutStart = "continuation-without-start"
    /// A text or binary frame stands inside a fragmented message.
    case dataFrameInsideMessage = "data-frame-inside-message"
    /// The payload length is not in its shortest form.
    case nonMinimalLength = "non-minimal-length"
    /// The most significant bit of a 64-bit length is set.
    case lengthTopBit = "length-top-bit"
    /// A text message holds a byte that UTF-8 cannot have there.
    case invalidUTF8 = "invalid-utf8"
    /// A text message ends inside a UTF-8 sequence.
    case truncatedUTF8 = "truncated-utf8"
    /// The payload of a compressed message is no valid DEFLATE stream.
    case invalidDeflate = "invalid-deflate"
    /// A Close frame has a body of one byte.
    case closeBodyOneByte = "close-body-one-byte"
    /// A Close frame carries a code below 1000.
    case closeCodeUnused = "close-code-unused"
    /// A Close frame carries 1004.
    case closeCodeReserved = "close-code-reserved"
    /// A Close frame carries 1005.
    case closeCodeNoStatus = "close-code-no-status"
    /// A Close frame carries 1006.
    case closeCodeAbnormal = "close-code-abnormal"
    /// A Close frame carries 1015.
    case closeCodeTLSHandshake = "close-code-tls-handshake"
    /// A server's Close frame carries 1010.
    case closeCodeForClientsOnly = "close-code-for-clients-only"
    /// A Close frame carries a code of 1016 to 2999, none of which is defined.
    case closeCodeUndefined = "close-code-undefined"
    /// A Close frame carries a code above 4999.
    case closeCodeOutOfRange = "close-code-out-of-range"
    /// The reason of a Close frame is not UTF-8.
    case closeReasonNotUTF8 = "close-reason-not-utf8"
    /// A data frame follows the sender's own Close frame.
    case dataAfterClose = "data-after-close"

    /// The id of the requirement the sender did not meet, in the requirement table.
    public var requirement: String {
        switch self {
        case .maskedServerFrame: "RFC6455-5.1-05"
        case .unmaskedClientFrame: "RFC6455-5.1-01"
        case .reservedBits: "RFC6455-5.2-02"
        // 5.2 addresses the receiver; a sender may use such opcodes only with a negotiated extension.
        case .reservedOpcode: "RFC6455-5.8-01"
        case .fragmentedControl: "RFC6455-5.4-05"
        case .oversizedControl: "RFC6455-5.5-01"
        case .continuationWithoutStart: "RFC6455-5.4-02"
        case .dataFrameInsideMessage: "RFC6455-5.4-07"
        case .nonMinimalLength: "RFC6455-5.2-10"
        case .lengthTopBit: "RFC6455-5.2-09"
        case .invalidUTF8, .truncatedUTF8: "RFC6455-5.6-01"
        case .invalidDeflate: "RFC7692-7.2.1-01"
        case .closeBodyOneByte: "RFC6455-5.5.1-02"
        case .closeCodeUnused: "RFC6455-7.4.2-01"
        case .closeCodeReserved: "RFC6455-7.4.1-02"
        case .closeCodeNoStatus: "RFC6455-7.4.1-03"
        case .closeCodeAbnormal: "RFC6455-7.4.1-04"
        case .closeCodeTLSHandshake: "RFC6455-7.4.1-05"
        case .closeCodeForClientsOnly: "RFC6455-7.4.1-11"
        case .closeCodeUndefined: "RFC6455-7.4.2-02"
        case .closeCodeOutOfRange: "RFC6455-7.4.2-05"
        case .closeReasonNotUTF8: "RFC6455-7.1.6-01"
        case .dataAfterClose: "RFC6455-5.5.1-06"
        }
    }

    /// The id of the requirement that a receiver violates by ignoring this violation.
    ///
    /// If no rule says what the receiver does, it is that incoming data is always validated (RFC 6455, 10.7).
    public var requirementOfReceivers: String {
        switch self {
        case .maskedServerFrame: "RFC6455-5.1-06"
        case .unmaskedClientFrame: "RFC6455-5.1-03"
        case .reservedBits: "RFC6455-5.2-03"
        case .reservedOpcode: "RFC6455-5.2-05"
        case .continuationWithoutStart: "RFC6455-5.4-02"
        case .nonMinimalLength: "RFC6455-5.2-11"
        case .invalidUTF8, .truncatedUTF8: "RFC6455-8.1-01"
        case .invalidDeflate: "RFC7692-7.2.2-11"
        case .closeReasonNotUTF8: "RFC6455-8.1-02"
        case .fragmentedControl, .oversizedControl, .dataFrameInsideMessage, .lengthTopBit, .closeBodyOneByte,
            .closeCodeUnused, .closeCodeReserved, .closeCodeNoStatus, .closeCodeAbnormal, .closeCodeTLSHandshake,
            .closeCodeForClientsOnly, .closeCodeUndefined, .closeCodeOutOfRange, .dataAfterClose:
            "RFC6455-10.7-01"
        }
    }

    /// The status code that fits the receiver's Close frame: 1007 for bad text or DEFLATE, else 1002 (section 7.4.1).
    public var closeCode: UInt16 {
        switch self {
        case .invalidUTF8, .truncatedUTF8, .invalidDeflate, .closeReasonNotUTF8: CloseCode.invalidData
        default: CloseCode.protocolError
        }
    }

    /// One clause that says what is wrong.
    public var summary: String {
        switch self {
        case .maskedServerFrame: "a server's frame is masked"
        case .unmaskedClientFrame: "a client's frame is not masked"
        case .reservedBits: "a reserved bit without a meaning is set"
        case .reservedOpcode: "the opcode is reserved"
        case .fragmentedControl: "a control frame is fragmented"
        case .oversizedControl: "a control frame has more than 125 payload bytes"
        case .continuationWithoutStart: "a continuation frame has no message to continue"
        case .dataFrameInsideMessage: "a new message begins inside a fragmented one"
        case .nonMinimalLength: "the payload length is not in its shortest form"
        case .lengthTopBit: "the top bit of a 64-bit payload length is set"
        case .invalidUTF8: "a text message is not UTF-8"
        case .truncatedUTF8: "a text message ends inside a UTF-8 sequence"
        case .invalidDeflate: "a compressed message is no valid DEFLATE stream"
        case .closeBodyOneByte: "a Close frame has a body of one byte"
        case .closeCodeUnused: "a Close frame carries a code below 1000"
        case .closeCodeReserved: "a Close frame carries the reserved code 1004"
        case .closeCodeNoStatus: "a Close frame carries the local code 1005"
        case .closeCodeAbnormal: "a Close frame carries the local code 1006"
        case .closeCodeTLSHandshake: "a Close frame carries the local code 1015"
        case .closeCodeForClientsOnly: "a server's Close frame carries 1010, which is for clients"
        case .closeCodeUndefined: "a Close frame carries a code that is not defined"
        case .closeCodeOutOfRange: "a Close frame carries a code above 4999"
        case .closeReasonNotUTF8: "the reason of a Close frame is not UTF-8"
        case .dataAfterClose: "a data frame follows a Close frame"
        }
    }
}
