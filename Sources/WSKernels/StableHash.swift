/// Hashes that are the same in every process, unlike those of `Hasher`.
package enum StableHash {
    /// The 64-bit FNV-1a hash.
    package static func fnv1a64(_ bytes: some Sequence<UInt8>) -> UInt64 {
        // Without contiguous storage, each byte costs a call.
        let hash = bytes.withContiguousStorageIfAvailable { buffer in
            let bytes = unsafe Span(_unsafeElements: buffer)
            return bytes.indices.reduce(offsetBasis) { combine($0, bytes[$1]) }
        }
        return hash ?? bytes.reduce(offsetBasis, combine)
    }

    private static let offsetBasis: UInt64 = 0xCBF2_9CE4_8422_2325

    private static func combine(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
}
