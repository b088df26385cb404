import WSKernels
import WSProtocol

/// Generates a client's masking keys and nonces (RFC 6455 sections 4.1 and 5.3).
struct MaskingKeys: Sendable {
    private var seeded: SplitMix64?
    private var count: UInt32 = 0
    private let defects: Set<ClientDefect>

    /// Creates a generator; without a seed it uses the system's randomness.
    init(seed: UInt64?, defects: Set<ClientDefect>) {
        seeded = seed.map { SplitMix64(seed: $0) }
        self.defects = defects
    }

    /// The key for the next frame, by its payload length in octets; nil if a defect leaves frames unmasked.
    mutating func next(payloadLength: Int) -> MaskingKey? {
        guard !defects.contains(.masksNothing) else { return nil }
        if defects.contains(.constantMaskingKey) { return MaskingKey(rawValue: 0x1234_5678) }
        if defects.contains(.countingMaskingKeys) {
            count += 1
            return MaskingKey(rawValue: count)
        }
        if defects.contains(.fewMaskingKeys) {
            count += 1
            return MaskingKey(rawValue: (count % 16 &+ 1) &* 0x9E37_79B9)
        }
        if defects.contains(.zeroKeyForEmptyFrames), payloadLength == 0 { return MaskingKey(rawValue: 0) }
        let key = UInt32(truncatingIfNeeded: number() >> 32)
        return MaskingKey(rawValue: defects.contains(.maskingKeysOf31Bits) ? key >> 1 : key)
    }

    /// This many unpredictable octets.
    mutating func octets(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: number() >> 32) }
    }

    private mutating func number() -> UInt64 {
        if seeded != nil { return seeded?.next() ?? 0 }
        var system = SystemRandomNumberGenerator()
        return system.next()
    }
}
