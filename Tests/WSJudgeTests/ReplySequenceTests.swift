import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// What is said of replies that come in another order than they are due, as others, or not at all.
@Suite struct ReplySequenceTests {
    private typealias Reply = ReplySequences.Reply

    private func difference(_ sequences: ReplySequences, _ name: String) -> String? {
        Golden.difference(sequences.text, from: "replies-\(name).txt")
    }

    private static func message(_ text: String) -> ExpectedEvent { .message(.text, .text(text)) }
    private static func pong(_ text: String) -> ExpectedEvent { .pong(.text(text)) }

    /// A scenario of valid frames.
    private static func valid(_ frames: [FrameToSend], _ events: [ExpectedEvent]) -> Scenario {
        .generated(
            "made/valid",
            "Frames with which nothing is wrong",
            script: frames.map { .send($0) },
            answers: events,
            fate: .complete,
            isCompressed: false
        )
    }

    private static let mixed: [FrameToSend] = [
        FrameToSend(.text, .text("one")), FrameToSend(.ping, .text("p")), FrameToSend(.text, .text("two")),
        FrameToSend(.ping, .text("q")),
    ]
    private static let answers = [message("one"), pong("p"), message("two"), pong("q")]
    private static let toMixed: [Reply] = [
        .text("1", "one"), .text("2", "two"), .pong("p", "p"), .pong("q", "q"), .text("x", "other"),
    ]

    @Test func `of echoes and Pongs`() {
        let sequences = ReplySequences(
            scenario: Self.valid(Self.mixed, Self.answers),
            replies: Self.toMixed,
            endings: [.silence(4), .ours(3), .close(1000, 2), .close(1009, 2), .drop(2), .time(3)]
        )
        #expect(difference(sequences, "mixed") == nil)
    }

    @Test func `of echoes and Pongs before a violation`() {
        let lateBarrier = Reply("B") { recording in
            let payload = Array("0123456789abcdef".utf8)
            recording.mark(.lateBarrierSent(payload: payload))
            recording.send(.ping, payload)
            recording.receive(.pong, payload)
            recording.mark(.lateBarrierAnswered)
        }
        let scenario = Scenario.generated(
            "made/invalid",
            "Frames that the last one breaks",
            script: (Self.mixed + [FrameToSend(.ping), FrameToSend(Opcode(rawValue: 0xB))]).map { .send($0) },
            answers: Self.answers + [.pong(.empty)],
            fate: .fails([.reservedOpcode], codes: [1002]),
            isCompressed: false
        )
        let sequences = ReplySequences(
            scenario: scenario,
            replies: Self.toMixed + [.pong("e", ""), lateBarrier],
            endings: [.close(1002, 3), .silence(3), .drop(2), .close(1009, 2), .time(2)]
        )
        #expect(difference(sequences, "before-violation") == nil)
    }

    @Test func `of Pongs with other octets`() {
        let run = FrameRun(numbered: FrameToSend(.ping), count: 3)
        var scenario = Self.valid(
            [FrameToSend(.ping, .text("abcd")), FrameToSend(.ping, .text("ab")), FrameToSend(.pong, .text("sent"))],
            [Self.pong("abcd"), Self.pong("ab"), .pong(.octets(FrameRun.number(2)))]
        )
        scenario.script.append(.sendRun(run))
        let sent = Reply("S") { $0.send(.pong, Array("mine".utf8)) }
        let asked = Reply("P") { $0.send(.ping, Array("abXY".utf8)) }
        let sequences = ReplySequences(
            scenario: scenario,
            replies: [
                .pong("a", "abcd"), .pong("b", "ab"), .pong("x", "abXY"), .pong("s", "sent"), .pong("m", "mine"),
                .pong("e", ""), Reply("2") { $0.receive(.pong, FrameRun.number(2)) }, sent, asked,
            ],
            endings: [
                .silence(3),
                ReplySequences.Ending("no right Pong", most: 3) {
                    $0.mark(.gaveUp(.wrongPong))
                    $0.sendClose(1001)
                    $0.receiveClose(1001)
                    $0.end()
                },
                .close(1000, 2), .drop(2), .ours(2),
            ]
        )
        #expect(difference(sequences, "pongs") == nil)
    }

    @Test func `to runs of Pings and Pongs that leave in parts`() {
        var scenario = Self.valid([], [.pong(.text("p"))])
        scenario.script = [
            .sendRun(FrameRun(FrameToSend(.ping, .text("p")), count: 2)),
            .sendRun(FrameRun(FrameToSend(.pong, .text("u")), count: 2)),
            .sendRun(FrameRun(numbered: FrameToSend(.pong), count: 2)),
        ]
        let parts = scenario.script.indices.map { step in
            Reply(Character("\(step)")) { $0.sendFrames(of: step, 1..<2) }
        }
        let beginnings = scenario.script.indices.map { step in
            Reply(Character("\(step + 5)")) { $0.sendFrames(of: step, 0..<1) }
        }
        let sequences = ReplySequences(
            scenario: scenario,
            replies: parts + beginnings + [
                .pong("p", "p"), .pong("u", "u"), Reply("n") { $0.receive(.pong, FrameRun.number(1)) },
            ],
            endings: [.silence(3)],
            opened: { Recording.opened($0) }
        )
        #expect(difference(sequences, "runs") == nil)
    }

    @Test func `to a wait`() {
        var scenario = Self.valid([FrameToSend(.text, .text("one"))], [Self.message("one")])
        scenario.script.append(.barrier(tag: "A", pings: 1))
        scenario.behaviour = [
            .conforms(.events([Self.message("one"), .stillOpen(tag: "A")])),
            .tolerated(.events([.stillOpen(tag: "A"), Self.message("one")]), "the echo came late"),
            .violates(.events([.stillOpen(tag: "A")]), "sent no echo"),
        ]
        let sequences = ReplySequences(
            scenario: scenario,
            replies: [
                .text("1", "one"), .text("x", "other"), .pong("p", "none of ours"),
                Reply("A") { $0.mark(.waited(tag: "A", answered: true)) },
                Reply("a") { $0.mark(.waited(tag: "A", answered: false)) },
                Reply("B") { $0.mark(.waited(tag: "B", answered: true)) },
                Reply("d") { $0.mark(.gaveUp(.deadline)) },
                Reply("m") { $0.mark(.gaveUp(.mismatch)) },
            ],
            endings: [.silence(3), .ours(3), .close(1000, 2), .drop(2)]
        )
        #expect(difference(sequences, "wait") == nil)
    }

    @Test func `to messages in a loop`() {
        let loop = EchoLoop(.text, .text("again"), fullCount: 5, quickCount: 3)
        var scenario = Self.valid([], [])
        scenario.needs = .echo
        scenario.script = [.echoLoop(loop)]
        scenario.behaviour = [.conforms(.events([.echoes(.text, .text("again"))]))]
        let sequences = ReplySequences(
            scenario: scenario,
            replies: [
                .text("1", "again"), .text("x", "other"), .pong("p", "none of ours"),
                Reply("b") { $0.receive(.binary, Array("again".utf8)) },
                Reply("d") { $0.mark(.gaveUp(.deadline)) },
            ],
            endings: [.silence(4), .ours(3), .close(1000, 2), .close(1009, 2), .drop(2), .time(3)]
        )
        #expect(difference(sequences, "loop") == nil)
        var recording = Recording.opened(scenario)
        recording.sendScript()
        for _ in 1...4 { recording.receive(.text, Array("again".utf8)) }
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        #expect(recording.judgement.verdict == .fail)
        #expect(recording.judgement.reason == "sent a text message of 5 octets where nothing was due")
        #expect(recording.judgement.findings.map(\.reasonKey) == ["answered-unasked"])
    }

    @Test(arguments: [Scenario.Tag.load, .robustness])
    func `that stop after a load, or come when nobody waits any more`(tag: Scenario.Tag) {
        var scenario = Self.valid([FrameToSend(.text, .text("one"))], [Self.message("one")])
        scenario.tags = [tag]
        scenario.phase = tag == .load ? .load : .ordinary
        let sequences = ReplySequences(
            scenario: scenario,
            replies: [
                .text("1", "one"), .text("x", "other"), Reply("d") { $0.mark(.gaveUp(.deadline)) },
                Reply("t") { $0.mark(.gaveUp(.tookTooLong)) }, Reply("f") { $0.mark(.gaveUp(.flood)) },
            ],
            endings: [.silence(3), .ours(3), .time(2)]
        )
        #expect(difference(sequences, "\(tag)") == nil)
    }
}
