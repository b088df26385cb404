/// A way in which a block can be malformed, by name.
public enum DeflateDefect: String, Sendable, Hashable, CaseIterable {
    /// BTYPE 11.
    case reservedBlockType = "reserved-block-type"
    /// NLEN that differs from LEN's complement in one bit.
    case lengthCheck = "length-check"
    /// 287 literal/length codes.
    case literalCodeCount = "literal-code-count"
    /// 31 distance codes.
    case distanceCodeCount = "distance-code-count"
    /// Three codes of one bit in the code length code.
    case oversubscribedCodeLengths = "oversubscribed-code-lengths"
    /// One code of two bits in the code length code.
    case incompleteCodeLengths = "incomplete-code-lengths"
    /// Three codes of one bit in the literal/length code.
    case oversubscribedLiterals = "oversubscribed-literals"
    /// Two codes of two bits in the literal/length code.
    case incompleteLiterals = "incomplete-literals"
    /// Three codes of one bit in the distance code.
    case oversubscribedDistances = "oversubscribed-distances"
    /// One code of two bits in the distance code.
    case incompleteDistances = "incomplete-distances"
    /// Code lengths that begin with a repetition of the previous one.
    case repetitionOfNothing = "repetition-of-nothing"
    /// Code lengths that end with a repetition that is too long.
    case repetitionBeyondEnd = "repetition-beyond-end"
    /// No code for the end of the block.
    case noEndOfBlock = "no-end-of-block"
    /// The literal/length symbol 286.
    case literal286 = "literal-286"
    /// The literal/length symbol 287.
    case literal287 = "literal-287"
    /// The distance symbol 30.
    case distance30 = "distance-30"
    /// The distance symbol 31.
    case distance31 = "distance-31"
    /// The other bit where the end of the block is the only code, of one bit.
    case unassignedLiteral = "unassigned-literal"
    /// A match in a block without a distance code.
    case unassignedDistance = "unassigned-distance"
    /// A distance that leads one octet before the start; wrong only where nothing was written before.
    case distanceBeforeStart = "distance-before-start"
    /// A stored block with less content than it announces.
    case truncatedStored = "truncated-stored"
    /// A block with fixed codes without its end.
    case truncatedFixed = "truncated-fixed"
    /// A block with codes of its own that ends among their lengths.
    case truncatedCodes = "truncated-codes"
}

extension DeflateWriter {
    /// Writes a block that has a defect, and says which failure an inflater has to tell.
    ///
    /// A truncated block has to be the last thing that is written; its failure is told at the end of the message.
    public mutating func append(_ defect: DeflateDefect) -> InflateFailure {
        let start = bit
        switch defect {
        case .reservedBlockType:
            appendHeader(3, isFinal: false)
            return InflateFailure(.reservedBlockType, bit: start + 1)
        case .lengthCheck:
            appendStoredHeader(length: 5, complement: 0xFFFA ^ 0x100)
            return InflateFailure(.lengthCheck, bit: bit - 16)
        case .literal286, .literal287:
            appendFixedStart([])
            return failure(.reservedLiteral, fixed: .bare(defect == .literal286 ? 286 : 287), behind: 0)
        case .distance30, .distance31:
            appendFixedStart(DeflateSymbol.literals("abc".utf8))
            return failure(.reservedDistance, fixed: .bareDistance(defect == .distance30 ? 30 : 31), behind: 7)
        case .distanceBeforeStart:
            appendFixedStart(DeflateSymbol.literals("abc".utf8))
            return failure(.distanceBeforeStart(4), fixed: .match(length: 3, distance: 4), behind: 7)
        case .truncatedStored:
            appendStoredHeader(length: 65_535)
            return InflateFailure(.truncated, bit: bit)
        case .truncatedFixed:
            appendFixedStart(DeflateSymbol.literals("abc".utf8))
            // Zeros could be the end of the block.
            align(with: 1)
            return InflateFailure(.truncated, bit: bit)
        default:
            appendHeader(2, isFinal: false)
            return appendDefectiveCodes(defect)
        }
    }

    private mutating func appendFixedStart(_ symbols: [DeflateSymbol]) {
        appendHeader(1, isFinal: false)
        appendSymbols(symbols, EncodingTable.fixed)
    }

    /// Writes a wrong symbol in the fixed codes; what is wrong begins behind so many of its bits.
    private mutating func failure(
        _ kind: InflateFailure.Kind,
        fixed symbol: DeflateSymbol,
        behind bits: Int
    ) -> InflateFailure {
        let start = bit
        appendSymbols([symbol], EncodingTable.fixed)
        return InflateFailure(kind, bit: start + bits)
    }

    /// Writes what follows the header of a dynamic block.
    private mutating func appendDefectiveCodes(_ defect: DeflateDefect) -> InflateFailure {
        let start = bit
        /// Where the code lengths begin: behind 14 bits and the lengths of 19 symbols.
        let lengths = start + 14 + 19 * 3
        switch defect {
        case .literalCodeCount, .distanceCodeCount:
            let isLiteral = defect == .literalCodeCount
            append(isLiteral ? 30 : 0, bits: 5)
            append(isLiteral ? 0 : 30, bits: 5)
            append(0, bits: 4)
            return isLiteral
                ? InflateFailure(.literalCodeCount(287), bit: start)
                : InflateFailure(.distanceCodeCount(31), bit: start + 5)
        case .oversubscribedCodeLengths, .incompleteCodeLengths:
            append(0, bits: 14)
            let isOver = defect == .oversubscribedCodeLengths
            for length in isOver ? [1, 1, 1, 0] : [2, 0, 0, 0] { append(length, bits: 3) }
            return InflateFailure(isOver ? .oversubscribed(.codeLength) : .incomplete(.codeLength), bit: start + 14)
        case .repetitionOfNothing:
            append(0, bits: 10)
            appendCodeLengths([.repeatPrevious(3)])
            return InflateFailure(.repetitionOfNothing, bit: lengths)
        case .repetitionBeyondEnd:
            append(0, bits: 10)
            appendCodeLengths([.zeros(138), .zeros(118), .length(1)])
            let last = bit
            append(.zeros(3))
            return InflateFailure(.repetitionBeyondEnd, bit: last)
        case .truncatedCodes:
            append(0, bits: 10)
            appendCodeLengths([.zeros(138)])
            align(with: 1)
            return InflateFailure(.truncated, bit: bit)
        case .unassignedLiteral:
            appendCodes(Self.codes(literals: [256: 1], distances: [0]))
            append(1, bits: 1)
            return InflateFailure(.unassigned(.literal), bit: bit - 1)
        case .unassignedDistance:
            appendCodes(Self.codes(literals: [97: 2, 256: 2, 257: 1], distances: [0]))
            append(0, bits: 1)
            append(0, bits: 1)
            return InflateFailure(.unassigned(.distance), bit: bit - 1)
        default:
            let (codes, kind) = Self.flawedCodes(defect)
            appendCodes(codes)
            return InflateFailure(kind, bit: lengths)
        }
    }

    private static func flawedCodes(_ defect: DeflateDefect) -> (DynamicCodes, InflateFailure.Kind) {
        switch defect {
        case .oversubscribedLiterals:
            (codes(literals: [97: 1, 98: 1, 256: 1], distances: [0]), .oversubscribed(.literal))
        case .incompleteLiterals: (codes(literals: [97: 2, 256: 2], distances: [0]), .incomplete(.literal))
        case .oversubscribedDistances:
            (codes(literals: [97: 1, 256: 1], distances: [1, 1, 1]), .oversubscribed(.distance))
        case .incompleteDistances: (codes(literals: [97: 1, 256: 1], distances: [2]), .incomplete(.distance))
        default: (codes(literals: [97: 1, 98: 1], distances: [0]), .noEndOfBlock)
        }
    }

    private static func codes(literals: [Int: UInt8], distances: [UInt8]) -> DynamicCodes {
        let count = max(257, (literals.keys.max() ?? 0) + 1)
        return DynamicCodes(literals: (0..<count).map { literals[$0] ?? 0 }, distances: distances)
    }
}
