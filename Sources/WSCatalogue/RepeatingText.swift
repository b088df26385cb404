import WSScenario

/// Texts that compress well in a known way, made of letters that a generator gives.
enum RepeatingText {
    /// A text that repeats itself a little more than a window back, where a compressor with a larger one refers to.
    ///
    /// Beyond the largest window nothing can refer; there the text repeats itself as far back as zlib looks.
    static func beyond(windowBits: Int) -> Payload {
        let window = 1 << windowBits
        let period = windowBits < 15 ? window + 44 : window - 300
        return .repeating(unit: letters(period, seed: UInt64(windowBits)), length: 2 * period + 500)
    }

    /// A text of some sentences, in which an earlier message of the same text is worth referring to.
    static let sentences = Payload.octets(letters(1500, seed: 7))

    /// Letters in words, without a repetition that is worth much.
    static func letters(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1
        return (0..<count).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return index % 7 == 6 ? 0x20 : 0x61 + UInt8(truncatingIfNeeded: (state >> 33) % 26)
        }
    }

    /// Octets in which a compressor finds nothing.
    static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x0FED_CBA9_8765_4321
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 41)
        }
    }
}
