import TestSupport
import Testing
import WSHTTP2
import WSKernels

/// An example of RFC 7541, appendix C, in its order.
struct HPACKExample: Sendable, CustomTestStringConvertible {
    var section: String
    var tableSize: Int
    var block: [UInt8]
    var sizeAfter: Int
    var fields: [FieldLine]
    var entriesAfter: [FieldLine]

    var testDescription: String { section }

    /// Whether the table goes on from the example before.
    var continues: Bool { !section.hasPrefix("C.2") && !section.hasSuffix(".1") }

    static let all: [HPACKExample] = String(decoding: PackageResources.hpack_examples_tsv, as: UTF8.self)
        .split(separator: "\n")
        .map { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return HPACKExample(
                section: columns[0],
                tableSize: Int(columns[1]) ?? 0,
                block: Hex.decode(columns[2]) ?? [],
                sizeAfter: Int(columns[3]) ?? -1,
                fields: lines(columns[4]),
                entriesAfter: lines(columns[5])
            )
        }

    private static func lines(_ text: String) -> [FieldLine] {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: "|").map { $0.drop { $0 == " " } }
        return parts.map { part in
            let trimmed = part.last == " " ? part.dropLast() : part
            // The first octet may be the colon of a pseudo-header field.
            let colon = trimmed.dropFirst().firstIndex(of: ":") ?? trimmed.endIndex
            return FieldLine(String(trimmed[..<colon]), String(trimmed[colon...].dropFirst(2)))
        }
    }
}

@Suite struct `Examples of RFC 7541` {
    @Test func `All of sections C.2 to C.6 are there`() {
        #expect(HPACKExample.all.map(\.section).count == 16)
        #expect(HPACKExample.all.allSatisfy { !$0.block.isEmpty && !$0.fields.isEmpty })
    }

    @Test func `Each block gives its fields and leaves its table`() {
        var decoder = HPACKDecoder()
        for example in HPACKExample.all {
            if !example.continues { decoder = HPACKDecoder(maximumTableSize: example.tableSize) }
            let block = decoder.decode(example.block.span)
            #expect(block.fields == example.fields, "\(example.section)")
            #expect(block.problems == [], "\(example.section)")
            #expect(decoder.table.entries == example.entriesAfter, "\(example.section)")
            #expect(decoder.table.size == example.sizeAfter, "\(example.section)")
            #expect(block.sectionSize == example.fields.reduce(0) { $0 + $1.size })
        }
    }

    @Test func `The fields of sections C.3 to C.6 are encoded as they stand there`() {
        var encoder = HPACKEncoder()
        for example in HPACKExample.all where !example.section.hasPrefix("C.2") {
            if !example.continues { encoder = HPACKEncoder(tableSize: example.tableSize) }
            encoder.usesHuffman = example.section.hasPrefix("C.4") || example.section.hasPrefix("C.6")
            #expect(encoder.encode(example.fields) == example.block, "\(example.section)")
            #expect(encoder.table.entries == example.entriesAfter, "\(example.section)")
        }
    }

    @Test func `The literals of section C.2 are told apart`() {
        let representations = HPACKExample.all.prefix(4).map { example in
            var decoder = HPACKDecoder()
            return decoder.decode(example.block.span).lines.map(\.representation)
        }
        #expect(
            representations == [
                [.literal(.incremental, nameIndex: 0, huffmanName: false, huffmanValue: false)],
                [.literal(.without, nameIndex: 4, huffmanName: false, huffmanValue: false)],
                [.literal(.never, nameIndex: 0, huffmanName: false, huffmanValue: false)],
                [.indexed(2)],
            ]
        )
    }

    @Test(arguments: [(10, [0x0A]), (1_337, [0x1F, 0x9A, 0x0A])] as [(Int, [UInt8])])
    func `Integers of section C.1 with a prefix of five bits are written as there`(value: Int, octets: [UInt8]) {
        var encoder = HPACKEncoder()
        let written = encoder.encode([.sizeUpdate(value)])
        #expect(written == [octets[0] | 0x20] + octets.dropFirst())
        var decoder = HPACKDecoder()
        #expect(decoder.decode(written.span).sizeUpdates == [value])
    }
}
