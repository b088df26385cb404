/// The payload of a Close frame: nothing, or a status code and a reason (RFC 6455 section 5.5.1).
public struct CloseBody: Sendable, Hashable {
    /// The status code, if the payload has room for one.
    public var code: UInt16?
    /// The bytes after the code, meant to be UTF-8; without a code, the lone byte of a malformed body.
    public var reason: [UInt8]

    /// A body with the code and the reason, or an empty one.
    public init(code: UInt16? = nil, reason: [UInt8] = []) {
        self.code = code
        self.reason = reason
    }

    /// Reads a payload; a body of one byte becomes a reason without a code.
    public static func decode(_ payload: [UInt8]) -> CloseBody {
        guard payload.count >= 2 else { return CloseBody(reason: payload) }
        return CloseBody(code: UInt16(payload[0]) << 8 | UInt16(payload[1]), reason: Array(payload[2...]))
    }

    /// The octets of the payload.
    public var encoded: [UInt8] {
        guard let code else { return reason }
        return [UInt8(code >> 8), UInt8(truncatingIfNeeded: code)] + reason
    }

    /// Whether there is no body at all, which is legal.
    public var isEmpty: Bool { code == nil && reason.isEmpty }

    /// Whether the body is a single byte, too short for a status code.
    public var isOneByte: Bool { code == nil && reason.count == 1 }

    /// The reason as text, or nil if it is not UTF-8.
    public var reasonText: String? { String(validating: reason, as: UTF8.self) }
}
