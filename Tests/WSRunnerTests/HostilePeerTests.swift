import PeerTestSupport
import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

@Suite struct `Hostile and broken peers` {
    private static let echo = Catalogue.Controls.echo

    // MARK: - The answer to the handshake

    /// What a peer does instead of answering the handshake.
    struct Answer: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var failure: ConversationFacts.Failure
        var most: LinkDuration
        var peer: ScriptedPeer

        init(
            _ name: String,
            _ failure: ConversationFacts.Failure,
            within most: LinkDuration,
            _ react: @escaping @Sendable (ScriptedPeer.Event, inout Answers) -> Void
        ) {
            testDescription = name
            self.failure = failure
            self.most = most
            peer = ScriptedPeer(react)
        }

        /// A peer that answers the request with these octets and then does nothing.
        init(_ name: String, _ failure: ConversationFacts.Failure, answering text: String) {
            self.init(name, failure, within: .milliseconds(10)) { event, answers in
                if case .request = event { answers.send(text) }
            }
        }
    }

    private static let answers: [Answer] = [
        Answer("silence", .silent, within: .milliseconds(5001)) { _, _ in },
        Answer("FIN at once", .endedInHandshake, within: .milliseconds(1)) { event, answers in
            if event == .connected { answers.end() }
        },
        Answer("reset at once", .endedInHandshake, within: .milliseconds(1)) { event, answers in
            if event == .connected { answers.reset() }
        },
        Answer("half an answer, then FIN", .endedInHandshake, within: .milliseconds(1)) { event, answers in
            guard case .request = event else { return }
            answers.send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: webso")
            answers.end()
        },
        Answer("garbage", .notHTTP, answering: "SSH-2.0-OpenSSH_9.9\r\n"),
        Answer("TLS alert", .notHTTP, answering: "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}\u{16}"),
        Answer("404", .refused, answering: "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
        Answer("200", .refused, answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        Answer("503", .refused, answering: "HTTP/1.1 503 Service Unavailable\r\n\r\n"),
        Answer("no status", .refused, answering: "HTTP/1.1 \r\n\r\n"),
        Answer("endless head in one go", .notHTTP, within: .milliseconds(10)) { event, answers in
            guard case .request = event else { return }
            answers.send("HTTP/1.1 101 Switching Protocols\r\n" + String(repeating: "X: y\r\n", count: 20_000))
        },
        Answer("endless head, an octet a second", .silent, within: .milliseconds(31_000)) { event, answers in
            if event == .connected { answers.send("HTTP/1.1 101 Switching Protocols\r\nX: ") }
            answers.send("y")
            answers.wait(.seconds(1))
        },
        Answer("interim responses for ever", .silent, within: .milliseconds(31_000)) { event, answers in
            answers.send("HTTP/1.1 102 Processing\r\n\r\n")
            answers.wait(.seconds(1))
        },
    ]

    @Test
    func `A handshake without its 101 ends soon and says why`() async {
        await Sweep.each(of: Self.answers) { answer in
            let link = Conversation.run(Self.echo, with: answer.peer)
            let machine = link.client
            #expect(machine.facts.failure == answer.failure)
            #expect(!machine.facts.hasOpened && !machine.facts.isFulfilled)
            #expect(machine.transcript.isComplete)
            #expect(machine.transcript.duration <= answer.most)
            let judgement = Judge.judge(Self.echo, machine.transcript)
            let rules: Set = ["handshake", Judge.unopenedRule]
            #expect(judgement.findings.contains { $0.rule == "handshake" })
            #expect(judgement.findings.allSatisfy { rules.contains($0.rule) })
        }
    }

    @Test func `An answer refused says its status and its server`() {
        let peer = ScriptedPeer { event, answers in
            guard case .request = event else { return }
            answers.send("HTTP/1.1 429 Too Many Requests\r\nServer: busy/1\r\n\r\n")
        }
        let facts = Conversation.run(Self.echo, with: peer).client.facts
        #expect(facts.statusCode == 429)
        #expect(facts.server == "busy/1")
    }

    // MARK: - A tester that sleeps

    @Test func `Nobody is given up because the tester itself was asleep`() throws {
        let settings = Conversation.settings()
        var machine = ConversationMachine(scenario: Self.echo, settings: settings)
        func idleTimer(_ actions: [LinkAction]) -> LinkInstant? {
            for case .setTimer(LinkTimer(number: 0), let moment) in actions { return moment }
            return nil
        }
        var actions: [LinkAction] = []
        machine.linkConnected(at: .zero, actions: &actions)
        let first = try #require(idleTimer(actions))
        actions = []
        machine.linkTimerFired(LinkTimer(number: 0), at: first + .seconds(8), actions: &actions)
        let second = try #require(idleTimer(actions))
        #expect(second - first == .seconds(13))
        #expect(!actions.contains(.close))
        actions = []
        machine.linkTimerFired(LinkTimer(number: 0), at: second, actions: &actions)
        #expect(actions.contains(.close))
    }

    @Test(arguments: [300, 5_000, 3_600_000])
    func `A tester that is late each time ends all the same`(milliseconds: Int64) {
        let settings = Conversation.settings()
        var machine = ConversationMachine(scenario: Self.echo, settings: settings)
        var timers: [LinkTimer: LinkInstant] = [:]
        var actions: [LinkAction] = []
        machine.linkConnected(at: .zero, actions: &actions)
        var now = LinkInstant.zero
        var firings = 0
        while !actions.contains(.close), firings < 1_000 {
            for action in actions {
                if case .setTimer(let timer, let moment) = action { timers[timer] = moment }
                if case .cancelTimer(let timer) = action { timers[timer] = nil }
            }
            guard let (timer, due) = timers.min(by: { ($0.value, $0.key.number) < ($1.value, $1.key.number) }) else {
                break
            }
            timers[timer] = nil
            now = max(now, due + .milliseconds(milliseconds))
            actions = []
            machine.linkTimerFired(timer, at: now, actions: &actions)
            firings += 1
        }
        #expect(actions.contains(.close), "\(firings) timers fired, and it is \(now)")
        let whole = settings.idleTimeout.nanoseconds * Pacing.wholeConversationInIdleTimeouts
        #expect(firings <= 64 && now.nanoseconds <= 5 * whole + 8 * milliseconds * 1_000_000, "\(firings) \(now)")
    }

    // MARK: - After the handshake

    /// What a peer does once the connection is open, and what has to come of it.
    struct Conduct: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var scenario: Scenario
        var most: LinkDuration
        var end: TranscriptEnd
        var gaveUp: TranscriptGiveUp?
        var peer: ScriptedPeer

        init(
            _ name: String,
            _ scenario: Scenario,
            within most: LinkDuration,
            end: TranscriptEnd,
            gaveUp: TranscriptGiveUp? = nil,
            _ react: @escaping @Sendable (ScriptedPeer.Event, inout Answers) -> Void
        ) {
            testDescription = name
            self.scenario = scenario
            self.most = most
            self.end = end
            self.gaveUp = gaveUp
            peer = ScriptedPeer { event, answers in
                if case .request = event { answers.behave(event) }
                react(event, &answers)
            }
        }
    }

    private static let conducts: [Conduct] = [
        Conduct("says nothing", echo, within: .milliseconds(6_100), end: .closedHere, gaveUp: .deadline) { _, _ in },
        Conduct("never answers Close", echo, within: .milliseconds(5_100), end: .closedHere, gaveUp: .deadline) {
            event,
            answers in
            if case .message = event { answers.behave(event) }
        },
        Conduct("never drops TCP", echo, within: .milliseconds(5_100), end: .closedHere, gaveUp: .deadline) {
            event,
            answers in
            if case .message = event { answers.behave(event) }
            if case .close(let body) = event { answers.sendClose(body.code) }
        },
        Conduct("drops TCP without Close", echo, within: .milliseconds(1), end: .finished) { event, answers in
            if case .message = event { answers.end() }
        },
        Conduct("resets", echo, within: .milliseconds(1), end: .reset) { event, answers in
            if case .message = event { answers.reset() }
        },
        Conduct(
            "closes in the middle of a script",
            Conversation.scenario("ping/125-octets-octet-wise"),
            within: .milliseconds(20),
            end: .finished
        ) {
            event,
            answers in
            if case .request = event { answers.wait(.milliseconds(3)) }
            if case .timer = event { answers.sendClose(1001) }
            if case .close = event { answers.end() }
        },
        Conduct(
            "closes in the middle of a large message",
            Conversation.scenario("limits/text/16-mebibytes"),
            within: .milliseconds(20),
            end: .finished
        ) { event, answers in
            if case .request = event { answers.sendClose(1009) }
            if case .close = event { answers.end() }
        },
        Conduct(
            "closes inside an unfinished frame",
            Conversation.scenario("utf8/fail-fast/pieces-between-code-points"),
            within: .milliseconds(20),
            end: .finished
        ) {
            event,
            answers in
            if case .request = event { answers.wait(.milliseconds(3)) }
            if case .timer = event { answers.sendClose(1007) }
            if case .close = event { answers.end() }
        },
        Conduct(
            "resets in the middle of a script",
            Conversation.scenario("ping/ten-octet-wise"),
            within: .milliseconds(20),
            end: .reset
        ) {
            event,
            answers in
            if case .request = event { answers.wait(.milliseconds(2)) }
            if case .timer = event { answers.reset() }
        },
        Conduct("dribbles a frame for ever", echo, within: .milliseconds(31_100), end: .closedHere, gaveUp: .deadline) {
            event,
            answers in
            if case .request = event { answers.send([0x82, 126, 0xFF, 0xFF]) }
            guard [.connected, .timer(0)].contains(event) else { return }
            if event == .timer(0) { answers.send([0]) }
            answers.wait(.seconds(1))
        },
        Conduct(
            "dribbles instead of answering Close",
            echo,
            within: .milliseconds(31_100),
            end: .closedHere,
            gaveUp: .deadline
        ) {
            event,
            answers in
            if case .message = event { answers.behave(event) }
            if case .close = event { answers.wait(.seconds(1)) }
            guard event == .timer(0) else { return }
            answers.send(.ping)
            answers.wait(.seconds(1))
        },
        Conduct(
            "pings for ever and does nothing else",
            echo,
            within: .milliseconds(31_100),
            end: .closedHere,
            gaveUp: .deadline
        ) {
            event,
            answers in
            guard [.connected, .timer(0)].contains(event) else { return }
            if event == .timer(0) { answers.send(.ping, [1]) }
            answers.wait(.milliseconds(500))
        },
        Conduct("floods with messages", echo, within: .milliseconds(1_200), end: .closedHere, gaveUp: .mismatch) {
            event,
            answers in
            guard [.connected, .timer(0)].contains(event) else { return }
            if event == .timer(0) {
                answers.send(.binary, [UInt8](repeating: 0, count: 65_536))
            }
            answers.wait(.milliseconds(1))
        },
        Conduct("floods with one frame", echo, within: .milliseconds(2_000), end: .closedHere, gaveUp: .flood) {
            event,
            answers in
            if case .request = event { answers.send([0x82, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]) }
            guard [.connected, .timer(0)].contains(event) else { return }
            if event == .timer(0) { answers.send([UInt8](repeating: 0, count: 65_536)) }
            answers.wait(.milliseconds(1))
        },
        Conduct("floods with Pings", echo, within: .milliseconds(20_000), end: .closedHere, gaveUp: .flood) {
            event,
            answers in
            guard [.connected, .timer(0)].contains(event) else { return }
            if event == .timer(0) {
                answers.send((0..<100).flatMap { _ in Answers.frame(.ping, [UInt8](repeating: 1, count: 125)) })
            }
            answers.wait(.milliseconds(1))
        },
        Conduct(
            "sends frames that are garbage",
            echo,
            within: .milliseconds(6_100),
            end: .closedHere,
            gaveUp: .deadline
        ) {
            event,
            answers in
            if case .message = event { answers.send([UInt8](repeating: 0xFF, count: 1000)) }
        },
    ]

    @Test
    func `A conversation ends in time whatever the peer does`() async {
        await Sweep.each(of: Self.conducts) { conduct in
            let link = Conversation.run(conduct.scenario, with: conduct.peer)
            let transcript = link.client.transcript
            #expect(transcript.end == conduct.end)
            #expect(transcript.duration <= conduct.most)
            let reasons = transcript.marks.compactMap { mark -> TranscriptGiveUp? in
                if case .gaveUp(let reason) = mark { reason } else { nil }
            }
            #expect(reasons.first == conduct.gaveUp)
            #expect(link.client.facts.failure == nil)
            // A hostile peer fills no memory: neither the record nor its judgement grows with what it sends.
            #expect(transcript.events.count < 70_000)
            let judgement = Judge.judge(conduct.scenario, transcript)
            #expect(judgement.wire.count <= 40)
            let sent = Conversation.sentOctets(of: transcript, scenario: conduct.scenario, seed: 1, effort: .quick)
            #expect(sent == link.sentByClient)
        }
    }

    @Test func `A load conversation waits as long as Autobahn does, and no longer`() {
        let scenario = Conversation.scenario("limits/text/64-kibibytes")
        let silent = ScriptedPeer { event, answers in
            if case .request = event { answers.behave(event) }
        }
        let transcript = Conversation.run(scenario, with: silent).client.transcript
        #expect(transcript.duration > .milliseconds(9_900) && transcript.duration < .milliseconds(11_100))
        #expect(transcript.marks.contains(.gaveUp(.deadline)))
    }

    @Test func `A peer that takes its time is waited for as long as something moves`() {
        let slow = ScriptedPeer { event, answers in
            switch event {
            case .message(let opcode, let octets):
                for (index, octet) in Answers.frame(opcode, octets).enumerated() {
                    answers.wait(.seconds(2 * Double(index + 1)), timer: 1024 + index * 256 + Int(octet))
                }
            case .timer(let number): answers.send([UInt8(number & 0xFF)])
            default: answers.behave(event)
            }
        }
        let transcript = Conversation.run(Self.echo, with: slow).client.transcript
        #expect(Judge.judge(Self.echo, transcript).behaviour == .pass)
        #expect(transcript.duration > .seconds(18))
    }
}
