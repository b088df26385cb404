import NIOHTTP2Reference
import TestSupport
import Testing
import WSFuzzing
import WSHTTP2
import WSKernels

@Suite struct `HPACK beside SwiftNIO's` {
    /// Sections that repeat themselves, as those of a connection do.
    private static func sections(seed: UInt64) -> [[FieldLine]] {
        var random = SplitMix64(seed: seed)
        let names = [":method", ":path", "cookie", "set-cookie", "x-\(seed)", "content-type", "a"]
        let scalars = Array("abcXYZ019-_/=;, ü€😀").map(String.init)
        let values = (0..<6).map { _ in
            (0..<Int.random(in: 0...40, using: &random)).map { _ in scalars.randomElement(using: &random) ?? "" }
                .joined()
        }
        return (0..<12).map { _ in
            (0..<Int.random(in: 0...9, using: &random)).map { _ in
                FieldLine(names.randomElement(using: &random) ?? "a", values.randomElement(using: &random) ?? "")
            }
        }
    }

    @Test(arguments: [4_096, 0, 60, 200])
    func `Each decoder reads what the other encoder writes`(tableSize: Int) async {
        await Sweep.each(of: 0..<100 as Range<UInt64>) { seed in
            var encoder = HPACKEncoder(tableSize: tableSize)
            encoder.usesHuffman = seed % 2 == 0
            var decoder = HPACKDecoder(maximumTableSize: tableSize)
            var other = NIOHPACKReference(maximumTableSize: tableSize)
            for fields in Self.sections(seed: seed) {
                #expect(other.decode(encoder.encode(fields)) == fields)
                let octets = other.encode(fields)
                let block = decoder.decode(octets.span)
                #expect(block.fields == fields)
                #expect(block.problems == [])
            }
        }
    }

    @Test func `Each form of a field is read by the other decoder`() async {
        await Sweep.each(of: 0..<200 as Range<UInt64>) { seed in
            var random = SplitMix64(seed: seed)
            var encoder = HPACKEncoder()
            var other = NIOHPACKReference(maximumTableSize: 4_096)
            for fields in Self.sections(seed: seed) {
                let instructions = fields.map { field in
                    let indexing = HPACKIndexing.allCases.randomElement(using: &random) ?? .never
                    let form = HPACKRepresentation.literal(
                        indexing,
                        nameIndex: 0,
                        huffmanName: .random(using: &random),
                        huffmanValue: .random(using: &random)
                    )
                    return HPACKInstruction.written(field, form)
                }
                #expect(other.decode(encoder.encode(instructions)) == fields)
            }
        }
    }

    @Test func `What is wrong with a block is refused by both`() {
        for defect in HPACKDefect.allCases {
            var other = NIOHPACKReference(maximumTableSize: 4_096)
            #expect(other.decode(defect.octets) == nil, "\(defect.rawValue)")
        }
    }
}
