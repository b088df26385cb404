/// The four bits of a frame that say how its payload is to be read (RFC 6455 section 5.2).
public struct Opcode: RawRepresentable, Sendable, Hashable, Codable {
    /// The value on the wire, 0 to 15.
    public let rawValue: UInt8

    /// The opcode in the low four bits; the high four are dropped.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 0x0F
    }

    /// %x0, a further fragment of a message (RFC 6455 section 5.2).
    public static let continuation = Opcode(rawValue: 0x0)
    /// %x1, text data (RFC 6455 section 5.6).
    public static let text = Opcode(rawValue: 0x1)
    /// %x2, binary data (RFC 6455 section 5.6).
    public static let binary = Opcode(rawValue: 0x2)
    /// %x8, a connection close (RFC 6455 section 5.5.1).
    public static let close = Opcode(rawValue: 0x8)
    /// %x9, a ping (RFC 6455 section 5.5.2).
    public static let ping = Opcode(rawValue: 0x9)
    /// %xA, a pong (RFC 6455 section 5.5.3).
    public static let pong = Opcode(rawValue: 0xA)

    /// Whether the most significant bit is set, reserved control opcodes included (RFC 6455 section 5.5).
    public var isControl: Bool { rawValue & 0x8 != 0 }

    /// Whether no meaning is defined: %x3-7 and %xB-F (RFC 6455 section 5.2).
    public var isReserved: Bool { rawValue & 0x7 > 2 }

    /// The RFC's word for it, such as "text", or "reserved 0x3".
    public var name: String {
        switch self {
        case .continuation: "continuation"
        case .text: "text"
        case .binary: "binary"
        case .close: "close"
        case .ping: "ping"
        case .pong: "pong"
        default: "reserved 0x" + String(rawValue, radix: 16)
        }
    }
}
