/// The hash function SHA-256 (FIPS 180-4 section 6.2).
package enum SHA256 {
    /// The 32 octets of the digest.
    package static func digest(_ bytes: Span<UInt8>) -> [UInt8] {
        var state: [8 of UInt32] = [
            0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19,
        ]
        var start = 0
        while bytes.count - start >= 64 {
            compress(bytes, at: start, into: &state)
            start += 64
        }
        // FIPS 180-4 section 5.1.1: a one bit, zero bits, and the length in bits as 64 bits fill the last block.
        var rest: [UInt8] = []
        rest.reserveCapacity(128)
        for index in start..<bytes.count { rest.append(bytes[index]) }
        rest.append(0x80)
        while rest.count % 64 != 56 { rest.append(0) }
        let bitCount = UInt64(bytes.count) &* 8
        for shift in stride(from: 56, through: 0, by: -8) {
            rest.append(UInt8(truncatingIfNeeded: bitCount >> UInt64(shift)))
        }
        for block in stride(from: 0, to: rest.count, by: 64) { compress(rest.span, at: block, into: &state) }

        var digest: [UInt8] = []
        digest.reserveCapacity(32)
        for index in state.indices {
            for shift in [24, 16, 8, 0] as [UInt32] { digest.append(UInt8(truncatingIfNeeded: state[index] >> shift)) }
        }
        return digest
    }

    /// Processes the block of 64 octets from `start` on (FIPS 180-4 section 6.2.2).
    private static func compress(_ bytes: Span<UInt8>, at start: Int, into state: inout [8 of UInt32]) {
        var schedule: [64 of UInt32] = .init(repeating: 0)
        for step in 0..<16 {
            let at = start + 4 * step
            let high = UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16
            schedule[step] = high | UInt32(bytes[at + 2]) << 8 | UInt32(bytes[at + 3])
        }
        for step in 16..<64 {
            let (early, late) = (schedule[step - 15], schedule[step - 2])
            let first = rotateRight(early, by: 7) ^ rotateRight(early, by: 18) ^ early >> 3
            let second = rotateRight(late, by: 17) ^ rotateRight(late, by: 19) ^ late >> 10
            schedule[step] = schedule[step - 16] &+ first &+ schedule[step - 7] &+ second
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for step in 0..<64 {
            let mixedE = rotateRight(e, by: 6) ^ rotateRight(e, by: 11) ^ rotateRight(e, by: 25)
            let first = h &+ mixedE &+ ((e & f) ^ (~e & g)) &+ constants[step] &+ schedule[step]
            let mixedA = rotateRight(a, by: 2) ^ rotateRight(a, by: 13) ^ rotateRight(a, by: 22)
            let second = mixedA &+ ((a & b) ^ (a & c) ^ (b & c))
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ first, c, b, a, first &+ second)
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
        state[5] &+= f
        state[6] &+= g
        state[7] &+= h
    }

    /// The fractional parts of the cube roots of the first 64 primes (FIPS 180-4 section 4.2.2).
    private static let constants: [64 of UInt32] = [
        0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4, 0xAB1C_5ED5,
        0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE, 0x9BDC_06A7, 0xC19B_F174,
        0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F, 0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA,
        0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7, 0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967,
        0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC, 0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85,
        0xA2BF_E8A1, 0xA81A_664B, 0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070,
        0x19A4_C116, 0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
        0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7, 0xC671_78F2,
    ]

    private static func rotateRight(_ word: UInt32, by bits: UInt32) -> UInt32 {
        word >> bits | word << (32 - bits)
    }
}
