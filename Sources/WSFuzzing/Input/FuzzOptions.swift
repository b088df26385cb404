package import WSProtocol

/// The options at the start of an input: octets of seven bits each; the top bit says that another octet follows.
///
/// Zero bits, or no octets, are the defaults. A new option takes an unused bit whose value zero keeps the old
/// behaviour, so that saved inputs keep their meaning.
package struct FuzzOptions: Sendable, Hashable {
    /// The bits; the first octet has the lowest ones.
    package var bits: UInt32

    /// Creates options.
    package init(bits: UInt32 = 0) {
        self.bits = bits & 0x0FFF_FFFF
    }

    /// The sender of the stream: a server if bit 0 is set.
    package var sender: Role {
        get { bits & 1 == 0 ? .client : .server }
        set { bits = newValue == .client ? bits & ~1 : bits | 1 }
    }

    /// Whether an extension that uses RSV1 was negotiated: bit 1.
    package var permitsRSV1: Bool {
        get { bits & 2 != 0 }
        set { bits = newValue ? bits | 2 : bits & ~2 }
    }

    /// Whether the stream is also fed one octet at a time: bit 2.
    package var drips: Bool {
        get { bits & 4 != 0 }
        set { bits = newValue ? bits | 4 : bits & ~4 }
    }

    /// The largest message that the receiver accepts: bits 3 and 4.
    package var maximumMessage: UInt64 {
        switch bits >> 3 & 3 {
        case 0: 1 << 20
        case 1: 125
        case 2: 1000
        default: 65_536
        }
    }

    /// What the sender agreed to of its compressed messages: bits 5 to 9; nil if it agreed to send none.
    package var compression: SenderCompression? {
        get {
            guard bits & 32 != 0 else { return nil }
            return SenderCompression(windowBits: 15 - Int(bits >> 6 & 7), keepsContext: bits & 512 == 0)
        }
        set {
            bits &= ~0x3E0
            guard let newValue else { return }
            bits |= 32 | UInt32(15 - newValue.windowBits) << 6 | (newValue.keepsContext ? 0 : 512)
        }
    }

    /// Reads the options at the start of an input and advances the position.
    package static func read(_ input: Span<UInt8>, at position: inout Int) -> FuzzOptions {
        var bits: UInt32 = 0
        var shift: UInt32 = 0
        while position < input.count {
            let octet = input[position]
            position += 1
            // Bits beyond the known ones are ignored.
            if shift < 28 { bits |= UInt32(octet & 0x7F) << shift }
            shift = min(shift + 7, 28)
            if octet & 0x80 == 0 { break }
        }
        return FuzzOptions(bits: bits)
    }

    /// Appends the encoded options, at least one octet.
    package func append(to octets: inout [UInt8]) {
        var rest = bits
        while rest > 0x7F {
            octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        octets.append(UInt8(truncatingIfNeeded: rest))
    }
}

/// What the sender of a stream agreed to of its compressed messages (RFC 7692 section 7.1).
package struct SenderCompression: Sendable, Hashable {
    /// The size of its window as a power of two, from 8 to 15.
    package var windowBits: Int
    /// Whether a message may refer to those before it.
    package var keepsContext: Bool

    /// Creates terms; the defaults are those of an answer without parameters.
    package init(windowBits: Int = 15, keepsContext: Bool = true) {
        self.windowBits = windowBits
        self.keepsContext = keepsContext
    }

    /// The parameters of a negotiation in which this role agreed to it.
    package func parameters(of sender: Role) -> DeflateParameters {
        var parameters = DeflateParameters()
        switch sender {
        case .client:
            parameters.clientMaxWindowBits = windowBits
            parameters.clientNoContextTakeover = !keepsContext
        case .server:
            parameters.serverMaxWindowBits = windowBits
            parameters.serverNoContextTakeover = !keepsContext
        }
        return parameters
    }
}
