import Testing
import WSKernels

@Suite struct `Stable numbers` {
    @Test func `SplitMix64 gives the published sequence of seed 1234567`() {
        var random = SplitMix64(seed: 1_234_567)
        let numbers = (0..<5).map { _ in random.next() }
        #expect(
            numbers == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
    }

    @Test(
        arguments: [
            ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8),
        ] as [(String, UInt64)]
    )
    func `FNV-1a gives the published hashes`(text: String, hash: UInt64) {
        #expect(StableHash.fnv1a64(text.utf8) == hash)
        #expect(StableHash.fnv1a64(Array(text.utf8)) == hash)
    }
}
