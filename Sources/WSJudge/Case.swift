import WSProtocol
import WSScenario
import WSTranscript

/// A scenario with its recorded timeline, and derived values that several rules share.
struct Case: Sendable {
    /// The scenario as it applies to the role under test.
    let scenario: Scenario
    let timeline: Timeline
    let effort: Effort
    let subprotocols: [String]
    let comparison: EventComparison
    /// Whether the application sends unrelated messages, so that its messages are not compared with ours.
    let ignoresMessages: Bool
    /// How the application answered the probe before the first scenario; nil where it was not probed.
    let application: ObservedApplication?
    /// Whether the run has no time limits, so that no finding may rest on how late something came.
    let hasNoTimeLimits: Bool
    /// The WebSocket address of the server: the target's, or our own where a client is under test.
    let url: String
    /// What is wrong with a server's answer to the opening handshake; several properties depend on it.
    let handshakeProblems: [HandshakeProblem]
    /// What the octets of the first wrong message say of how it came about; nil if they say nothing.
    let compressionMistake: CompressionMistake?
    /// The findings of the handshake rule.
    private(set) var handshakeFindings: [Finding] = []

    init(scenario: Scenario, transcript: Transcript) {
        let role = Role(rawValue: transcript.header.roleUnderTest) ?? .server
        let scenario = scenario.testing(role).seeded(transcript.header.seed)
        self.scenario = scenario
        timeline = Timeline(transcript, scenario: scenario)
        effort = Effort(rawValue: transcript.header.effort) ?? .quick
        subprotocols = transcript.header.subprotocols
        url = transcript.header.url
        comparison = EventComparison(scenario, effort: effort, negotiation: timeline.negotiation)
        ignoresMessages = transcript.header.ignoresMessages == true && scenario.needs == .nothing
        handshakeProblems = role == .client ? [] : Judge.handshakeProblems(in: timeline)
        compressionMistake = CompressionMistake.first(in: timeline, transcript, of: scenario)
        application = transcript.header.application
        hasNoTimeLimits = transcript.header.waitsForever == true
        handshakeFindings = Judge.findingsOfHandshake(self)
    }

    /// The role under test.
    var roleUnderTest: Role { timeline.roleUnderTest }

    /// Whether a WebSocket connection was opened.
    var isOpened: Bool { timeline.openedAt != nil }

    /// Whether a server agreed to permessage-deflate where the scenario lists that as a violation.
    ///
    /// What the scenario sends behind the handshake then has another meaning than it lists.
    var hasAgreedWrongly: Bool {
        scenario.behaviour.contains { outcome in
            guard case .agreesToCompression(let offers) = outcome.pattern else { return false }
            return isOpened && timeline.negotiation.agreesToCompression(unless: offers)
        }
    }

    /// The main requirement of the scenario.
    var requirement: String { scenario.requirements.first ?? "RFC6455-7.1.7-02" }

    // MARK: - What came back

    /// An event that counts for the comparison, and the index of its timeline entry.
    struct Counted: Sendable {
        var event: ObservedEvent
        var index: Int
    }

    /// Whether the peer has to fail the connection.
    var mustFail: Bool {
        if case .peerFails = scenario.conclusion { true } else { false }
    }

    /// Whether the peer answered a late barrier, so that it read on after the violation.
    private var hasGoneOn: Bool {
        timeline.firstIndex { if case .mark(.lateBarrierAnswered) = $0 { true } else { false } } != nil
    }

    /// The events that count, up to the peer's Close frame or the moment at which the runner gave up.
    var counted: [Counted] { counted(isPatient: false) }

    /// The events that count, including those that came after the runner had given up at its deadline.
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
            case .mark(.gaveUp(.deadline)) where isPatient, .mark(.gaveUp(.tookTooLong)) where isPatient:
                break
            // If the script goes on after the peer's Close frame, so does the comparison.
            case .close where scenario.script.contains(.awaitClose):
                break
            // Where nothing was violated, what was missing may come behind this Pong.
            case .mark(.lateBarrierAnswered) where !mustFail:
                break
            case .close, .mark(.gaveUp), .mark(.lateBarrierAnswered):
                return result
            default:
                break
            }
        }
        return result
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
        /// Neither side ended it before we gave up.
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

    /// The index at which the runner gave up, or saw that the peer had accepted what it should reject.
    var gaveUpIndex: Int? {
        timeline.firstIndex { kind in
            switch kind {
            case .mark(.gaveUp): true
            case .mark(.lateBarrierAnswered): mustFail
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
            // If the peer had to fail the connection, it did not do so before we gave up. The exception are two Close
            // frames that crossed, where the peer's code names the error.
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
        case .finished, .truncated, .reset: true
        case .closedHere, .notConnected, .notSecured, nil: false
        }
    }

    /// Whether a listed conforming outcome has this code for the failed connection.
    private func namesTheError(_ code: UInt16) -> Bool {
        scenario.closing.contains { outcome in
            guard outcome.grade == .conforms else { return false }
            switch outcome.pattern {
            case .peerCloses(let codes), .peerReplies(let codes): return codes?.contains(code) ?? false
            default: return false
            }
        }
    }

    /// The code of the first Close frame that we sent outside the script; nil where there is none.
    private var givingUpCode: UInt16? {
        for case .extra(.close, let payload) in timeline.entries.map(\.kind) { return CloseBody.decode(payload).code }
        return nil
    }

    /// Whether the peer echoed the code that we sent after giving up, which is as good as 1000.
    private func sameAsOurs(_ code: UInt16?) -> Bool {
        guard let gaveUp = gaveUpIndex, let ours = ourCloseIndex, gaveUp < ours else { return false }
        return ourCloseCode == code
    }

    /// Whether the peer's Close frame came before this entry, or at the same time.
    func closesFirst(before entry: Timeline.Entry) -> Bool {
        timeline.peerCloseIndex.map { timeline.entries[$0].time <= entry.time } ?? false
    }

    /// The octets of the peer's Close frame; empty where there is none.
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
    /// Whether a listed outcome compares the wait with this tag.
    func hasWait(_ tag: String) -> Bool {
        behaviour.contains { $0.pattern.events?.contains(.stillOpen(tag: tag)) ?? false }
    }
}

extension Grade {
    /// The verdict for a listed outcome of this grade.
    var verdict: Verdict {
        switch self {
        case .conforms: .pass
        case .informational: .informational
        case .tolerated: .tolerated
        case .violates: .fail
        }
    }
}
