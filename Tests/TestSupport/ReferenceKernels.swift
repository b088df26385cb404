/// Kernels as plain as their definitions, for comparison with the fast ones.
package enum ReferenceKernels {
    /// RFC 6455 section 5.3, octet by octet.
    package static func mask(_ bytes: [UInt8], key: UInt32, phase: Int) -> [UInt8] {
        let octets = [key >> 24, key >> 16, key >> 8, key].map { UInt8(truncatingIfNeeded: $0) }
        return bytes.enumerated().map { index, byte in byte ^ octets[(index + phase) % 4] }
    }

    /// The rows of RFC 3629 section 4: the ranges that the octets of one sequence come from.
    private static let sequences: [[ClosedRange<UInt8>]] = [
        [0x00...0x7F],
        [0xC2...0xDF, 0x80...0xBF],
        [0xE0...0xE0, 0xA0...0xBF, 0x80...0xBF],
        [0xE1...0xEC, 0x80...0xBF, 0x80...0xBF],
        [0xED...0xED, 0x80...0x9F, 0x80...0xBF],
        [0xEE...0xEF, 0x80...0xBF, 0x80...0xBF],
        [0xF0...0xF0, 0x90...0xBF, 0x80...0xBF, 0x80...0xBF],
        [0xF1...0xF3, 0x80...0xBF, 0x80...0xBF, 0x80...0xBF],
        [0xF4...0xF4, 0x80...0x8F, 0x80...0xBF, 0x80...0xBF],
    ]

    /// What a UTF-8 stream is at its end: the first impossible byte, or the start of an unfinished sequence.
    package static func utf8(_ bytes: [UInt8]) -> (impossible: Int?, unfinished: Int?) {
        var start = 0
        while start < bytes.count {
            var rows = sequences
            var length = 0
            while !rows.contains(where: { $0.count == length }) {
                guard start + length < bytes.count else { return (nil, start) }
                rows = rows.filter { $0[length].contains(bytes[start + length]) }
                guard !rows.isEmpty else { return (start + length, nil) }
                length += 1
            }
            start += length
        }
        return (nil, nil)
    }
}
