import TestSupport
import Testing
import WSFuzzing
import WSKernels

@Suite struct `Masking kernel` {
    static let keys: [UInt32] = [0x37FA_213D, 0, 0xFFFF_FFFF, 0x0102_0304, 0x8000_0001]

    @Test func `The masked Hello of RFC 6455 section 5.7 comes out octet by octet`() {
        var bytes = Array("Hello".utf8)
        var span = bytes.mutableSpan
        Masking.apply(key: 0x37FA_213D, phase: 0, to: &span)
        #expect(bytes == [0x7F, 0x9F, 0x4D, 0x51, 0x58])
    }

    @Test(arguments: keys)
    func `Every length, phase and alignment agrees with the reference and spares its neighbours`(key: UInt32) {
        for length in Array(0...64) + [127, 128, 129, 200] {
            let original = (0..<(length + 40)).map { UInt8(truncatingIfNeeded: $0 &* 37) }
            for phase in 0...3 {
                let alignment = (length + phase * 5) % 17
                expectAgreement(original, key: key, phase: phase, range: alignment..<(alignment + length))
            }
        }
        let original = (0..<120).map { UInt8(truncatingIfNeeded: $0 &* 101) }
        for alignment in 0...32 {
            expectAgreement(original, key: key, phase: alignment % 4, range: alignment..<(alignment + 77))
        }
    }

    @Test(arguments: keys)
    func `Appending masks without touching the source or what was there`(key: UInt32) {
        for length in 0...80 {
            let source = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 91) }
            for phase in 0...3 {
                var target: [UInt8] = [1, 2, 3]
                Masking.append(source.span, key: key, phase: phase, to: &target)
                #expect(target == [1, 2, 3] + ReferenceKernels.mask(source, key: key, phase: phase))
            }
        }
    }

    @Test func `Masking in pieces equals masking at once`() {
        let source = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        let whole = ReferenceKernels.mask(source, key: 0xDEAD_BEEF, phase: 0)
        for seed in 1...50 as ClosedRange<UInt64> {
            var position = 0
            var pieces: [UInt8] = []
            for chunk in Feeding.randomChunks(seed: seed).chunks(of: source) {
                Masking.append(chunk.span, key: 0xDEAD_BEEF, phase: position, to: &pieces)
                position += chunk.count
            }
            #expect(pieces == whole)
        }
    }

    @Test func `Masking twice restores the bytes`() {
        let original = (0..<333).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var bytes = original
        for _ in 0..<2 {
            var span = bytes.mutableSpan
            Masking.apply(key: 0x1234_5678, phase: 3, to: &span)
        }
        #expect(bytes == original)
    }

    private func expectAgreement(_ original: [UInt8], key: UInt32, phase: Int, range: Range<Int>) {
        var expected = original
        expected.replaceSubrange(range, with: ReferenceKernels.mask(Array(original[range]), key: key, phase: phase))
        // The kernel gets a part of the storage, so that its first byte stands at any alignment.
        var bytes = original
        bytes.withMutableSpan(range) { span in
            Masking.apply(key: key, phase: phase, to: &span)
        }
        #expect(bytes == expected, "length \(range.count), phase \(phase), alignment \(range.lowerBound)")
    }
}

extension [UInt8] {
    /// Hands a part of the array's storage to the body.
    fileprivate mutating func withMutableSpan(
        _ range: Range<Int>,
        _ body: (inout MutableSpan<UInt8>) -> Void
    ) {
        unsafe withUnsafeMutableBufferPointer { buffer in
            var span = unsafe MutableSpan(_unsafeElements: buffer.extracting(range))
            body(&span)
        }
    }
}

@Suite struct `ASCII through a mask` {
    @Test(arguments: Masked.keys)
    func `It is seen as in the octets without the mask, at every length and phase`(key: UInt32) {
        for count in 0...40 {
            for phase in 0..<4 {
                let plain = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 3 + 32) & 0x7F }
                let masked = ReferenceKernels.mask(plain, key: key, phase: phase)
                #expect(Self.isASCII(masked, key, phase))
                for index in plain.indices {
                    var other = masked
                    other[index] ^= 0x80
                    #expect(!Self.isASCII(other, key, phase), "octet \(index) of \(count)")
                }
            }
        }
    }

    private static func isASCII(_ octets: [UInt8], _ key: UInt32, _ phase: Int) -> Bool {
        Masking.isASCII(octets.span, key: key, phase: phase)
    }

    /// Keys with and without top bits.
    enum Masked {
        static let keys: [UInt32] = [0x37FA_213D, 0, 0xFFFF_FFFF, 0x8000_0001]
    }
}
