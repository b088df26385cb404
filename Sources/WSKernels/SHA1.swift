/// The hash function SHA-1 (FIPS 180-4 section 6.1), only for protocols that require it; it is not secure.
package enum SHA1 {
    /// The 20 octets of the digest.
    package static func digest(_ bytes: Span<UInt8>) -> [UInt8] {
        var state: [5 of UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
        var block: [64 of UInt8] = .init(repeating: 0)
        var filled = 0
        for index in bytes.indices {
            block[filled] = bytes[index]
            filled += 1
            if filled == 64 {
                compress(block, into: &state)
                filled = 0
            }
        }
        // FIPS 180-4 section 5.1.1: a one bit, zero bits, and the length in bits as 64 bits fill the last block.
        block[filled] = 0x80
        filled += 1
        if filled > 56 {
            while filled < 64 {
                block[filled] = 0
                filled += 1
            }
            compress(block, into: &state)
            filled = 0
        }
        while filled < 56 {
            block[filled] = 0
            filled += 1
        }
        let bitCount = UInt64(bytes.count) &* 8
        for octet in 0..<8 {
            block[56 + octet] = UInt8(truncatingIfNeeded: bitCount >> (56 - 8 * UInt64(octet)))
        }
        compress(block, into: &state)

        var digest: [UInt8] = []
        digest.reserveCapacity(20)
        for index in state.indices {
            for shift in [24, 16, 8, 0] as [UInt32] { digest.append(UInt8(truncatingIfNeeded: state[index] >> shift)) }
        }
        return digest
    }

    /// Processes one block (FIPS 180-4 section 6.1.2).
    private static func compress(_ block: [64 of UInt8], into state: inout [5 of UInt32]) {
        var schedule: [80 of UInt32] = .init(repeating: 0)
        for step in 0..<16 {
            let high = UInt32(block[4 * step]) << 24 | UInt32(block[4 * step + 1]) << 16
            schedule[step] = high | UInt32(block[4 * step + 2]) << 8 | UInt32(block[4 * step + 3])
        }
        for step in 16..<80 {
            let mixed = schedule[step - 3] ^ schedule[step - 8] ^ schedule[step - 14] ^ schedule[step - 16]
            schedule[step] = rotateLeft(mixed, by: 1)
        }
        var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
        for step in 0..<80 {
            let (mix, constant): (UInt32, UInt32) =
                switch step {
                case 0..<20: ((b & c) | (~b & d), 0x5A82_7999)
                case 20..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                case 40..<60: ((b & c) | (b & d) | (c & d), 0x8F1B_BCDC)
                default: (b ^ c ^ d, 0xCA62_C1D6)
                }
            let next = rotateLeft(a, by: 5) &+ mix &+ e &+ constant &+ schedule[step]
            (a, b, c, d, e) = (next, a, rotateLeft(b, by: 30), c, d)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
    }

    private static func rotateLeft(_ word: UInt32, by bits: UInt32) -> UInt32 {
        word << bits | word >> (32 - bits)
    }
}
