package import WSProtocol

/// The options that an input begins with: octets of seven bits, the top bit saying that another one follows.
///
/// Zero in all of them, or no octet at all, is the default. A new option takes a bit that no input has used, with zero
/// for what was done before; so saved inputs keep their meaning for good.
package struct FuzzOptions: Sendable, Hashable {
    /// The bits of the octets, the first one's lowest.
    package var bits: UInt32

    /// Options with the bits.
    package init(bits: UInt32 = 0) {
        self.bits = bits & 0x0FFF_FFFF
    }

    /// Who sent the stream: bit 0 is set for a server.
    package var sender: Role {
        get { bits & 1 == 0 ? .client : .server }
        set { bits = newValue == .client ? bits & ~1 : bits | 1 }
    }

    /// Whether RSV1 has a meaning on first frames, as with a negotiated extension: bit 1.
    package var permitsRSV1: Bool {
        get { bits & 2 != 0 }
        set { bits = newValue ? bits | 2 : bits & ~2 }
    }

    /// Whether the stream is also fed one octet at a time: bit 2.
    package var drips: Bool {
        get { bits & 4 != 0 }
        set { bits = newValue ? bits | 4 : bits & ~4 }
    }

    /// The largest message that a receiver takes: bits 3 and 4.
    package var maximumMessage: UInt64 {
        switch bits >> 3 & 3 {
        case 0: 1 << 20
        case 1: 125
        case 2: 1000
        default: 65_536
        }
    }

    /// Reads the options at the start of an input and moves the position behind them.
    package static func read(_ input: Span<UInt8>, at position: inout Int) -> FuzzOptions {
        var bits: UInt32 = 0
        var shift: UInt32 = 0
        while position < input.count {
            let octet = input[position]
            position += 1
            // Of more octets than there are bits, the rest is skipped.
            if shift < 28 { bits |= UInt32(octet & 0x7F) << shift }
            shift = min(shift + 7, 28)
            if octet & 0x80 == 0 { break }
        }
        return FuzzOptions(bits: bits)
    }

    /// Appends the octets of the options, at least one.
    package func append(to octets: inout [UInt8]) {
        var rest = bits
        while rest > 0x7F {
            octets.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        octets.append(UInt8(truncatingIfNeeded: rest))
    }
}
