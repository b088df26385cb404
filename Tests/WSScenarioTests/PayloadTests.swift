import TestSupport
import Testing
import WSKernels
import WSScenario

@Suite struct Payloads {
    /// The octet at each place, said in the plainest way.
    private func plain(_ unit: [UInt8], _ length: Int) -> [UInt8] {
        (0..<length).map { unit[$0 % unit.count] }
    }

    @Test(arguments: 1...9)
    func `Every range of a repeated unit is what a plain loop gives`(unitLength: Int) {
        let unit = (0..<unitLength).map { UInt8($0 + 1) }
        for length in [0, 1, unitLength, unitLength + 1, 3 * unitLength, 40] {
            let payload = Payload.repeating(unit: unit, length: length)
            let expected = plain(unit, length)
            #expect(payload.octets == expected)
            #expect(payload.count == length)
            for lower in 0...length {
                for upper in lower...length {
                    var octets: [UInt8] = [0xAA]
                    payload.append(lower..<upper, to: &octets)
                    if octets != [0xAA] + expected[lower..<upper] {
                        Issue.record("\(unitLength) octets to \(length), \(lower)..<\(upper): \(octets)")
                    }
                }
            }
        }
    }

    @Test func `A slice goes on at the beginning behind the end of its data`() {
        let whole = SampleData.json.octets(seed: 7)
        let slice = SampleSlice(.json, seed: 7, start: whole.count - 5, length: 2 * whole.count + 9)
        let payload = Payload.sample(slice)
        #expect(payload.count == slice.length)
        for range in [0..<0, 0..<5, 3..<12, 5..<5, 4..<6, 0..<slice.length, slice.length - 1..<slice.length] {
            var octets: [UInt8] = [1]
            payload.append(range, to: &octets)
            #expect(octets == [1] + range.map { whole[($0 + whole.count - 5) % whole.count] })
        }
        #expect(Payload.octets(payload.octets).hasSameOctets(as: payload))
        #expect(!payload.hasSameOctets(as: .sample(slice.moved(by: 1))))
    }

    @Test func `A payload that differs in its last octet alone is another one`() {
        let payload = Payload.sample(SampleSlice(.document, start: 16, length: 70_000))
        var octets = payload.octets
        #expect(payload.hasSameOctets(as: .octets(octets)))
        octets[69_999] ^= 1
        #expect(!payload.hasSameOctets(as: .octets(octets)))
    }

    @Test func `Ranges of stored octets are taken as they are`() {
        let payload = Payload.octets([1, 2, 3, 4])
        var octets: [UInt8] = []
        payload.append(1..<3, to: &octets)
        payload.append(4..<4, to: &octets)
        #expect(octets == [2, 3])
        #expect(Payload.empty.octets == [])
        #expect(Payload.text("κ").octets == [0xCE, 0xBA])
    }

    @Test(arguments: [1, 3, 5, 10, 16_383, 16_384, 16_385, 20_000])
    func `A long repetition is right around each multiple of the unit`(unitLength: Int) {
        let unit = (0..<unitLength).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let payload = Payload.repeating(unit: unit, length: 70_001)
        for lower in [0, 1, unitLength - 1, 65_536] {
            var octets: [UInt8] = []
            payload.append(lower..<70_001, to: &octets)
            #expect(octets == (lower..<70_001).map { unit[$0 % unitLength] })
        }
    }
}

@Suite struct `Payload matchers` {
    private static let payloads: [Payload] = [
        .empty, .octets([7]), .text("Hello, world!"), .repeating("BAsd7&jh23", length: 100),
        .repeating(unit: [0xFE], length: 33), .repeating("abc", length: 2), .repeating("abc", length: 0),
        .repeating(unit: (0..<250).map { UInt8($0) }, length: 40_000),
        .sample(SampleSlice(.prose, start: 48, length: 100)),
        .sample(SampleSlice(.bitmap, start: SampleData.bitmap.count - 16, length: 33_000)),
    ]

    @Test
    func `The payload itself matches in pieces of any size`() async {
        await Sweep.each(of: Self.payloads, and: [1, 2, 7, 8, 9, 64, 16_384, 100_000]) { payload, size in
            let octets = payload.octets
            var matcher = PayloadMatcher(payload)
            for start in stride(from: 0, to: octets.count, by: size) {
                #expect(!matcher.isComplete)
                let piece = Array(octets[start..<min(start + size, octets.count)])
                let isEqual = matcher.match(piece.span)
                #expect(isEqual)
            }
            #expect(matcher.isComplete)
            let more: [UInt8] = [0]
            let isStillEqual = matcher.match(more.span)
            #expect(!isStillEqual)
            #expect(matcher.hasFailed && !matcher.isComplete)
            matcher.restart()
            #expect(matcher.isComplete == (payload.count == 0))
        }
    }

    @Test(arguments: [Payload.text("Hello, world!"), .repeating("BAsd7&jh23", length: 100)], [1, 8, 100])
    func `One wrong octet is seen wherever it stands`(payload: Payload, size: Int) {
        let right = payload.octets
        for place in right.indices {
            var octets = right
            octets[place] ^= 0x20
            var matcher = PayloadMatcher(payload)
            var last = true
            for start in stride(from: 0, to: octets.count, by: size) {
                let piece = Array(octets[start..<min(start + size, octets.count)])
                last = matcher.match(piece.span)
                #expect(last == (start + piece.count <= place))
            }
            #expect(!last && matcher.hasFailed && !matcher.isComplete)
        }
    }

    @Test func `Skipped octets count as equal ones`() {
        let payload = Payload.repeating("abc", length: 10)
        let rest = Array(payload.octets[4...])
        var matcher = PayloadMatcher(payload)
        matcher.skip(4)
        let isEqual = matcher.match(rest.span)
        #expect(isEqual && matcher.isComplete)
    }
}

@Suite struct `Message matchers` {
    private let short = Payload.repeating("x", length: 300)
    private let long = Payload.repeating("x", length: 500)

    @Test func `Of payloads that begin alike, the one that fits at the end is named`() {
        var matcher = MessageMatcher([short, long])
        let begin = Array(repeating: UInt8(ascii: "x"), count: 300)
        let rest = Array(repeating: UInt8(ascii: "x"), count: 200)
        let first = matcher.match(begin.span)
        #expect(first == 0)
        #expect(matcher.completed == 0)
        let second = matcher.match(rest.span)
        #expect(second == 1)
        #expect(matcher.completed == 1)
    }

    @Test func `Octets skipped under one name still count for others that begin alike`() {
        var matcher = MessageMatcher([short, long, .repeating("y", length: 500)])
        matcher.skip(300, of: 0)
        let rest = Array(repeating: UInt8(ascii: "x"), count: 200)
        let index = matcher.match(rest.span)
        #expect(index == 1)
        #expect(matcher.completed == 1)
    }

    @Test func `Nothing matches after giving up until the next message`() {
        var matcher = MessageMatcher([.text("a")])
        let octets: [UInt8] = [0x61]
        matcher.fail()
        let failed = matcher.match(octets.span)
        #expect(failed == nil)
        #expect(matcher.completed == nil)
        matcher.restart()
        let next = matcher.match(octets.span)
        #expect(next == 0)
    }
}
