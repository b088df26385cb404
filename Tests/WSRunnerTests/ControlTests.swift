import PeerTestSupport
import Synchronization
import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSProtocol
import WSRunner
import WSScenario

@Suite struct `The control at the start of a run` {
    private static let few = MemoryRun.few

    /// What a target does from the start, and a word of the line that says so.
    struct Start: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var words: [String]
        var meeting: MemoryTarget.Meeting

        init(_ name: String, _ words: String..., meeting: MemoryTarget.Meeting) {
            testDescription = name
            self.words = words
            self.meeting = meeting
        }

        /// A target that answers the request with this text.
        init(_ name: String, _ words: String..., answering text: String) {
            testDescription = name
            self.words = words
            meeting = .peer(
                ScriptedPeer { event, answers in
                    if case .request = event { answers.send(text) }
                }
            )
        }
    }

    private static let starts: [Start] = [
        Start(
            "refused",
            "peer.example:9001",
            "start the server",
            meeting: .refused("peer.example:9001 refused the connection; start the server or check the port")
        ),
        Start("silent", "peer.example:9001", "does not answer", "--timeout", meeting: .peer(ScriptedPeer { _, _ in })),
        Start("garbage", "peer.example:9001", "HTTP", answering: "220 mail.example ESMTP\r\n"),
        Start("404", "ws://peer.example:9001/", "404", "path", answering: "HTTP/1.1 404 Not Found\r\n\r\n"),
        Start("503", "503", answering: "HTTP/1.1 503 Service Unavailable\r\n\r\n"),
        Start(
            "ended",
            "peer.example:9001",
            "closed the connection during the handshake",
            meeting: .peer(ScriptedPeer { event, answers in if case .request = event { answers.end() } })
        ),
        Start(
            "neither echoes nor pongs",
            "ws://peer.example:9001/",
            "neither",
            meeting: .peer(ScriptedPeer { event, answers in if case .request = event { answers.behave(event) } })
        ),
    ]

    @Test
    func `A target that cannot be tested is one line that names it and the mend`() async {
        await Sweep.each(of: Self.starts, and: RunPlan.Application.allCases) { start, application in
            let (ending, log) = await MemoryRun.run(MemoryTarget { _ in start.meeting }, application: application)
            guard case .unreachable(let line) = ending else { return #expect(Bool(false), "\(ending)") }
            #expect(!line.contains("\n") && line.utf8.count < 200)
            if application == .auto { for word in start.words { #expect(line.contains(word)) } }
            #expect(log.final.isEmpty)
        }
    }

    @Test func `A server that does not echo is tested with what needs no echo`() async {
        let target = MemoryTarget { _ in
            .peer(ScriptedPeer { event, answers in if case .message = event {} else { answers.behave(event) } })
        }
        let (ending, log) = await MemoryRun.run(target)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.few)
        for scenario in Self.few {
            let expected: Bool = log.verdict(scenario.id) == .skipped
            #expect(expected == (scenario.needs == .echo))
        }
        #expect(log.notes.count == 1 && log.notes[0].contains("skipped"))
        guard case .peer = log.events.first else { return #expect(Bool(false), "the peer is told first") }
    }

    /// What an application sends that does not just echo, and a word of the line that says what is made of it.
    private static let applications: [(name: String, words: String, peer: ScriptedPeer)] = [
        (
            "greets and then echoes", "besides the echo",
            ScriptedPeer { event, answers in
                answers.behave(event)
                if case .request = event { answers.send(.text, Array("welcome".utf8)) }
            }
        ),
        (
            "greets in the segment of its 101 and then echoes", "besides the echo",
            ScriptedPeer { event, answers in
                guard case .request(let head) = event else { return answers.behave(event) }
                let greeting = Answers.frame(.text, Array("welcome".utf8))
                answers.send(Answers.acceptance(of: head) + greeting)
            }
        ),
        (
            "pushes from the start and swallows", "other messages",
            ScriptedPeer { event, answers in
                if case .message = event {} else { answers.behave(event) }
                switch event {
                case .request, .timer:
                    if !answers.hasClosed { answers.send(.text, Array("tick".utf8)) }
                    answers.wait(.microseconds(30))
                default: break
                }
            }
        ),
        (
            "wraps what it echoes", "other messages",
            ScriptedPeer { event, answers in
                if case .message(_, let octets) = event {
                    guard !answers.hasClosed else { return }
                    answers.send(.text, Array("{".utf8) + octets + Array("}".utf8))
                } else {
                    answers.behave(event)
                }
            }
        ),
    ]

    @Test(arguments: applications.indices, [RunPlan.Application.auto, .none])
    func `An application that sends messages of its own is tested with what needs no echo, and fails nothing`(
        index: Int,
        application: RunPlan.Application
    ) async {
        let (_, words, peer) = Self.applications[index]
        let (ending, log) = await MemoryRun.run(MemoryTarget { _ in .peer(peer) }, application: application)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.few)
        for (id, verdict) in log.blemishes { #expect(verdict == .skipped, "\(id)") }
        #expect(log.blemishes.count == MemoryRun.echoing.count)
        #expect(log.notes.count == (application == .auto ? 1 : 0))
        #expect(log.notes.allSatisfy { $0.contains(words) && $0.contains("skipped") })
    }

    @Test func `What such an application swallows it still fails for`() async {
        // It sends without end and answers Pings, also behind a frame that it has to fail the connection for.
        let peer = ScriptedPeer { event, answers in
            switch event {
            case .message, .violation: break
            case .request, .timer:
                answers.behave(event)
                if !answers.hasClosed { answers.send(.text, Array("tick".utf8)) }
                answers.wait(.milliseconds(1))
            default: answers.behave(event)
            }
        }
        let (_, log) = await MemoryRun.run(MemoryTarget { _ in .peer(peer) })
        #expect(log.verdict("reserved-bits/rsv3-text") == .fail)
        #expect(log.judgement("reserved-bits/rsv3-text")?.reason.contains("had to be failed") == true)
        #expect(log.verdict("ping/ten") == .pass)
    }

    @Test func `An application that pushes now and then is no broadcast`() async {
        // Too late for the control to hear it; a connection that listens does.
        let target = MemoryTarget { connection in
            guard connection.scenario == "control/listener" else { return .model }
            return .peer(
                ScriptedPeer { event, answers in
                    answers.behave(event)
                    if case .request = event { answers.wait(.milliseconds(50)) }
                    if case .timer = event { answers.send(.text, Array("tick".utf8)) }
                }
            )
        }
        let (ending, log) = await MemoryRun.run(target)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.few)
        #expect(log.notes.count == 1 && log.notes[0].contains("of its own"))
        for scenario in MemoryRun.echoing { #expect(log.verdict(scenario.id) == .skipped) }
    }

    @Test func `A server said to echo has to`() async {
        let target = MemoryTarget { _ in
            .peer(ScriptedPeer { event, answers in if case .message = event {} else { answers.behave(event) } })
        }
        let (ending, log) = await MemoryRun.run(target, application: .echo)
        guard case .unreachable(let line) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(line.contains("--application"))
        #expect(log.final.isEmpty)
    }
}
