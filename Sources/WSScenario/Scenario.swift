package import WSProtocol

/// A scenario: what is sent, the possible outcomes with their grades, and the requirements behind them.
///
/// It is a value without code, which can be printed, hashed, encoded and compared.
package struct Scenario: Sendable, Hashable, Codable, Identifiable {
    /// The stable id, `topic/slug`; never reused.
    package var id: String
    /// One line that says what is tested.
    package var title: String
    /// The ids of the requirements behind the verdict, the decisive one first.
    package var requirements: [String]
    /// The roles that can be under test.
    package var targets: [Role]
    /// What the peer's application has to do.
    package var needs: ApplicationNeed
    /// What the driver of a client under test has to do in addition.
    package var driver: DriverNeed
    /// The part of a run in which it is played.
    package var phase: Phase
    /// Why it is in the catalogue.
    package var purpose: Purpose
    /// Whether the target is judged on how it serves others during `quiesce` steps.
    package var watchesOthers: Bool
    /// The transports that it is meant for; its content may restrict them further (``transports``).
    package var meantFor: [Transport]
    /// Words for selecting it, such as `slow`.
    package var tags: [Tag]
    /// Autobahn's case with the same stimulus; nil if there is none.
    package var autobahn: AutobahnCase?
    /// The entry of the catalogue's list of ideas that it realises, such as `HSQ-16`, if it came from there.
    package var chapter: String?
    /// Publicly reported defects that it detects, each once.
    package var references: [KnownDefect]
    /// What has to be observed of the target's process; nil if the wire suffices.
    package var supervision: Supervision?
    /// How many connections play it at once; one is recorded, the others stay at the first `quiesce` step.
    package var connections: Int
    /// Half of the stimulus, if the growth of its time is compared; else nil.
    package var scalingBaseline: ScalingBaseline?
    /// What has to be agreed on for our own compressed messages; nil if there are none.
    package var compression: CompressionNeed?
    /// How the messages depend on the largest one that the peer accepts; nil if they do not.
    package var limitSweep: LimitSweep?
    /// How TLS is spoken, if the scenario is about that; nil if it is about nothing of TLS.
    package var security: SecurityToSpeak?
    /// How HTTP/2 is spoken, if the scenario is about that; nil if it is about nothing of HTTP/2.
    package var stream: StreamToSpeak?
    /// How the conversation opens.
    package var opening: Opening
    /// The steps, in order.
    package var script: [Step]
    /// How the conversation ends after the script.
    package var conclusion: Conclusion
    /// How the peer may react; the first match counts, and no match is a violation.
    package var behaviour: [Outcome<BehaviourPattern>]
    /// How the connection may end; the first match counts, and no match is a violation.
    package var closing: [Outcome<ClosingPattern>]

    /// Creates a scenario.
    package init(
        id: String,
        title: String,
        requirements: [String],
        targets: [Role] = [.client, .server],
        needs: ApplicationNeed,
        driver: DriverNeed = .connect,
        phase: Phase = .ordinary,
        purpose: Purpose = .conformance,
        watchesOthers: Bool = false,
        meantFor: [Transport] = Transport.allCases,
        tags: [Tag] = [],
        autobahn: AutobahnCase? = nil,
        chapter: String? = nil,
        references: [KnownDefect] = [],
        supervision: Supervision? = nil,
        connections: Int = 1,
        scalingBaseline: ScalingBaseline? = nil,
        compression: CompressionNeed? = nil,
        limitSweep: LimitSweep? = nil,
        security: SecurityToSpeak? = nil,
        stream: StreamToSpeak? = nil,
        opening: Opening = .ordinary,
        script: [Step],
        conclusion: Conclusion,
        behaviour: [Outcome<BehaviourPattern>],
        closing: [Outcome<ClosingPattern>]
    ) {
        self.id = id
        self.title = title
        self.requirements = requirements
        self.targets = targets
        self.needs = needs
        self.driver = driver
        self.phase = phase
        self.purpose = purpose
        self.watchesOthers = watchesOthers
        self.meantFor = meantFor
        self.tags = tags
        self.autobahn = autobahn
        self.chapter = chapter
        self.references = references
        self.supervision = supervision
        self.connections = connections
        self.scalingBaseline = scalingBaseline
        self.compression = compression
        self.limitSweep = limitSweep
        self.security = security
        self.stream = stream
        self.opening = opening
        self.script = script
        self.conclusion = conclusion
        self.behaviour = behaviour
        self.closing = closing
    }

    /// The part of the id before the last slash.
    package var topic: String {
        guard let slash = id.lastIndex(of: "/") else { return id }
        return String(id[..<slash])
    }

    /// The ids of all requirements that it cites, also in outcomes.
    package var citedRequirements: Set<String> {
        Set(requirements).union(behaviour.compactMap(\.requirement)).union(closing.compactMap(\.requirement))
    }

    /// Whether a client has to accept our answer to its opening handshake.
    ///
    /// Drivers that do not know refused handshakes can play all such scenarios.
    package var acceptsHandshake: Bool {
        if case .response(let response) = opening {
            response.isAcceptable(
                subprotocols: driver.subprotocols,
                extensions: compression == nil ? [] : ["permessage-deflate; client_max_window_bits"]
            )
        } else {
            true
        }
    }

    /// Whether it says something of a client whose driver was started that it never connects.
    package var mayStayAway: Bool {
        behaviour.contains { $0.pattern == .neverConnects && [.conforms, .informational].contains($0.grade) }
    }

    /// Whether messages are sent one after the other, each after the echo of the previous one.
    package var hasEchoLoop: Bool {
        echoLoop != nil
    }

    /// Whether the messages depend on a limit of the peer's that the scenario was not made for.
    package var isWithoutLimit: Bool { limitSweep.map { $0.limit == nil } ?? false }

    /// The events of the first conforming outcome.
    package var expectedEvents: [ExpectedEvent] {
        for outcome in behaviour where outcome.grade == .conforms {
            return (outcome.pattern.events ?? []).flatMap(\.expandingPongs)
        }
        return []
    }

    /// A number of events that no outcome exceeds: twice the longest list, and what a peer may send in addition.
    package var mostEvents: Int {
        10_000 + 2 * (behaviour.map { ($0.pattern.events ?? []).reduce(0) { $0 + $1.count } }.max() ?? 0)
    }

    /// Whether a step sends the Close frame that the peer answers, with this role under test.
    ///
    /// That holds for a Close frame that starts the closing handshake, and for a Close frame over which the peer has to
    /// fail the connection, because the peer's reaction cannot be distinguished from an answer. It does not hold for a
    /// Close frame after a violation: the peer has failed the connection before it (RFC 6455, 7.1.7).
    package func sendsClose(atStep index: Int, testing role: Role) -> Bool {
        guard script.indices.contains(index) else { return false }
        switch script[index] {
        case .startClosingHandshake: return true
        case .send(let frame) where frame.opcode == .close:
            guard case .peerFails = conclusion else { return true }
            return !frame.isWellFormedClose(sentBy: role.opposite)
        default: return false
        }
    }

    /// The payloads that a transcript may refer to: those of all listed outcomes, in order.
    package var referencePayloads: [Payload] {
        var payloads: [Payload] = []
        var seen: Set<Payload> = []
        for outcome in behaviour {
            for event in outcome.pattern.events ?? [] {
                switch event {
                case .message(_, let payload):
                    if seen.insert(payload).inserted { payloads.append(payload) }
                case .echoes(_, let payload):
                    let loop = echoLoop.flatMap { $0.payload == payload ? $0 : nil }
                    for payload in loop?.payloads ?? [payload] where seen.insert(payload).inserted {
                        payloads.append(payload)
                    }
                case .pong, .numberedPongs, .stillOpen:
                    break
                }
            }
        }
        return payloads
    }

    /// How many milliseconds the conversation takes by design.
    package var plannedMilliseconds: Int {
        script.reduce(opening.plannedMilliseconds) { sum, step in
            switch step {
            case .pause(let milliseconds), .pauseReading(let milliseconds): sum + milliseconds
            default: sum
            }
        }
    }
}

/// What the peer's application has to do.
package enum ApplicationNeed: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nothing, because the protocol layer answers.
    case nothing
    /// Echo every message, unchanged and with the same type.
    case echo
}

/// How a conversation ends after the script.
package enum Conclusion: Sendable, Hashable, Codable {
    /// Start the closing handshake with 1000 once the expected events are complete.
    case closeWhenComplete
    /// The peer has to fail the connection; a late barrier after a silence may check whether it accepted the violation.
    case peerFails(lateBarrier: Bool)
    /// Wait for the end, because the script has started the closing handshake.
    case awaitEnd
}
