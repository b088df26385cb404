package import WSProtocol

/// A scenario: what is sent, what may come back with which grade, and why.
///
/// It is a value without any code, so that it
/// prints, hashes, encodes and compares.
package struct Scenario: Sendable, Hashable, Codable, Identifiable {
    /// The stable id, `topic/slug`; never reused.
    package var id: String
    /// One line that says what is tried.
    package var title: String
    /// The requirements behind the verdict, the decisive one first; ids of the requirement table.
    package var requirements: [String]
    /// Which side can be under test.
    package var targets: [Role]
    /// What the peer's application has to do.
    package var needs: ApplicationNeed
    /// What the driver of a client under test has to do besides.
    package var driver: DriverNeed
    /// The part of a run in which it is played.
    package var phase: Phase
    /// Why it is in the catalogue.
    package var purpose: Purpose
    /// Whether it is held against the target if others are not served during its settling waits.
    package var watchesOthers: Bool
    /// The transports that it is meant for; what it does may leave fewer (``transports``).
    package var meantFor: [Transport]
    /// Words to select by, such as `slow`.
    package var tags: [Tag]
    /// Autobahn's case of the same stimulus, if there is one.
    package var autobahn: AutobahnCase?
    /// The line of the catalogue of scenarios beyond Autobahn that it stands for, such as `HSQ-16`.
    package var chapter: String?
    /// Defects reported in public that it shows, each once.
    package var references: [KnownDefect]
    /// What has to be seen of the target's process; nil where the wire shows enough.
    package var supervision: Supervision?
    /// How many connections play it at once; one is recorded, the others stay at the first settling wait.
    package var connections: Int
    /// The same stimulus at half its size, where what counts is how the time grows with it.
    package var scalingBaseline: ScalingBaseline?
    /// What goes out with the opening handshake.
    package var opening: Opening
    /// What is sent, in order.
    package var script: [Step]
    /// How the conversation is brought to its end after the script.
    package var conclusion: Conclusion
    /// What the peer may do with what was sent; the first match counts, no match violates.
    package var behaviour: [Outcome<BehaviourPattern>]
    /// How the connection may end; the first match counts, no match violates.
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

    /// The ids of the requirements that it cites, in its list or in an outcome.
    package var citedRequirements: Set<String> {
        Set(requirements).union(behaviour.compactMap(\.requirement)).union(closing.compactMap(\.requirement))
    }

    /// Whether our answer to a client's opening handshake is one that it has nothing to refuse in.
    ///
    /// Drivers that know no refused handshake can play all of these.
    package var acceptsHandshake: Bool {
        if case .response(let response) = opening {
            response.isAcceptable(subprotocols: driver.subprotocols)
        } else {
            true
        }
    }

    /// Whether a client whose driver was started may do right by never connecting.
    package var mayStayAway: Bool { behaviour.contains { $0.pattern == .neverConnects && $0.grade == .conforms } }

    /// Whether messages go to and fro, each once the echo of the one before has come.
    package var hasEchoLoop: Bool {
        script.contains { if case .echoLoop = $0 { true } else { false } }
    }

    /// The events on the passing path: those of the first outcome that conforms.
    package var expectedEvents: [ExpectedEvent] {
        for outcome in behaviour where outcome.grade == .conforms {
            return (outcome.pattern.events ?? []).flatMap(\.expandingPongs)
        }
        return []
    }

    /// More events of a kind than this fit no outcome: twice what the longest lists, and what a peer may send besides.
    package var mostEvents: Int {
        10_000 + 2 * (behaviour.map { ($0.pattern.events ?? []).reduce(0) { $0 + $1.count } }.max() ?? 0)
    }

    /// Whether a step sends the Close frame that the peer answers, with that side under test.
    ///
    /// One word for all of them, however the step is written: a Close frame that starts the closing handshake, and one
    /// that is itself what the peer has to fail the connection over. What it sends then cannot be told from an answer.
    /// A Close frame behind a violation is none: the peer has failed the connection before it (RFC 6455, 7.1.7).
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

    /// The payloads that a transcript may refer to instead of repeating them: those of all listed outcomes, in order.
    package var referencePayloads: [Payload] {
        var payloads: [Payload] = []
        var seen: Set<Payload> = []
        for outcome in behaviour {
            for event in outcome.pattern.events ?? [] {
                switch event {
                case .message(_, let payload), .echoes(_, let payload):
                    if seen.insert(payload).inserted { payloads.append(payload) }
                case .pong, .numberedPongs, .stillOpen:
                    break
                }
            }
        }
        return payloads
    }

    /// How many milliseconds of the conversation pass because the scenario wants them to.
    package var plannedMilliseconds: Int {
        script.reduce(opening.plannedMilliseconds) { sum, step in
            switch step {
            case .pause(let milliseconds), .pauseReading(let milliseconds): sum + milliseconds
            default: sum
            }
        }
    }
}

/// What a scenario needs the peer's application to do.
package enum ApplicationNeed: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nothing: the protocol layer alone answers.
    case nothing
    /// Send every message back, unchanged and of the same type.
    case echo
}

/// How a conversation is brought to its end after the script.
package enum Conclusion: Sendable, Hashable, Codable {
    /// Once the expected events are complete, start the closing handshake with 1000.
    case closeWhenComplete
    /// The peer has to fail the connection. After a silence one Ping may ask whether it swallowed the violation.
    case peerFails(lateBarrier: Bool)
    /// The script has started the closing handshake; wait for the end.
    case awaitEnd
}
