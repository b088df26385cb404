import TestSupport
import Testing
import WSHTTP2
import WSKernels
import WSLimits

@Suite struct `HPACK decoder` {
    @Test(arguments: HPACKDefect.allCases)
    func `It says what is wrong with a block`(defect: HPACKDefect) {
        var decoder = HPACKDecoder()
        let block = decoder.decode(defect.octets.span)
        let offset = defect == .sizeUpdateAfterField ? 1 : defect.problem == .truncated ? defect.octets.count : 0
        #expect(block.problems == [HPACKProblem(defect.problem, at: offset)])
        #expect(decoder.isIntact != defect.problem.isFatal)
    }

    @Test func `After what it cannot read, nothing of later blocks is believed`() {
        var decoder = HPACKDecoder()
        let wrong: [UInt8] = [0x82, 0x80]
        #expect(decoder.decode(wrong.span).fields == [FieldLine(":method", "GET")])
        let right: [UInt8] = [0x82]
        let block = decoder.decode(right.span)
        #expect(block.problems.map(\.kind) == [.tableUnknown])
        #expect(block.fields == [])
    }

    @Test func `What can be read in spite of a problem is read`() {
        var decoder = HPACKDecoder()
        let octets = HPACKDefect.paddingZeros.octets + HPACKDefect.paddingTooLong.octets + [0x82]
        let block = decoder.decode(octets.span)
        let line = FieldLine("a", "a")
        #expect(block.fields == [line, line, FieldLine(":method", "GET")])
        #expect(block.problems.map(\.kind) == [.paddingNotOnes, .paddingTooLong])
    }

    @Test func `Each octet has a code, and padding of up to seven bits passes`() async {
        await Sweep.each(of: 0...255 as ClosedRange<UInt8>) { octet in
            for count in 1...9 {
                let line = FieldLine(name: [0x61], value: [UInt8](repeating: octet, count: count))
                var encoder = HPACKEncoder()
                let octets = encoder.encode([
                    .written(line, .literal(.without, nameIndex: 0, huffmanName: true, huffmanValue: true))
                ])
                var decoder = HPACKDecoder()
                let block = decoder.decode(octets.span)
                #expect(block.fields == [line])
                #expect(block.problems == [])
            }
        }
    }

    @Test func `A block that ends anywhere is truncated, unless an instruction ends there`() {
        var encoder = HPACKEncoder()
        let fields = Fields.webSocket
        var ends: Set<Int> = [0]
        var octets: [UInt8] = []
        for field in fields {
            encoder.append(.field(field), to: &octets)
            ends.insert(octets.count)
        }
        for count in 0...octets.count {
            var decoder = HPACKDecoder()
            let block = decoder.decode(octets.span.extracting(first: count))
            #expect(block.problems.map(\.kind) == (ends.contains(count) ? [] : [.truncated]), "\(count) octets")
            #expect(fields.starts(with: block.fields))
        }
    }

    @Test func `Entries leave the table when it is full, and all of them when one is too large`() {
        var decoder = HPACKDecoder(maximumTableSize: 100)
        var encoder = HPACKEncoder(tableSize: 100)
        let lines = ["1", "2", "3"].map { FieldLine("name", $0) }
        let octets = encoder.encode(lines)
        #expect(decoder.decode(octets.span).fields == lines)
        #expect(decoder.table.entries == [lines[2], lines[1]])
        #expect(decoder.table.size == 74)
        let large = FieldLine("name", String(repeating: "x", count: 65))
        let more = encoder.encode([large])
        #expect(decoder.decode(more.span).fields == [large])
        #expect(decoder.table.entries == [])
        #expect(decoder.table.size == 0)
    }

    @Test func `Very many entries pass through a table`() {
        var decoder = HPACKDecoder()
        var encoder = HPACKEncoder()
        for number in 0..<3_000 {
            let line = FieldLine("name-\(number % 7)", "\(number)")
            let octets = encoder.encode([line, line])
            let block = decoder.decode(octets.span)
            #expect(block.fields == [line, line])
            #expect(decoder.table.entries == encoder.table.entries)
            #expect(decoder.table.size <= 4_096)
        }
    }

    @Test func `A size update is followed up to what is allowed`() {
        var decoder = HPACKDecoder(maximumTableSize: 8_192)
        var encoder = HPACKEncoder()
        let octets = encoder.encode([.sizeUpdate(0), .sizeUpdate(8_192), .field(FieldLine("a", "b"))])
        #expect(decoder.decode(octets.span).sizeUpdates == [0, 8_192])
        #expect(decoder.table.capacity == 8_192)
        let more = encoder.encode([.sizeUpdate(8_193)])
        #expect(decoder.decode(more.span).problems == [HPACKProblem(.sizeUpdateTooLarge(8_193), at: 0)])
    }

    @Test func `No table grows beyond the limit, whatever is allowed`() {
        var decoder = HPACKDecoder(maximumTableSize: Int(UInt32.max))
        var encoder = HPACKEncoder()
        let size = Limits.fieldTable.value + 1
        let octets = encoder.encode([.sizeUpdate(size)])
        #expect(decoder.decode(octets.span).problems.map(\.kind) == [.sizeUpdateTooLarge(size)])
    }

    @Test func `After a smaller table was allowed, a block has to begin with a size update`() {
        var decoder = HPACKDecoder()
        decoder.setMaximumTableSize(100)
        let without: [UInt8] = [0x82]
        #expect(decoder.decode(without.span).problems == [HPACKProblem(.sizeUpdateMissing, at: 0)])
        #expect(decoder.table.capacity == 100)
        decoder.setMaximumTableSize(50)
        decoder.setMaximumTableSize(4_096)
        let tooLarge: [UInt8] = [0x20 | 31, 60 - 31, 0x82]
        #expect(decoder.decode(tooLarge.span).problems.map(\.kind) == [.sizeUpdateMissing])
        decoder.setMaximumTableSize(40)
        let right: [UInt8] = [0x20 | 31, 40 - 31, 0x20 | 31, 40 - 31, 0x82]
        #expect(decoder.decode(right.span).problems == [])
    }

    @Test func `A section is kept as far as the limit allows, and the table follows all of it`() {
        var decoder = HPACKDecoder()
        decoder.sectionLimit = 100
        var encoder = HPACKEncoder()
        let lines = (0..<5).map { FieldLine("name", "\($0)") }
        let octets = encoder.encode(lines)
        let block = decoder.decode(octets.span)
        #expect(block.fields == Array(lines.prefix(2)))
        #expect(block.omittedLines == 3)
        #expect(block.sectionSize == 5 * 37)
        #expect(decoder.table.entries == encoder.table.entries)
    }

    @Test func `A small block cannot become a large section in memory`() {
        var encoder = HPACKEncoder()
        let value = String(repeating: "x", count: 4_000)
        let octets = encoder.encode([FieldLine("a", value)]) + [UInt8](repeating: 0xBE, count: 100_000)
        var decoder = HPACKDecoder()
        let block = decoder.decode(octets.span)
        #expect(block.lines.count + block.omittedLines == 100_001)
        #expect(block.lines.reduce(0) { $0 + $1.field.size } <= Limits.fieldSection.value)
    }

    @Test func `An integer may be longer than it has to be, within bounds`() {
        var decoder = HPACKDecoder()
        let long: [UInt8] = [0xFF, 0x80, 0x80]
        #expect(decoder.decode(long.span).problems.map(\.kind) == [.truncated])
        decoder = HPACKDecoder()
        let padded: [UInt8] = [0x0F, 0x81, 0x80, 0x80, 0x00, 0x01, 0x61]
        #expect(decoder.decode(padded.span).fields == [FieldLine("accept-encoding", "a")])
    }
}
