/// The kernels as plain as their definitions, to be compared with the fast ones.
package enum ReferenceKernels {
    /// Masks octet by octet (RFC 6455 section 5.3).
    package static func mask(_ bytes: [UInt8], key: UInt32, phase: Int) -> [UInt8] {
        let octets = [key >> 24, key >> 16, key >> 8, key].map { UInt8(truncatingIfNeeded: $0) }
        return bytes.enumerated().map { index, byte in byte ^ octets[(index + phase) % 4] }
    }

    /// The row of RFC 3629 section 4 for a first octet: how many octets follow, and the range of the second one.
    private static func row(of first: UInt8) -> (following: Int, second: ClosedRange<UInt8>)? {
        switch first {
        case 0x00...0x7F: (0, 0x80...0xBF)
        case 0xC2...0xDF: (1, 0x80...0xBF)
        case 0xE0: (2, 0xA0...0xBF)
        case 0xE1...0xEC, 0xEE...0xEF: (2, 0x80...0xBF)
        case 0xED: (2, 0x80...0x9F)
        case 0xF0: (3, 0x90...0xBF)
        case 0xF1...0xF3: (3, 0x80...0xBF)
        case 0xF4: (3, 0x80...0x8F)
        default: nil
        }
    }

    /// The result for a UTF-8 stream: the first impossible byte, or the start of an unfinished sequence.
    package static func utf8(_ bytes: [UInt8]) -> (impossible: Int?, unfinished: Int?) {
        var start = 0
        while start < bytes.count {
            guard let row = row(of: bytes[start]) else { return (start, nil) }
            for index in 0..<row.following {
                let place = start + 1 + index
                guard place < bytes.count else { return (nil, start) }
                let allowed = index == 0 ? row.second : 0x80...0xBF
                guard allowed.contains(bytes[place]) else { return (place, nil) }
            }
            start += 1 + row.following
        }
        return (nil, nil)
    }
}
