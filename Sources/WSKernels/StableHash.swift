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

    /// A 64-bit hash of octets that are too many for FNV: it takes eight of them at a time.
    ///
    /// It tells octets apart that differ by chance, not those that somebody made to have the same hash.
    package static func words64(_ octets: Span<UInt8>) -> UInt64 {
        let bytes = unsafe octets.bytes
        let words = octets.count / 8
        var hash = offsetBasis ^ UInt64(octets.count)
        for word in 0..<words {
            hash = mix(
                hash,
                unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: word * 8, as: UInt64.self).littleEndian
            )
        }
        var last: UInt64 = 0
        for index in (words * 8)..<octets.count { last = last << 8 | UInt64(octets[index]) }
        return mix(hash, last)
    }

    /// Multiplies to twice the width and folds the halves, so that each bit of the word counts in all of the result.
    private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low &+ hash.rotatedLeft
    }
}

extension UInt64 {
    /// The value with its upper and lower halves exchanged.
    fileprivate var rotatedLeft: UInt64 { self << 32 | self >> 32 }
}
