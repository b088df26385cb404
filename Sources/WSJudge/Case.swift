import WSProtocol
import WSScenario
import WSTranscript

/// One scenario with what came of it, and the readings that several rules share.
struct Case: Sendable {
    /// The scenario as it stands for the side under test.
    let scenario: Scenario
    let timeline: Timeline
    let effort: Effort
    let subprotocols: [String]
    let comparison: EventComparison
    /// Whether the application sends what it likes, so that its messages answer nothing.
    let ignoresMessages: Bool
    /// What the run found out of the application before its first scenario; nil where it did not look.
    let application: ObservedApplication?
    /// Whether the tester waited as long as it took, so that how late something came says nothing.
    let hasAllTheTime: Bool
    /// The address of the server: the target's, or our own where a client is under test.
    let url: String
    /// What is wrong with a server's answer to the opening handshake; several readings hang on it.
    let handshakeProblems: [HandshakeProblem]
    /// What the rule about that answer finds.
    private(set) var handshakeFindings: [Finding] = []

    init(scenario: Scenario, transcript: Transcript) {
        let role = Role(rawValue: transcript.header.roleUnderTest) ?? .server
        let scenario = scenario.testing(role)
        self.scenario = scenario
        timeline = Timeline(transcript, scenario: scenario)
        effort = Effort(rawValue: transcript.header.effort) ?? .quick
        subprotocols = transcript.header.subprotocols
        url = transcript.header.url
        comparison = EventComparison(scenario, effort: effort)
        ignoresMessages = transcript.header.ignoresMessages == true && scenario.needs == .nothing
        handshakeProblems = role == .client ? [] : Judge.handshakeProblems(in: timeline)
        application = transcript.header.application
        hasAllTheTime = transcript.header.waitsForever == true
        handshakeFindings = Judge.findingsOfHandshake(self)
    }

    /// The side under test.
    var roleUnderTest: Role { timeline.roleUnderTest }

    /// Whether a WebSocket connection came about.
    var isOpened: Bool { timeline.openedAt != nil }

    /// The requirement that a scenario is about.
    var requirement: String { scenario.requirements.first ?? "RFC6455-7.1.7-02" }

    // MARK: - What came back

    /// An event that counts, with the entry behind it.
    struct Counted: Sendable {
        var event: ObservedEvent
        var index: Int
    }

    /// Whether the peer has to fail the connection.
    var mustFail: Bool {
        if case .peerFails = scenario.conclusion { true } else { false }
    }

    /// Whether a Ping after the violation was answered that nobody can have answered by chance.
    private var hasGoneOn: Bool {
        timeline.firstIndex { if case .mark(.lateBarrierAnswered) = $0 { true } else { false } } != nil
    }

    /// What came back and counts: until the peer's Close, and until the runner gave up waiting.
    var counted: [Counted] { counted(isPatient: false) }

    /// The same, with what came when the runner had waited for long enough.
    var countedPatiently: [Counted] { counted(isPatient: true) }

    private func counted(isPatient: Bool) -> [Counted] {
        var result: [Counted] = []
        var counting = EventCounting(scenario, ignoresMessages: ignoresMessages)
        for (index, entry) in timeline.entries.enumerated() {
            switch entry.kind {
            case .message(let message):
                let event = ObservedEvent.message(message.opcode, length: message.length, payload: message.payload)
                if counting.counts(event) { result.append(Counted(event: event, index: index)) }
            case .script(let reference):
                add(reference, to: &counting.pings)
            case .control(let frame) where frame.opcode == .pong:
                guard counting.take(pong: frame.payload, provesLife: hasGoneOn) == .answer else { break }
                result.append(Counted(event: .pong(frame.payload), index: index))
            case .mark(.waited(let tag, _)):
                if scenario.hasWait(tag) { result.append(Counted(event: .stillOpen(tag: tag), index: index)) }
            case .mark(.gaveUp(.deadline)) where isPatient:
                break
            // Where the script goes on behind the peer's Close frame, so does the scenario.
            case .close where scenario.script.contains(.awaitClose):
                break
            case .close, .mark(.gaveUp), .mark(.lateBarrierAnswered):
                return result
            default:
                break
            }
        }
        return result
    }

    /// Counts the Pings whose first octets a reference names.
    private func add(_ reference: ScriptReference, to pings: inout OpenPings) {
        guard scenario.script.indices.contains(reference.step) else { return }
        switch scenario.script[reference.step] {
        case .send(let frame) where frame.opcode == .ping && reference.start == 0: pings.add(frame.payload.octets)
        case .sendRun(let run):
            let named = (0..<run.count).dropFirst(max(0, reference.frame)).prefix(max(0, reference.frameCount))
            pings.add(run, frames: reference.start == 0 ? named : named.dropFirst())
        default: break
        }
    }

    // MARK: - How it ended

    /// How the connection came to its end.
    enum Closing: Sendable, Hashable {
        /// The peer sent the first Close frame, with this code; nil for none.
        case peerCloses(UInt16?)
        /// The peer ended TCP first, without a Close frame from either side.
        case peerDrops
        /// The peer answered our Close with this code; nil for none.
        case peerReplies(UInt16?)
        /// The peer ended TCP without answering our Close.
        case peerDropsAfterOurClose
        /// Nobody ended it before we gave up.
        case staysOpen
    }

    /// The index of our first Close frame.
    var ourCloseIndex: Int? {
        timeline.firstIndex { kind in
            switch kind {
            case .extra(.close, _): return true
            case .script(let reference):
                return scenario.sendsClose(atStep: reference.step, testing: roleUnderTest)
            default: return false
            }
        }
    }

    /// The code of our first Close frame; nil where it has none.
    var ourCloseCode: UInt16? {
        guard let index = ourCloseIndex else { return nil }
        switch timeline.entries[index].kind {
        case .extra(_, let payload): return CloseBody.decode(payload).code
        case .script(let reference):
            switch scenario.script[reference.step] {
            case .startClosingHandshake(let body, _): return CloseBody.decode(body.octets).code
            case .send(let frame): return CloseBody.decode(frame.payload.octets).code
            default: return nil
            }
        default: return nil
        }
    }

    /// The index at which the runner gave up waiting, or learned that the peer had swallowed what it should refuse.
    var gaveUpIndex: Int? {
        timeline.firstIndex { kind in
            switch kind {
            case .mark(.gaveUp), .mark(.lateBarrierAnswered): true
            default: false
            }
        }
    }

    /// How the connection came to its end.
    var closing: Closing {
        let peer = timeline.peerCloseIndex
        let ours = ourCloseIndex
        let code = timeline.peerClose?.code
        if let peer, ours.map({ peer < $0 }) ?? true { return .peerCloses(code) }
        if let ours {
            // Where the peer had to end the connection, giving up means that it did not; but for two Close frames that
            // crossed, the peer's naming the very error that it had to fail over.
            if mustFail, let gaveUp = gaveUpIndex, peer.map({ gaveUp < $0 }) ?? true {
                guard let code, code != givingUpCode, namesTheError(code) else { return .staysOpen }
                return gaveUp < ours ? .peerCloses(code) : .peerReplies(code)
            }
            if peer != nil { return .peerReplies(sameAsOurs(code) ? CloseCode.normal : code) }
            return isEndedByPeer ? .peerDropsAfterOurClose : .staysOpen
        }
        return isEndedByPeer && gaveUpIndex == nil ? .peerDrops : .staysOpen
    }

    /// Whether the peer ended the TCP connection.
    var isEndedByPeer: Bool {
        switch timeline.end {
        case .finished, .reset: true
        case .closedHere, .notConnected, nil: false
        }
    }

    /// Whether a code is one with which the peer has to fail the connection.
    private func namesTheError(_ code: UInt16) -> Bool {
        scenario.closing.contains { outcome in
            guard outcome.grade == .conforms else { return false }
            switch outcome.pattern {
            case .peerCloses(let codes), .peerReplies(let codes): return codes?.contains(code) ?? false
            default: return false
            }
        }
    }

    /// The code of the Close frame that we sent because we gave up; nil where we sent none.
    private var givingUpCode: UInt16? {
        for case .extra(.close, let payload) in timeline.entries.map(\.kind) { return CloseBody.decode(payload).code }
        return nil
    }

    /// Whether a code is the one that we sent because we gave up: to echo it is as good as to send 1000.
    private func sameAsOurs(_ code: UInt16?) -> Bool {
        guard let gaveUp = gaveUpIndex, let ours = ourCloseIndex, gaveUp < ours else { return false }
        return ourCloseCode == code
    }

    /// Whether the peer's Close had come when something happened.
    func closesFirst(before entry: Timeline.Entry) -> Bool {
        timeline.peerCloseIndex.map { timeline.entries[$0].time <= entry.time } ?? false
    }

    /// The octets of the peer's Close, or of the last thing it sent.
    var closingEvidence: [Evidence] {
        if let index = timeline.peerCloseIndex, let evidence = timeline.entries[index].evidence { return [evidence] }
        return []
    }

    /// The octets that the script sent last.
    var stimulusEvidence: [Evidence] {
        for entry in timeline.entries.reversed() {
            if case .script = entry.kind, let evidence = entry.evidence { return [evidence] }
        }
        return []
    }
}

extension Scenario {
    /// Whether a wait with this tag is an event that the scenario compares.
    func hasWait(_ tag: String) -> Bool {
        behaviour.contains { $0.pattern.events?.contains(.stillOpen(tag: tag)) ?? false }
    }
}

extension Grade {
    /// The verdict that a listed outcome of this grade gives.
    var verdict: Verdict {
        switch self {
        case .conforms: .pass
        case .informational: .informational
        case .tolerated: .tolerated
        case .violates: .fail
        }
    }
}
