/// A prefix code as a table that is indexed by the next bits of the stream.
///
/// The first part has an entry for each value of the next `primaryBits` bits. An entry for codes that are longer leads
/// to a second table, which the bits behind these index.
struct DecodingTable: Sendable {
    /// What an entry says.
    ///
    /// Its lowest octet is how many bits are consumed, extra bits included. Without `exceptional` bits 8 to 11 are how
    /// many of them are the code; for a length or a distance bits 16 on are its smallest value.
    enum Entry {
        /// The symbol is a literal: bits 16 to 23.
        static let literal: UInt32 = 0x8000_0000
        /// Neither a literal nor a length nor a distance; without a further flag, a bit sequence without meaning.
        static let exceptional: UInt32 = 0x8000
        /// With `exceptional`: bits 16 on are the index of a second table, bits 8 to 11 how many bits index it.
        static let link: UInt32 = 0x4000
        /// With `exceptional`: the end of the block.
        static let endOfBlock: UInt32 = 0x2000
        /// With `exceptional`: a symbol that never occurs.
        static let reserved: UInt32 = 0x1000
    }

    /// What the lengths of a code can be besides right.
    enum Flaw {
        case oversubscribed, incomplete
    }

    private(set) var entries: [UInt32] = []
    /// How many bits index the first part.
    private(set) var primaryBits = 0

    /// The table of the fixed literal/length code.
    static let fixedLiteral = fixed(DeflateFormat.fixedLiteralLengths, literals, 9)
    /// The table of the fixed distance code.
    static let fixedDistance = fixed(DeflateFormat.fixedDistanceLengths, distances, 5)

    /// The entries of literal/length symbols, without the lengths of their codes.
    static let literals: [UInt32] = {
        var templates = (0..<256 as Range<UInt32>).map { Entry.literal | $0 << 16 }
        templates.append(Entry.exceptional | Entry.endOfBlock)
        for (base, extra) in zip(DeflateFormat.lengthBases, DeflateFormat.lengthExtraBits) {
            templates.append(UInt32(base) << 16 | UInt32(extra))
        }
        return templates + [Entry.exceptional | Entry.reserved, Entry.exceptional | Entry.reserved]
    }()

    /// The entries of distance symbols, without the lengths of their codes.
    static let distances: [UInt32] =
        zip(DeflateFormat.distanceBases, DeflateFormat.distanceExtraBits).map { UInt32($0) << 16 | UInt32($1) }
        + [Entry.exceptional | Entry.reserved, Entry.exceptional | Entry.reserved]

    /// The entries of code length symbols, without the lengths of their codes.
    static let codeLengths: [UInt32] = (0..<19 as Range<UInt32>).map { $0 << 16 }

    private static func fixed(_ lengths: [UInt8], _ templates: [UInt32], _ bits: Int) -> DecodingTable {
        var table = DecodingTable()
        _ = table.build(lengths[...], templates: templates, mostBits: bits, allowsFewCodes: false)
        return table
    }

    /// Builds the table of a code, or says what is wrong with it (RFC 1951 section 3.2.2).
    ///
    /// - Parameters:
    ///   - lengths: the length of each symbol's code, 0 for none.
    ///   - templates: the entries of the symbols, without the lengths of their codes.
    ///   - mostBits: how many bits may index the first part.
    ///   - allowsFewCodes: whether no code, or a single one of one bit, is right (section 3.2.7).
    /// - Returns: what is wrong; nil if nothing is.
    mutating func build(
        _ lengths: ArraySlice<UInt8>,
        templates: [UInt32],
        mostBits: Int,
        allowsFewCodes: Bool
    ) -> Flaw? {
        var counts: [16 of Int] = .init(repeating: 0)
        for length in lengths { counts[Int(length)] += 1 }
        counts[0] = 0
        var longest = DeflateFormat.longestCode
        while longest > 0, counts[longest] == 0 { longest -= 1 }
        var free = 1
        var starts: [16 of Int] = .init(repeating: 0)
        for length in 1...DeflateFormat.longestCode {
            free = 2 * free - counts[length]
            if free < 0 { return .oversubscribed }
            starts[length] = starts[length - 1] + counts[length - 1]
        }
        if free > 0, !(allowsFewCodes && longest <= 1) { return .incomplete }

        // The symbols in the order of their codes.
        var sorted: [320 of UInt16] = .init(repeating: 0)
        var codeCount = 0
        for (symbol, length) in lengths.enumerated() where length > 0 {
            sorted[starts[Int(length)]] = UInt16(truncatingIfNeeded: symbol)
            starts[Int(length)] += 1
            codeCount += 1
        }
        primaryBits = max(1, min(mostBits, longest))
        fill(sorted, codeCount, &counts, templates)
        return nil
    }

    private mutating func fill(
        _ sorted: [320 of UInt16],
        _ codeCount: Int,
        _ counts: inout [16 of Int],
        _ templates: [UInt32]
    ) {
        entries.removeAll(keepingCapacity: true)
        // Where no code is, any bit sequence of one bit has no meaning.
        entries.append(contentsOf: repeatElement(Entry.exceptional | 1, count: 1 << primaryBits))
        var code = 0  // with its first bit in bit 0, as it comes in the stream
        var length = 1
        var table = 0  // where the current table begins; shorter codes come first, so that this is the first part
        var tableBits = 0
        var prefix = -1
        for index in 0..<codeCount {
            while counts[length] == 0 { length += 1 }
            var first = code
            var indexBits = primaryBits
            var codeBits = length
            if length > primaryBits {
                let mask = 1 << primaryBits - 1
                if code & mask != prefix {
                    prefix = code & mask
                    table = entries.count
                    tableBits = secondBits(from: length, counts)
                    entries.append(contentsOf: repeatElement(Entry.exceptional | 1, count: 1 << tableBits))
                    let link = UInt32(table) << 16 | UInt32(tableBits) << 8 | UInt32(primaryBits)
                    entries[prefix] = link | Entry.exceptional | Entry.link
                }
                first = table + code >> primaryBits
                indexBits = tableBits
                codeBits = length - primaryBits
            }
            let bits = UInt32(codeBits)
            let entry = templates[Int(sorted[index])] &+ (bits << 8 | bits)
            let end = table + 1 << indexBits
            for place in stride(from: first, to: end, by: 1 << codeBits) { entries[place] = entry }
            counts[length] -= 1
            code = Self.following(code, length)
        }
    }

    /// How many bits index the second table that begins with a code of this length.
    ///
    /// As the code is complete, what the table has room for is taken at the length of the longest code at the latest.
    private func secondBits(from length: Int, _ counts: [16 of Int]) -> Int {
        var bits = length - primaryBits
        var free = 1 << bits - counts[length]
        while free > 0 {
            bits += 1
            free = free << 1 - counts[primaryBits + bits]
        }
        return bits
    }

    /// The code behind this one, first bit in bit 0, of which there are so many bits; behind the last one, any.
    private static func following(_ code: Int, _ length: Int) -> Int {
        var bit = 1 << (length - 1)
        while code & bit != 0 { bit >>= 1 }
        return code & (bit - 1) | bit
    }
}
