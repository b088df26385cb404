/// The codes of the symbols of a block.
struct EncodingTable: Sendable {
    /// A code with its first bit in bit 0, and how many bits it has; none where the symbol has no code.
    struct Code: Sendable {
        var bits: Int
        var count: Int
    }

    let literals: [Code]
    let distances: [Code]

    /// The fixed codes (RFC 1951 section 3.2.6).
    static let fixed = EncodingTable(
        DynamicCodes(literals: DeflateFormat.fixedLiteralLengths, distances: DeflateFormat.fixedDistanceLengths)
    )

    init(_ codes: DynamicCodes) {
        literals = Self.codes(of: codes.literals)
        distances = Self.codes(of: codes.distances)
    }

    /// The codes of RFC 1951 section 3.2.2 for these lengths.
    static func codes(of lengths: [UInt8]) -> [Code] {
        var counts = [Int](repeating: 0, count: 256)
        for length in lengths where length > 0 { counts[Int(length)] += 1 }
        var next = [0]
        for length in 1...DeflateFormat.longestCode { next.append((next[length - 1] + counts[length - 1]) << 1) }
        return lengths.map { length in
            let count = Int(length)
            guard (1...DeflateFormat.longestCode).contains(count) else { return Code(bits: 0, count: 0) }
            defer { next[count] += 1 }
            let code = next[count]
            return Code(bits: (0..<count).reduce(0) { $0 << 1 | code >> $1 & 1 }, count: count)
        }
    }
}
