/// Combines bytes with a repeating four-octet key by exclusive or.
///
/// The key is read in network order: octet 0 is its most significant byte. If the bytes are a part of a longer
/// sequence, the phase is the index of their first byte in that sequence, modulo four.
package enum Masking {
    /// Combines the bytes with the key in place; doing it twice restores them.
    package static func apply(key: UInt32, phase: Int, to bytes: inout MutableSpan<UInt8>) {
        unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            unsafe combine(UnsafeRawPointer(base), into: base, count: buffer.count, key: rotated(key, by: phase))
        }
    }

    /// Appends the combination of the bytes with the key to the target.
    package static func append(_ bytes: Span<UInt8>, key: UInt32, phase: Int, to target: inout [UInt8]) {
        let count = bytes.count
        target.append(addingCapacity: count) { output in
            unsafe bytes.withUnsafeBytes { source in
                unsafe output.withUnsafeMutableBufferPointer { target, initializedCount in
                    guard let source = source.baseAddress, let base = target.baseAddress else { return }
                    let end = unsafe UnsafeMutableRawPointer(base + initializedCount)
                    unsafe combine(source, into: end, count: count, key: rotated(key, by: phase))
                    initializedCount += count
                }
            }
        }
    }

    /// Whether the combination of the bytes with the key is ASCII throughout.
    package static func isASCII(_ bytes: Span<UInt8>, key: UInt32, phase: Int) -> Bool {
        var rest = rotated(key, by: phase)
        let pair = UInt64(rest) << 32 | UInt64(rest)
        let word = pair.bigEndian
        return unsafe bytes.withUnsafeBytes { bytes in
            var index = 0
            while bytes.count &- index >= 8 {
                let value = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if (value ^ word) & 0x8080_8080_8080_8080 != 0 { return false }
                index &+= 8
            }
            while index < bytes.count {
                let octet = UInt8(truncatingIfNeeded: rest >> 24)
                if unsafe (bytes[index] ^ octet) & 0x80 != 0 { return false }
                rest = rest << 8 | rest >> 24
                index &+= 1
            }
            return true
        }
    }

    /// The key whose octet 0 meets the first byte of a run that starts at the given phase.
    private static func rotated(_ key: UInt32, by phase: Int) -> UInt32 {
        let bits = UInt32(truncatingIfNeeded: phase & 3) &* 8
        return bits == 0 ? key : key << bits | key >> (32 &- bits)
    }

    /// Reads `count` bytes at `source`, combines them with the key and stores them at `target`, which may be `source`.
    private static func combine(
        _ source: UnsafeRawPointer,
        into target: UnsafeMutableRawPointer,
        count: Int,
        key: UInt32
    ) {
        let pair = UInt64(key) << 32 | UInt64(key)
        let word = pair.bigEndian
        let vector = SIMD4<UInt64>(repeating: word)
        var index = 0
        while count &- index >= 64 {
            let first = unsafe source.loadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self)
            let second = unsafe source.loadUnaligned(fromByteOffset: index &+ 32, as: SIMD4<UInt64>.self)
            unsafe target.storeBytes(of: first ^ vector, toByteOffset: index, as: SIMD4<UInt64>.self)
            unsafe target.storeBytes(of: second ^ vector, toByteOffset: index &+ 32, as: SIMD4<UInt64>.self)
            index &+= 64
        }
        while count &- index >= 8 {
            let value = unsafe source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            unsafe target.storeBytes(of: value ^ word, toByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        // Every step above is a multiple of four, so the key continues with its octet 0.
        var rest = key
        while index < count {
            let value = unsafe source.load(fromByteOffset: index, as: UInt8.self)
            let octet = UInt8(truncatingIfNeeded: rest >> 24)
            unsafe target.storeBytes(of: value ^ octet, toByteOffset: index, as: UInt8.self)
            rest = rest << 8 | rest >> 24
            index &+= 1
        }
    }
}
