import PeerTestSupport
import Synchronization
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

    @Test(arguments: starts, RunPlan.Application.allCases)
    func `A target that cannot be tested is one line that names it and the mend`(
        start: Start,
        application: RunPlan.Application
    ) async {
        let (ending, log) = await MemoryRun.run(MemoryTarget { _ in start.meeting }, application: application)
        guard case .unreachable(let line) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(!line.contains("\n") && line.utf8.count < 200)
        if application == .auto { for word in start.words { #expect(line.contains(word)) } }
        #expect(log.final.isEmpty)
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
