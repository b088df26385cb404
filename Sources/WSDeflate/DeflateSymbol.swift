/// What a compressed block is written in (RFC 1951 section 3.2.5).
public enum DeflateSymbol: Sendable, Hashable {
    /// An octet.
    case literal(UInt8)
    /// From 3 to 258 octets that stand this many octets back, at most 32,768.
    case match(length: Int, distance: Int)
    /// A literal/length symbol as it is, without extra bits; 256 ends the block, 286 and 287 never occur.
    case bare(Int)
    /// A match of 3 octets whose distance symbol is given, with extra bits of zero; 30 and 31 never occur.
    case bareDistance(Int)

    /// The octets as literals.
    public static func literals(_ octets: some Sequence<UInt8>) -> [DeflateSymbol] { octets.map { .literal($0) } }

    /// The literal/length symbol, then the extra bits' value and count.
    var first: (symbol: Int, extra: Int, extraBits: Int) {
        switch self {
        case .literal(let octet): (Int(octet), 0, 0)
        case .match(let length, _): Self.split(length, DeflateFormat.lengthBases, DeflateFormat.lengthExtraBits, 257)
        case .bare(let symbol): (symbol, 0, 0)
        case .bareDistance: (257, 0, 0)
        }
    }

    /// The distance symbol, then the extra bits' value and count; nil if there is none.
    var second: (symbol: Int, extra: Int, extraBits: Int)? {
        switch self {
        case .literal, .bare: nil
        case .match(_, let distance):
            Self.split(distance, DeflateFormat.distanceBases, DeflateFormat.distanceExtraBits, 0)
        case .bareDistance(let symbol):
            (symbol, 0, symbol < DeflateFormat.distanceExtraBits.count ? DeflateFormat.distanceExtraBits[symbol] : 0)
        }
    }

    private static func split(_ value: Int, _ bases: [Int], _ extraBits: [Int], _ start: Int) -> (Int, Int, Int) {
        let index = bases.lastIndex { $0 <= value } ?? 0
        return (start + index, value - bases[index], extraBits[index])
    }
}

/// The lengths of the two codes of a dynamic block (RFC 1951 section 3.2.7); they may be wrong.
public struct DynamicCodes: Sendable, Hashable {
    /// The length of the code of each literal/length symbol, from 0 on; 257 at least.
    public var literals: [UInt8]
    /// The length of the code of each distance symbol, from 0 on; one at least.
    public var distances: [UInt8]

    /// Creates codes from their lengths.
    public init(literals: [UInt8], distances: [UInt8]) {
        self.literals = literals
        self.distances = distances
    }

    /// Codes of nearly equal lengths for what the symbols and the end of the block need.
    public init(for symbols: [DeflateSymbol]) {
        let needed = Set(symbols.map(\.first.symbol) + [DeflateFormat.endOfBlock])
        literals = Self.lengths(needed, least: 257)
        distances = Self.lengths(Set(symbols.compactMap(\.second?.symbol)), least: 1)
    }

    /// A complete code of the symbols; of a single one, one bit.
    private static func lengths(_ symbols: Set<Int>, least: Int) -> [UInt8] {
        var lengths = [UInt8](repeating: 0, count: max(least, (symbols.max() ?? 0) + 1))
        var longest = 1
        while 1 << longest < symbols.count { longest += 1 }
        // So many have one bit less than the others that nothing is left over.
        let short = symbols.count == 1 ? 0 : 1 << longest - symbols.count
        for (index, symbol) in symbols.sorted().enumerated() {
            lengths[symbol] = UInt8(index < short ? longest - 1 : longest)
        }
        return lengths
    }
}
