import Testing
import WSKernels

@Suite struct `SHA-1` {
    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "a49b2446a02c645bf419f995b67091253a04a259"
        ),
    ])
    func `The published vectors of FIPS 180 come out`(text: String, digest: String) {
        #expect(sha1(Array(text.utf8)) == digest)
    }

    @Test func `A million letters come out as published`() {
        #expect(sha1(Array(repeating: 0x61, count: 1_000_000)) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
    }

    @Test func `Every length around the block size agrees with an independent implementation`() {
        // The digests of the lengths 0 to 200, hashed once more; computed with Python's hashlib.
        var digests: [UInt8] = []
        for length in 0...200 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }
            digests += SHA1.digest(bytes.span)
        }
        #expect(sha1(digests) == "02d79069dc73ad0af03448abfaffbb710334f1e9")
    }

    private func sha1(_ bytes: [UInt8]) -> String { Hex.encode(SHA1.digest(bytes.span)) }
}
