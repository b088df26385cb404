import Testing
import WSProtocol
import WSScenario

@Suite struct `Pings that are out` {
    private static let numbered = FrameRun(numbered: FrameToSend(.ping), count: 5)

    private func answers(_ pings: inout OpenPings, _ payloads: [[UInt8]]) -> [Bool] {
        payloads.map { pings.answer($0) }
    }

    @Test func `Each is answered once, in any order`() {
        var pings = OpenPings()
        for payload in [[1], [2], [1]] as [[UInt8]] { pings.add(payload) }
        #expect(answers(&pings, [[2], [1]]) == [true, true])
        #expect(pings.contains([1]))
        #expect(answers(&pings, [[1], [1], []]) == [true, false, false])
        #expect(!pings.contains([1]))
    }

    @Test func `Of a numbered run those that were sent can be answered`() {
        var pings = OpenPings()
        pings.add(Self.numbered, frames: 1..<3)
        #expect((0..<5).map { pings.contains(FrameRun.number($0)) } == [false, true, true, false, false])
        pings.add(Self.numbered, frames: 3..<Int.max)
        #expect((0..<5).map { pings.contains(FrameRun.number($0)) } == [false, true, true, true, true])
    }

    @Test func `A run of the same Ping waits for as many Pongs`() {
        var pings = OpenPings()
        pings.add(FrameRun(FrameToSend(.ping, .text("p")), count: 3), frames: 0..<2)
        #expect(answers(&pings, Array(repeating: Array("p".utf8), count: 3)) == [true, true, false])
    }

    @Test func `Frames that are no Pings are not answered`() {
        var pings = OpenPings()
        pings.add(FrameRun(FrameToSend(.pong, .text("p")), count: 3), frames: 0..<3)
        #expect(!pings.contains(Array("p".utf8)))
    }
}
