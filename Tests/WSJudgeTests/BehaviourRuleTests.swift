import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

@Suite struct `The behaviour rule` {
    private let hello = Array("Hello World!".utf8)

    private func judgement(_ id: String, _ happens: (inout Recording) -> Void) -> Judgement {
        var recording = Recording.opened(Catalogue.the(id))
        recording.sendScript()
        happens(&recording)
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        return recording.judgement
    }

    @Test func `The right echo passes, every other one fails with what came instead`() {
        #expect(judgement("closing/after-echo") { $0.receive(.text, hello) }.verdict == .pass)
        let other = judgement("closing/after-echo") { $0.receive(.text, Array("Hello World?".utf8)) }
        #expect(other.behaviour == .fail && other.reason.contains("not what was sent"))
        let binary = judgement("closing/after-echo") { $0.receive(.binary, hello) }
        #expect(binary.behaviour == .fail && binary.reason.contains("binary"))
        let none = judgement("closing/after-echo") { _ in }
        #expect(none.behaviour == .fail && none.reason.contains("did not come"))
        let twice = judgement("closing/after-echo") {
            $0.receive(.text, hello)
            $0.receive(.text, hello)
        }
        #expect(twice.behaviour == .fail)
    }

    @Test func `The echo of a load that comes when nobody waits any more is slow, not missing`() throws {
        let scenario = Catalogue.the("limits/text/64-kibibytes")
        let echo = try #require(scenario.referencePayloads.first)
        func judged(_ payload: Payload) -> Judgement {
            var recording = Recording.opened(scenario)
            recording.sendScript()
            recording.mark(.gaveUp(.deadline))
            recording.sendClose(1000)
            recording.receive(.text, payload)
            recording.receiveClose(1000)
            recording.end()
            return recording.judgement
        }
        #expect(judged(echo).behaviour == .tolerated)
        #expect(judged(echo).reason.contains("so late"))
        #expect(judged(.text("Hello World?")).behaviour == .fail)
    }

    @Test func `What the peer did once nobody waited any more is not what it did instead`() {
        var recording = Recording.opened(Catalogue.the("closing/after-echo"))
        recording.sendScript()
        recording.mark(.gaveUp(.deadline))
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        #expect(recording.judgement.reason == "the echo of the text message of 12 octets did not come in time")
    }

    @Test func `An echo in fragments, with control frames between them, is an echo`() {
        let fragmented = judgement("closing/after-echo") {
            $0.receive(.text, Array(hello[..<3]), fin: false)
            $0.receive(.ping, [1])
            $0.receive(.continuation, [], fin: false)
            $0.receive(.pong, [9])
            $0.receive(.continuation, Array(hello[3...]))
        }
        #expect(fragmented.verdict == .pass)
    }

    @Test func `Pings and Pongs that answer nothing of ours do not count`() {
        let noisy = judgement("closing/after-echo") {
            $0.receive(.pong)
            $0.receive(.ping, [1, 2])
            $0.receive(.text, hello)
            $0.receive(.pong, [3])
        }
        #expect(noisy.verdict == .pass)
    }

    @Test func `A Ping has to be answered, once is enough, twice is allowed`() {
        let body = Array("Hello, world!".utf8)
        #expect(judgement("ping/text-body") { _ in }.behaviour == .fail)
        #expect(judgement("ping/text-body") { $0.receive(.pong, body) }.verdict == .pass)
        let twice = judgement("ping/text-body") {
            $0.receive(.pong, body)
            $0.receive(.pong, body)
        }
        #expect(twice.verdict == .pass)
        #expect(judgement("ping/text-body") { $0.receive(.pong, [1]) }.behaviour == .fail)
    }

    @Test func `A Pong before its Ping answers nothing`() {
        var recording = Recording.opened(Catalogue.the("ping/empty"))
        recording.receive(.pong)
        recording.sendScript()
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        #expect(recording.judgement.behaviour == .fail)
    }

    @Test func `Of ten Pings the last has to be answered, in order`() {
        let bodies = (0..<10).map { Array("payload-\($0)".utf8) }
        func pongs(_ numbers: Int...) -> Verdict {
            judgement("ping/ten") { recording in for number in numbers { recording.receive(.pong, bodies[number]) } }
                .behaviour
        }
        #expect(pongs(0, 1, 2, 3, 4, 5, 6, 7, 8, 9) == .pass)
        #expect(pongs(9) == .informational)
        #expect(pongs(3, 9) == .informational)
        #expect(pongs(0, 1, 2) == .fail)
        #expect(pongs(9, 3) == .fail)
    }

    @Test func `What comes after the peer's Close or after we gave up does not count`() {
        var closed = Recording.opened(Catalogue.the("ping/126-octets"))
        closed.sendScript()
        closed.receiveClose(1002)
        closed.receive(.pong, [UInt8](repeating: 0xFE, count: 125))
        closed.sendClose(1000)
        closed.end()
        #expect(closed.judgement.verdict == .pass)
        var late = Recording.opened(Catalogue.the("closing/after-echo"))
        late.sendScript()
        late.mark(.gaveUp(.deadline))
        late.sendClose(1001)
        late.receive(.text, hello)
        late.receiveClose(1001)
        late.end()
        #expect(late.judgement.behaviour == .fail)
    }

    @Test func `Going on after a violation is told as that`() {
        let judged = judgement("utf8/surrogate/d800") { $0.receive(.text, [0xED, 0xA0, 0x80]) }
        #expect(judged.verdict == .fail)
        #expect(judged.findings.contains { $0.rule == "behaviour" })
    }

    @Test func `Failing before or after the answers that were due makes no difference`() {
        for echoes in [true, false] {
            var recording = Recording.opened(Catalogue.the("reserved-bits/rsv2-after-text"))
            recording.sendScript()
            if echoes { recording.receive(.text, Array("Hello, world!".utf8)) }
            recording.receiveClose(1002)
            recording.sendClose(1000)
            recording.end()
            #expect(recording.judgement.verdict == (echoes ? .pass : .informational))
        }
    }

    @Test func `When a text turns invalid half-way, too early is wrong and late is not`() {
        func verdict(waits: [String]) -> Verdict {
            var recording = Recording.opened(Catalogue.the("utf8/fail-fast/frames-between-code-points"))
            recording.sendStep(0)
            for (index, tag) in waits.enumerated() {
                recording.mark(.waited(tag: tag, answered: true))
                recording.sendStep(2 * index + 2)
            }
            recording.receiveClose(1007)
            recording.sendClose(1000)
            recording.end()
            return recording.judgement.verdict
        }
        #expect(verdict(waits: []) == .fail)
        #expect(verdict(waits: ["A"]) == .pass)
        #expect(verdict(waits: ["A", "B"]) == .informational)
    }
}
