import TestSupport
import Testing
import WSCatalogue
import WSProtocol
import WSScenario

/// Equal octets and an equal end have equal grades, however the octets were cut into writes.
@Suite struct EqualOctetsTests {
    /// A scenario for one side, with what it sends brought into a form that knows no writes.
    private struct Sent: Hashable {
        var role: Role
        var opening: Opening
        var connections: Int
        var driver: DriverNeed
        var security: SecurityToSpeak?
        var stream: StreamToSpeak?
        var octets: [SentFrame]
    }

    @Test func `scenarios whose octets differ by their cuts alone have the same outcomes`() {
        var groups: [Sent: [Scenario]] = [:]
        for scenario in Catalogue.all where scenario.scalingBaseline == nil && scenario.supervision == nil {
            for role in scenario.targets {
                let sent = Sent(
                    role: role,
                    opening: scenario.opening.withoutCuts,
                    connections: scenario.connections,
                    driver: scenario.driver,
                    security: scenario.security,
                    stream: scenario.stream,
                    octets: scenario.script.framesWithoutCuts
                )
                groups[sent, default: []].append(scenario.testing(role))
            }
        }
        let shared = groups.filter { $0.value.count > 1 }
        #expect(shared.contains { $0.value.map(\.id).contains("closing/one-byte-payload-split") })
        #expect(shared.contains { $0.value.map(\.id).contains("closing/octet-wise") })
        for (sent, scenarios) in shared {
            for other in scenarios.dropFirst() {
                let first = scenarios[0]
                #expect(first.closing.grades == other.closing.grades, "\(sent.role): \(first.id), \(other.id)")
                let isSame = first.behaviourOfOctets == other.behaviourOfOctets
                #expect(isSame, "\(sent.role): \(first.id), \(other.id)")
            }
        }
    }

    @Test
    func `a Close frame that the peer answers is graded by what it answers, in every script`() async {
        await Sweep.each(of: Catalogue.all) { scenario in
            for role in scenario.targets {
                let closes = scenario.script.indices.contains { scenario.sendsClose(atStep: $0, testing: role) }
                // Behind a Close frame of the peer's, ours is the answer.
                guard case .peerFails = scenario.conclusion, !scenario.script.contains(.awaitClose) else { continue }
                let outcomes = scenario.testing(role).closing
                #expect(outcomes.contains { $0.pattern.isOfOurClose } == closes, "\(scenario.id)")
            }
        }
    }

    @Test func `the same answer to each malformed Close frame has the same grade`() {
        let malformed = Catalogue.all.filter { scenario in
            scenario.script.contains { step in
                switch step {
                case .send(let frame):
                    frame.opcode == .close && !frame.isWellFormedClose(sentBy: .client) && frame.masking != .none
                case .startClosingHandshake(let body, _): body.count == 1 || body.count > 125
                default: false
                }
            } && scenario.targets.contains(.server) && !scenario.tags.contains(.ambiguous)
        }
        #expect(malformed.count > 10)
        for scenario in malformed {
            #expect(scenario.outcome(.peerReplies(codes: [1002]))?.grade == .conforms, "\(scenario.id)")
            #expect(scenario.outcome(.peerReplies(codes: [1000]))?.grade == .tolerated, "\(scenario.id)")
            #expect(scenario.outcome(.peerReplies(codes: [1005]))?.grade == .tolerated, "\(scenario.id)")
            #expect(scenario.outcome(.peerDropsAfterOurClose)?.grade == .tolerated, "\(scenario.id)")
            #expect(scenario.outcome(.staysOpen)?.grade == .violates, "\(scenario.id)")
        }
    }
}

/// A frame, or octets that are none, without the way it is written.
private enum SentFrame: Hashable {
    case frame(FrameToSend)
    case run(FrameRun)
    case message(MessageToSend)
    case loop(EchoLoop)
    case octets([UInt8])
    case ping(String)
    case reading
    case silence(Step)
}

extension [Step] {
    /// What the steps send, without cuts and pauses.
    fileprivate var framesWithoutCuts: [SentFrame] {
        var frames: [SentFrame] = []
        var begun: (frame: FrameToSend, length: Int)?
        for step in self {
            switch step.canonical {
            case .send(var frame):
                frame.pacing = .together
                frames.append(.frame(frame))
            case .startClosingHandshake(let body, _): frames.append(.frame(FrameToSend(.close, body)))
            case .sendMessage(let message): frames.append(.message(message))
            case .sendRun(let run): frames.append(.run(run))
            case .beginFrame(let fin, let opcode, let length): begun = (FrameToSend(opcode, fin: fin), length)
            case .continueFrame(let payload):
                guard var whole = begun else { break }
                whole.frame.payload = .octets(whole.frame.payload.octets + payload.octets)
                begun = whole.frame.payload.count < whole.length ? whole : nil
                if begun == nil { frames.append(.frame(whole.frame)) }
            case .barrier(let tag, let pings): frames += [SentFrame](repeating: .ping(tag), count: pings)
            case .echoLoop(let loop): frames.append(.loop(loop))
            case .sendOctets(let octets): frames.append(.octets(octets))
            case .pauseReading: frames.append(.reading)
            case .ignorePings, .ignoreClose, .endOutput, .reset, .sendOnConnection, .pingConnection:
                frames.append(.silence(step))
            // What lasts is no cut.
            case .pause(let milliseconds) where milliseconds >= 1000: frames.append(.silence(step))
            case .awaitClose: frames.append(.silence(step))
            case .quiesce, .awaitPong, .pause: break
            }
        }
        if let begun { frames.append(.frame(begun.frame)) }
        return frames
    }
}

extension Opening {
    /// The opening without the way it is written; what ends the connection stays.
    fileprivate var withoutCuts: Opening {
        switch self {
        case .ordinary, .framesWithHandshake: return .ordinary
        case .negotiating: return self
        case .request(var request):
            if case .pieces = request.pacing { request.pacing = .whole }
            return .request(request)
        case .response(var response):
            if case .pieces = response.pacing { response.pacing = .whole }
            return .response(response)
        }
    }
}

extension [Outcome<ClosingPattern>] {
    /// The grade of each pattern.
    fileprivate var grades: [ClosingPattern: Grade] {
        reduce(into: [:]) { $0[$1.pattern.sorted] = $0[$1.pattern.sorted] ?? $1.grade }
    }
}

extension Scenario {
    /// The grade of each thing that may come back, but for what a wait alone shows.
    fileprivate var behaviourOfOctets: [BehaviourPattern: Grade] {
        behaviour.reduce(into: [:]) { grades, outcome in
            let isWait = outcome.pattern.events?.contains { if case .stillOpen = $0 { true } else { false } } ?? false
            let pattern = outcome.pattern.canonical
            if !isWait { grades[pattern] = grades[pattern] ?? outcome.grade }
        }
    }
}

extension BehaviourPattern {
    /// The pattern with canonical payloads.
    fileprivate var canonical: BehaviourPattern {
        switch self {
        case .events(let events): .events(events.map(\.canonical))
        case .pongsAhead(let events): .pongsAhead(events.map(\.canonical))
        case .anyOrder(let events): .anyOrder(events.map(\.canonical))
        case .someOf(let events): .someOf(events.map(\.canonical))
        case .withoutEarlierPongs(let events, let inOrder):
            .withoutEarlierPongs(events.map(\.canonical), inOrder: inOrder)
        default: self
        }
    }
}

extension ClosingPattern {
    /// The pattern with each of its codes once, in order.
    fileprivate var sorted: ClosingPattern {
        switch self {
        case .peerCloses(let codes?): .peerCloses(codes: Set(codes).sorted())
        case .peerReplies(let codes?): .peerReplies(codes: Set(codes).sorted())
        default: self
        }
    }

    /// Whether the peer answered our Close frame, or was to.
    fileprivate var isOfOurClose: Bool {
        switch self {
        case .peerReplies, .peerDropsAfterOurClose: true
        case .peerCloses, .peerDrops, .staysOpen, .anything: false
        }
    }
}
