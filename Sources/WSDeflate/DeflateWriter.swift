/// Writes DEFLATE streams by hand, block by block and symbol by symbol, and malformed ones by the name of the defect.
///
/// It compresses nothing and checks nothing: what it is told is what it writes.
public struct DeflateWriter: Sendable {
    /// The most octets that one stored block holds (RFC 1951 section 3.2.4).
    public static let longestStored = 65_535

    /// The bit that fills the last octet of a block with BFINAL set; RFC 7692 section 7.2.1 has 0.
    public var finalPadding = 0

    private var whole: [UInt8] = []
    private var bits: UInt64 = 0
    private var bitCount = 0

    /// Creates a writer at the beginning of a message.
    public init() {}

    /// How many bits were written.
    public var bit: Int { 8 * whole.count + bitCount }

    /// The octets so far; where the last one is not full, its other bits are zero.
    public var octets: [UInt8] { bitCount == 0 ? whole : whole + [UInt8(truncatingIfNeeded: bits)] }

    // MARK: Bits

    /// Writes the lowest bits of a value, at most 32, the least significant one first.
    public mutating func append(_ value: Int, bits count: Int) {
        precondition((0...32).contains(count))
        bits |= (UInt64(truncatingIfNeeded: value) & (1 << UInt64(count) - 1)) << UInt64(bitCount)
        bitCount += count
        while bitCount >= 8 {
            whole.append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
            bitCount -= 8
        }
    }

    /// Fills the last octet with bits of this value.
    public mutating func align(with value: Int = 0) {
        precondition(value == 0 || value == 1)
        append(value == 0 ? 0 : 0xFF, bits: (8 - bitCount) % 8)
    }

    /// Writes BFINAL and BTYPE.
    public mutating func appendHeader(_ type: Int, isFinal: Bool) {
        append(isFinal ? 1 : 0, bits: 1)
        append(type, bits: 2)
    }

    // MARK: Blocks

    /// Writes the octets as stored blocks; nothing as an empty one.
    ///
    /// - Parameters:
    ///   - content: the octets; where one block does not hold them there are several.
    ///   - isFinal: whether the last of these blocks has BFINAL set.
    public mutating func appendStored(_ content: [UInt8], isFinal: Bool = false) {
        var rest = content[...]
        repeat {
            let part = rest.prefix(Self.longestStored)
            rest = rest.dropFirst(part.count)
            appendStoredHeader(length: part.count, isFinal: isFinal && rest.isEmpty)
            whole.append(contentsOf: part)
        } while !rest.isEmpty
    }

    /// Writes the header of a stored block, its length and the length's complement, or what is given in its place.
    public mutating func appendStoredHeader(length: Int, complement: Int? = nil, isFinal: Bool = false) {
        appendHeader(0, isFinal: isFinal)
        align()
        append(length, bits: 16)
        append(complement ?? ~length, bits: 16)
    }

    /// Writes a block with the fixed codes.
    public mutating func appendFixed(_ symbols: [DeflateSymbol], isFinal: Bool = false) {
        appendHeader(1, isFinal: isFinal)
        appendSymbols(symbols + [.bare(DeflateFormat.endOfBlock)], EncodingTable.fixed)
        endBlock(isFinal: isFinal)
    }

    /// Writes a block with codes of its own; where none are given, with some that fit.
    public mutating func appendDynamic(
        _ symbols: [DeflateSymbol],
        codes: DynamicCodes? = nil,
        isFinal: Bool = false
    ) {
        let codes = codes ?? DynamicCodes(for: symbols)
        appendHeader(2, isFinal: isFinal)
        appendCodes(codes)
        appendSymbols(symbols + [.bare(DeflateFormat.endOfBlock)], EncodingTable(codes))
        endBlock(isFinal: isFinal)
    }

    /// RFC 7692 section 7.2.1: a block with BFINAL set ends with an octet.
    private mutating func endBlock(isFinal: Bool) {
        if isFinal { align(with: finalPadding) }
    }

    /// Writes symbols in the codes of the current block; the end of the block only where it is among them.
    mutating func appendSymbols(_ symbols: [DeflateSymbol], _ table: EncodingTable) {
        for symbol in symbols {
            let first = symbol.first
            append(table.literals[first.symbol])
            append(first.extra, bits: first.extraBits)
            guard let second = symbol.second else { continue }
            append(table.distances[second.symbol])
            append(second.extra, bits: second.extraBits)
        }
    }

    private mutating func append(_ code: EncodingTable.Code) { append(code.bits, bits: code.count) }

    /// Writes HLIT, HDIST and HCLEN, the code length code and the lengths of both codes.
    public mutating func appendCodes(_ codes: DynamicCodes) {
        append(codes.literals.count - 257, bits: 5)
        append(codes.distances.count - 1, bits: 5)
        appendCodeLengths(CodeLengthSymbol.shortest(codes.literals + codes.distances))
    }

    /// Writes HCLEN, a code length code of all its symbols, and these symbols.
    public mutating func appendCodeLengths(_ symbols: [CodeLengthSymbol]) {
        append(15, bits: 4)
        for symbol in DeflateFormat.codeLengthOrder { append(Int(Self.codeLengthLengths[symbol]), bits: 3) }
        for symbol in symbols { append(symbol) }
    }

    /// Thirteen of four bits and six of five are a complete code.
    private static let codeLengthLengths = (0..<19 as Range<UInt8>).map { $0 < 13 ? 4 : 5 as UInt8 }
    private static let codeLengthCodes = EncodingTable.codes(of: codeLengthLengths)

    /// Writes a code length, or a repetition, in the code that `appendCodeLengths` has.
    public mutating func append(_ symbol: CodeLengthSymbol) {
        append(Self.codeLengthCodes[symbol.symbol])
        append(symbol.extra, bits: symbol.extraBits)
    }

    /// Ends a message: writes the first octet of an empty stored block, the rest of which is the tail that is removed.
    public mutating func endMessage() {
        appendHeader(0, isFinal: false)
        align()
    }
}
