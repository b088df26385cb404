import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

@Suite struct `The closing rule` {
    /// How a connection ends, and what two scenarios make of it.
    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// What happens once the script is out.
        var happens: @Sendable (inout Recording) -> Void
        /// The closing of a scenario in which the peer has to fail the connection with 1002.
        var failing: Verdict
        /// The closing of a scenario in which we close with 1000 once the echo has come.
        var answering: Verdict

        init(
            _ name: String,
            failing: Verdict,
            answering: Verdict,
            _ happens: @escaping @Sendable (inout Recording) -> Void
        ) {
            testDescription = name
            self.happens = happens
            self.failing = failing
            self.answering = answering
        }
    }

    private static let rows: [Row] = [
        Row("peer closes 1002", failing: .pass, answering: .fail) {
            $0.receiveClose(1002)
            $0.sendClose(1000)
            $0.end()
        },
        Row("peer closes 1002 and never gets our reply", failing: .pass, answering: .fail) {
            $0.receiveClose(1002)
            $0.end(.reset)
        },
        Row("peer closes 1000", failing: .tolerated, answering: .tolerated) {
            $0.receiveClose(1000)
            $0.sendClose(1000)
            $0.end()
        },
        Row("peer closes without a code", failing: .tolerated, answering: .tolerated) {
            $0.receiveClose(nil)
            $0.sendClose(1000)
            $0.end()
        },
        Row("peer drops with FIN", failing: .tolerated, answering: .fail) { $0.end(.finished) },
        Row("peer drops with a reset", failing: .tolerated, answering: .fail) { $0.end(.reset) },
        Row("peer cuts its stream", failing: .tolerated, answering: .fail) { $0.end(.truncated) },
        Row("peer drops after an unanswered late barrier", failing: .tolerated, answering: .fail) {
            $0.mark(.lateBarrierSent(payload: [1]))
            $0.send(.ping, [1])
            $0.end()
        },
        Row("peer replies 1000", failing: .fail, answering: .pass) {
            $0.sendClose(1000)
            $0.receiveClose(1000)
            $0.end()
        },
        Row("peer replies without a code", failing: .fail, answering: .pass) {
            $0.sendClose(1000)
            $0.receiveClose(nil)
            $0.end()
        },
        Row("peer replies 1001", failing: .fail, answering: .tolerated) {
            $0.sendClose(1000)
            $0.receiveClose(1001)
            $0.end()
        },
        Row("peer does not reply and drops", failing: .fail, answering: .fail) {
            $0.sendClose(1000)
            $0.end()
        },
        Row("peer does not reply and stays", failing: .fail, answering: .fail) {
            $0.sendClose(1000)
            $0.milliseconds += 5000
            $0.mark(.gaveUp(.deadline))
            $0.end(.closedHere)
        },
        // Where nothing was violated, its Pong is no reason for us to give up; then our Close would be 1000.
        Row("peer answers the late barrier, then our Close", failing: .fail, answering: .tolerated) {
            $0.mark(.lateBarrierSent(payload: [1]))
            $0.send(.ping, [1])
            $0.receive(.pong, [1])
            $0.mark(.lateBarrierAnswered)
            $0.sendClose(1001)
            $0.receiveClose(1001)
            $0.end()
        },
        Row(
            "peer answers the late barrier and fails the connection as our Close is under way",
            failing: .pass,
            answering: .tolerated
        ) {
            $0.mark(.lateBarrierSent(payload: [1]))
            $0.send(.ping, [1])
            $0.receive(.pong, [1])
            $0.mark(.lateBarrierAnswered)
            $0.sendClose(1001)
            $0.receiveClose(1002)
            $0.end()
        },
        Row("peer says nothing until we give up", failing: .fail, answering: .pass) {
            $0.milliseconds += 5000
            $0.mark(.gaveUp(.deadline))
            $0.sendClose(1001)
            $0.receiveClose(1001)
            $0.end()
        },
        Row("peer floods", failing: .fail, answering: .fail) {
            $0.mark(.gaveUp(.flood))
            $0.end(.closedHere)
        },
        Row("peer sends two Close frames, the first decides", failing: .tolerated, answering: .fail) {
            $0.receiveClose(1002)
            $0.receiveClose(1000)
            $0.sendClose(1000)
            $0.end()
        },
        Row("peer pongs after its Close", failing: .pass, answering: .fail) {
            $0.receiveClose(1002)
            $0.receive(.pong, [1])
            $0.sendClose(1000)
            $0.end()
        },
        Row("peer sends data after its Close", failing: .fail, answering: .fail) {
            $0.receiveClose(1002)
            $0.receive(.text, Array("late".utf8))
            $0.sendClose(1000)
            $0.end()
        },
        Row("peer closes with a code that nobody may send", failing: .fail, answering: .fail) {
            $0.receiveClose(1006)
            $0.sendClose(1000)
            $0.end()
        },
    ]

    @Test
    func `A peer that has to fail the connection`() async {
        await Sweep.each(of: Self.rows) { row in
            var recording = Recording.opened(Catalogue.the("fragmentation/text-inside-text"))
            recording.sendScript()
            row.happens(&recording)
            #expect(recording.judgement.gravestOfClosing == row.failing)
            #expect(recording.judgement.behaviour == .pass)
        }
    }

    @Test
    func `A peer that has to answer our Close`() async {
        await Sweep.each(of: Self.rows) { row in
            var recording = Recording.opened(Catalogue.the("closing/after-echo"))
            recording.sendScript()
            recording.receive(.text, Array("Hello World!".utf8))
            row.happens(&recording)
            #expect(recording.judgement.gravestOfClosing == row.answering)
            #expect(recording.judgement.behaviour == .pass)
        }
    }

    @Test
    func `A reset says what FIN says, and the order of time is kept`() async {
        await Sweep.each(of: Self.rows) { row in
            for end in [TranscriptEnd.finished, .reset] {
                var recording = Recording.opened(Catalogue.the("fragmentation/text-inside-text"))
                recording.sendScript()
                row.happens(&recording)
                guard recording.transcript.events.last?.kind != .ended(.closedHere) else { return }
                var transcript = recording.transcript
                transcript.events[transcript.events.count - 1].kind = .ended(end)
                let judgement = LookedAt.judgement(of: recording.scenario, transcript)
                let others = judgement.findings.filter { $0.rule != "reset" }
                #expect(others == recording.judgement.findings)
                // A reset adds one thing: behind a reply to our Close nothing was left unread, so that 7.1.1 asks for FIN.
                #expect((others.count < judgement.findings.count) == (end == .reset && recording.peerReplies))
            }
        }
    }

    @Test(arguments: [(TranscriptEnd.reset, Verdict.inconclusive), (.finished, .fail)])
    func `A reset over what we sent behind our Close is held against nobody`(end: TranscriptEnd, verdict: Verdict) {
        for id in ["closing/ping-behind-close", "closing/text-behind-close", "closing/second-close"] {
            var recording = Recording.opened(Catalogue.the(id))
            recording.sendScript()
            recording.end(end)
            #expect(recording.judgement.closing == verdict)
        }
        var alone = Recording.opened(Catalogue.the("closing/code-alone"))
        alone.sendScript()
        alone.end(end)
        #expect(alone.judgement.closing == .fail)
    }

    @Test(arguments: ["Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: a framework of many words/1.0\r\n\r\n", "\r\n"])
    func `A response of HTTP behind the Close frames is told as that, and only once`(rest: String) {
        var recording = Recording.opened(Catalogue.the("closing/code-alone"))
        recording.sendScript()
        recording.receiveClose(1000)
        recording.receive("HTTP/1.1 200 OK\r\n" + rest)
        recording.end()
        let told = recording.judgement.findings.filter { $0.rule == "framing" || $0.rule == "second-close" }
        #expect(told.count == 1 && told.first?.verdict == .fail, "\(told)")
        #expect(told.first?.reason.hasPrefix("sent an HTTP response where a frame was due") == true, "\(told)")
    }

    @Test
    func `Each legal code may be echoed, answered with 1000 or with none`() async {
        await Sweep.each(
            of: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999] as [UInt16]
        ) { code in
            for reply in [code, 1000, nil] {
                var recording = Recording.opened(Catalogue.the("closing/code/\(code)"))
                recording.sendScript()
                recording.receiveClose(reply)
                recording.end()
                #expect(recording.judgement.verdict == .pass)
            }
        }
    }

    @Test(arguments: [0, 999, 1005, 1006] as [UInt16], [false, true])
    func `A code that is never to be sent must not be echoed`(code: UInt16, echoes: Bool) {
        var recording = Recording.opened(Catalogue.the("closing/code/\(code)"))
        recording.sendScript()
        recording.receiveClose(echoes ? code : 1002)
        recording.end()
        #expect(recording.judgement.verdict == (echoes ? .fail : .pass))
    }

    @Test(arguments: [1004, 1016, 1100, 2000, 2999] as [UInt16])
    func `An echo of a reserved code is no failure`(code: UInt16) {
        for reply in [code, 1000, nil] {
            var recording = Recording.opened(Catalogue.the("closing/code/\(code)"))
            recording.sendScript()
            recording.receiveClose(reply)
            recording.end()
            #expect(recording.judgement.verdict == .tolerated)
        }
    }

    @Test func `A Close frame between fragments of the peer's message is a Close frame`() {
        var recording = Recording.opened(Catalogue.the("fragmentation/text-inside-text"))
        recording.sendScript()
        recording.receive(.text, [0x61], fin: false)
        recording.receiveClose(1002)
        recording.sendClose(1000)
        recording.end()
        #expect(recording.judgement.verdict == .pass)
        #expect(recording.judgement.closeCode == 1002)
    }
}

extension Judgement {
    /// The gravest finding about the end of the connection, those in passing included.
    fileprivate var gravestOfClosing: Verdict {
        findings.filter { $0.axis == .closing }.map(\.verdict).max() ?? .pass
    }
}
