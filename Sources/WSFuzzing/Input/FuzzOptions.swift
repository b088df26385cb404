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
