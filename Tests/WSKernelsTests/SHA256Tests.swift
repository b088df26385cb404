import Testing
import WSKernels

@Suite struct `SHA-256` {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
                + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
    ])
    func `The published vectors of FIPS 180 come out`(text: String, digest: String) {
        #expect(sha256(Array(text.utf8)) == digest)
    }

    @Test func `A million letters come out as published`() {
        #expect(
            sha256(Array(repeating: 0x61, count: 1_000_000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    @Test func `Every length around the block size agrees with an independent implementation`() {
        // The digests of the lengths 0 to 200, hashed once more; computed with Python's hashlib.
        var digests: [UInt8] = []
        for length in 0...200 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) }
            digests += SHA256.digest(bytes.span)
        }
        #expect(sha256(digests) == "3275febb4612d86d586eb9f11cd21e648a9fc7d95e0f6b8d362786e28c9c5b79")
    }

    private func sha256(_ bytes: [UInt8]) -> String { Hex.encode(SHA256.digest(bytes.span)) }
}
