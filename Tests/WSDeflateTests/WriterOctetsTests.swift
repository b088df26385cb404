import Testing
import WSDeflate
import WSKernels

/// What the writer writes bit by bit, as RFC 1951 has it.
@Suite struct `Octets of the writer` {
    /// The octets of each defect, and the bit that its failure is told at.
    private static let defects: [DeflateDefect: (octets: String, bit: Int)] = [
        .reservedBlockType: ("06", 1),
        .lengthCheck: ("00 05 00 fa fe", 24),
        .literalCodeCount: ("f4 00 00", 3),
        .distanceCodeCount: ("04 1e 00", 8),
        .oversubscribedCodeLengths: ("04 00 92 00", 17),
        .incompleteCodeLengths: ("04 00 04 00", 17),
        .oversubscribedLiterals: ("04 e0 db 92 24 49 92 2c cb 7e 2b e2 ff 7f 04 02", 74),
        .incompleteLiterals: ("04 e0 db 92 24 49 92 2c cb 7e 2b fd ff 4f 10 00", 74),
        .oversubscribedDistances: ("04 e2 db 92 24 49 92 2c cb 7e 2b fe ff 4f e0 05", 74),
        .incompleteDistances: ("04 e0 db 92 24 49 92 2c cb 7e 2b fe ff 4f 20 01", 74),
        .repetitionOfNothing: ("04 e0 db 92 24 49 92 2c cb 5e 00", 74),
        .repetitionBeyondEnd: ("04 e0 db 92 24 49 92 2c cb fe ff 5f e3 03", 102),
        .noEndOfBlock: ("04 e0 db 92 24 49 92 2c cb 7e 2b e2 ff 7f 05", 74),
        .literal286: ("1a 03", 3),
        .literal287: ("1a 07", 3),
        .distance30: ("4a 4c 4a 06 3e", 34),
        .distance31: ("4a 4c 4a 06 7e", 34),
        .unassignedLiteral: ("04 e0 db 92 24 49 92 2c cb fe ff 5f 23 04", 106),
        .unassignedDistance: ("0c e0 db 92 24 49 92 2c cb 7e 2b fd ff 4f 10 02", 127),
        .distanceBeforeStart: ("4a 4c 4a 06 62", 34),
        .truncatedStored: ("00 ff ff 00 00", 40),
        .truncatedFixed: ("4a 4c 4a fe", 32),
        .truncatedCodes: ("04 e0 db 92 24 49 92 2c cb fe ff", 88),
    ]

    @Test func `Each defect is these octets, and its failure is told at this bit`() throws {
        for defect in DeflateDefect.allCases {
            let wanted = try #require(Self.defects[defect], "\(defect) has no octets")
            var writer = DeflateWriter()
            let failure = writer.append(defect)
            #expect(Hex.encode(writer.octets) == wanted.octets.filter { $0 != " " }, "\(defect)")
            #expect(failure.bit == wanted.bit, "\(defect)")
        }
    }

    /// The shortest form of code lengths: each as runs of a length, and what they are written as.
    private static let lengths: [(runs: [(length: UInt8, count: Int)], symbols: [CodeLengthSymbol])] = [
        ([], []),
        ([(0, 2)], [.length(0), .length(0)]),
        ([(0, 3)], [.zeros(3)]),
        ([(0, 10)], [.zeros(10)]),
        ([(0, 11)], [.zeros(11)]),
        ([(0, 138)], [.zeros(138)]),
        ([(0, 139)], [.zeros(138), .length(0)]),
        ([(0, 141)], [.zeros(138), .zeros(3)]),
        ([(7, 1)], [.length(7)]),
        ([(7, 3)], [.length(7), .length(7), .length(7)]),
        ([(7, 4)], [.length(7), .repeatPrevious(3)]),
        ([(7, 7)], [.length(7), .repeatPrevious(6)]),
        ([(7, 8)], [.length(7), .repeatPrevious(6), .length(7)]),
        ([(7, 10)], [.length(7), .repeatPrevious(6), .repeatPrevious(3)]),
        ([(7, 1), (0, 3), (7, 3)], [.length(7), .zeros(3), .length(7), .length(7), .length(7)]),
        ([(0, 1), (1, 4)], [.length(0), .length(1), .repeatPrevious(3)]),
    ]

    @Test func `Code lengths are repeated wherever a repetition fits`() {
        for row in Self.lengths {
            let lengths = row.runs.flatMap { [UInt8](repeating: $0.length, count: $0.count) }
            #expect(CodeLengthSymbol.shortest(lengths) == row.symbols, "\(row.runs)")
        }
    }

    /// The bits of a code length symbol: its code in the code that the writer has, then its extra bits.
    private static let symbols: [(symbol: CodeLengthSymbol, bits: Int, octets: String)] = [
        (.length(0), 4, "00"), (.length(1), 4, "08"), (.length(12), 4, "03"), (.length(13), 5, "0b"),
        (.length(15), 5, "07"), (.repeatPrevious(3), 7, "17"), (.repeatPrevious(6), 7, "77"), (.zeros(3), 8, "0f"),
        (.zeros(10), 8, "ef"), (.zeros(11), 12, "1f 00"), (.zeros(138), 12, "ff 0f"),
    ]

    @Test func `A code length symbol is its code and its extra bits`() {
        for row in Self.symbols {
            var writer = DeflateWriter()
            writer.append(row.symbol)
            #expect(writer.bit == row.bits, "\(row.symbol)")
            #expect(Hex.encode(writer.octets) == row.octets.filter { $0 != " " }, "\(row.symbol)")
        }
    }

    @Test func `A codes' lengths are nearly equal, and complete`() {
        // Six symbols: two of two bits, four of three.
        let codes = DynamicCodes(for: DeflateSymbol.literals([1, 2, 3, 4]) + [.match(length: 3, distance: 2)])
        #expect(codes.literals.count == 258)
        #expect(codes.literals.enumerated().filter { $1 > 0 }.map(\.offset) == [1, 2, 3, 4, 256, 257])
        #expect(codes.literals.filter { $0 > 0 } == [2, 2, 3, 3, 3, 3])
        #expect(codes.distances == [0, 1])
        #expect(DynamicCodes(for: []).literals == [UInt8](repeating: 0, count: 256) + [1])
        #expect(DynamicCodes(for: []).distances == [0])
    }

    @Test func `Bits come lowest first, and are filled up with what was asked for`() {
        var writer = DeflateWriter()
        writer.append(0b101, bits: 3)
        writer.append(-1, bits: 6)
        #expect(writer.bit == 9)
        #expect(writer.octets == [0xFD, 0x01])
        writer.align(with: 1)
        #expect(writer.octets == [0xFD, 0xFF])
        writer.align(with: 1)
        #expect(writer.octets == [0xFD, 0xFF])
        writer.append(0x1234_5678, bits: 32)
        #expect(writer.octets == [0xFD, 0xFF, 0x78, 0x56, 0x34, 0x12])
    }

    @Test func `Stored blocks hold 65,535 octets each, and the last one alone is final`() {
        let content = [UInt8](repeating: 0x61, count: 65_536)
        var writer = DeflateWriter()
        writer.appendStored(content, isFinal: true)
        var expected: [UInt8] = [0x00, 0xFF, 0xFF, 0x00, 0x00] + content.dropLast()
        expected += [0x01, 0x01, 0x00, 0xFE, 0xFF, 0x61]
        #expect(writer.octets == expected)
        writer = DeflateWriter()
        writer.appendStored([])
        #expect(writer.octets == [0x00, 0x00, 0x00, 0xFF, 0xFF])
    }

    @Test func `A block with BFINAL set ends with the padding that was asked for, another one with none`() {
        for padding in [0, 1] {
            var writer = DeflateWriter()
            writer.finalPadding = padding
            writer.appendFixed([])
            #expect(writer.bit == 10)
            writer.appendFixed([], isFinal: true)
            #expect(writer.bit == 24)
            #expect(writer.octets == [0x02, 0x0C, padding == 0 ? 0x00 : 0xF0])
            writer.endMessage()
            #expect(writer.octets.last == 0 && writer.bit == 32)
        }
    }
}
