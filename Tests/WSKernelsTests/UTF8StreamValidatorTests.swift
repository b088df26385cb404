import TestSupport
import Testing
import WSFuzzing
import WSKernels

@Suite struct `UTF-8 stream validator` {
    /// Bytes at the edges of every range of RFC 3629 section 4.
    static let edges: [UInt8] = [
        0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xF0, 0xF4, 0xFF,
    ]

    @Test func `Every two bytes agree with the table of RFC 3629`() {
        for first in 0...255 as ClosedRange<UInt8> {
            for second in 0...255 as ClosedRange<UInt8> { expectAgreement([first, second]) }
        }
    }

    @Test func `Every three bytes from a lead byte on agree with the table of RFC 3629`() {
        for first in 0xC0...0xFF as ClosedRange<UInt8> {
            for second in 0...255 as ClosedRange<UInt8> {
                for third in Self.edges { expectAgreement([first, second, third]) }
            }
        }
    }

    @Test func `Four bytes at the edges of the ranges agree with the table of RFC 3629`() {
        let tails: [UInt8] = [0x7F, 0x80, 0xBF, 0xC0]
        for first in 0xED...0xFF as ClosedRange<UInt8> {
            for second in 0x7F...0xC0 as ClosedRange<UInt8> {
                for third in tails {
                    for fourth in tails { expectAgreement([first, second, third, fourth]) }
                }
            }
        }
    }

    @Test func `Every scalar value is valid, fed whole and in pieces`() {
        let scalars = (0...0x10FFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init)
        let bytes = Array(String(String.UnicodeScalarView(scalars)).utf8)
        var whole = UTF8StreamValidator()
        #expect(whole.validate(bytes.span) == nil)
        #expect(whole.isComplete)
        #expect(whole.validatedCount == bytes.count)

        var pieces = UTF8StreamValidator()
        for start in stride(from: 0, to: bytes.count, by: 4099) {
            let piece = bytes.span.extracting(start..<min(start + 4099, bytes.count))
            #expect(pieces.validate(piece) == nil)
        }
        #expect(pieces.finish() == nil)
        #expect(pieces == whole)
    }

    @Test func `Every surrogate is impossible from its second byte on`() {
        for value in 0xD800...0xDFFF as ClosedRange<Int> {
            let bytes = [0xED, UInt8(0x80 | value >> 6 & 0x3F), UInt8(0x80 | value & 0x3F)]
            #expect(verdict(on: bytes).impossible == 1)
        }
    }

    @Test(arguments: 0...3)
    func `A corrupted stream fails at the reference's byte, however it is cut`(round: Int) {
        for seed in UInt64(round * 150)..<UInt64(round * 150 + 150) {
            var random = SplitMix64(seed: seed)
            var bytes = RandomStream.text(scalars: Int.random(in: 1...120, using: &random), using: &random)
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &random)
                default: bytes.insert(0x80, at: index)
                }
            }
            if Bool.random(using: &random) { bytes.removeLast() }
            expectAgreement(bytes)
            for feeding in Feeding.anywhere { expectAgreement(bytes, feeding) }
            expectAgreement(Array(repeating: 0x61, count: Int(seed % 70)) + bytes)
        }
    }

    @Test
    func `An impossible byte is found at every distance from the start`() async {
        await Sweep.each(of: 0...130) { position in
            for bad in [0x80, 0xC0, 0xF5, 0xFF] as [UInt8] {
                var bytes = [UInt8](repeating: 0x61, count: 140)
                bytes[position] = bad
                #expect(verdict(on: bytes).impossible == position)
            }
        }
    }

    @Test func `Failure is for good and keeps its offset`() {
        var validator = UTF8StreamValidator()
        let start: [UInt8] = [0x61, 0xC3]
        let bad: [UInt8] = [0x28]
        let good: [UInt8] = [0xA9, 0x61]
        #expect(validator.validate(start.span) == nil)
        #expect(!validator.isComplete)
        #expect(validator.validate(bad.span) == 2)
        #expect(validator.validate(good.span) == 2)
        #expect(validator.finish() == 2)
        #expect(validator.firstImpossibleByte == 2)
        #expect(validator.validatedCount == 2)
    }

    @Test func `An unfinished sequence is reported at its lead byte, even from an earlier piece`() {
        var validator = UTF8StreamValidator()
        for piece in [[0x61, 0xF0], [0x9F], [], [0x98]] as [[UInt8]] {
            #expect(validator.validate(piece.span) == nil)
            #expect(!validator.isComplete)
            #expect(validator.sequenceStart == 1)
        }
        #expect(validator.finish() == 1)
        #expect(validator.firstImpossibleByte == 1)
    }

    @Test func `An empty stream is complete`() {
        var validator = UTF8StreamValidator()
        let nothing: [UInt8] = []
        #expect(validator.validate(nothing.span) == nil)
        #expect(validator.isComplete)
        #expect(validator.finish() == nil)
    }

    private func verdict(on bytes: [UInt8], _ feeding: Feeding = .whole) -> (impossible: Int?, unfinished: Int?) {
        var validator = UTF8StreamValidator()
        for chunk in feeding.chunks(of: bytes) { validator.validate(chunk.span) }
        if let impossible = validator.firstImpossibleByte { return (impossible, nil) }
        return (nil, validator.finish())
    }

    private func expectAgreement(_ bytes: [UInt8], _ feeding: Feeding = .whole) {
        let (found, expected) = (verdict(on: bytes, feeding), ReferenceKernels.utf8(bytes))
        let isValid = String(validating: bytes, as: UTF8.self) != nil
        // Most calls agree, and an expectation costs far more than a comparison.
        guard found != expected || isValid != (found == (nil, nil)) else { return }
        Issue.record("\(Hex.encode(bytes)) \(feeding): found \(found), expected \(expected), stdlib valid: \(isValid)")
    }
}
