import PeerTestSupport
import Testing
import WSCatalogue
import WSJudge
import WSKernels
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

/// Conversations in memory, and what tests ask of them.
enum Conversation {
    static let target: TargetURL = {
        guard let url = try? TargetURL("ws://peer.example:9001/") else { preconditionFailure("the address is valid") }
        return url
    }()

    /// Scenarios for servers, the load ones with less to carry.
    static let scenarios = Catalogue.all.filter { scenario in
        // Memory has no process to be supervised, and a request that is cut short is not refused for its length.
        // What depends on a limit has tests of its own.
        scenario.targets.contains(.server) && scenario.security == nil && scenario.stream == nil
            && scenario.supervision == nil
            && scenario.limitSweep == nil
            && !scenario.id.hasPrefix("defect/endless-field")
    }.map { $0.shrunk() }

    /// Scenarios for clients, the load ones with less to carry.
    static let clientScenarios = Catalogue.all.filter { scenario in
        // The model client offers client_max_window_bits, and demands nothing of the server.
        scenario.targets.contains(.client) && scenario.security == nil && scenario.stream == nil
            && scenario.supervision == nil
            && scenario.limitSweep == nil
            && [.any, .clientWindow].contains(scenario.compression?.offer ?? .any)
    }.map { $0.shrunk() }

    /// The scenario of this id, which the catalogue has to have.
    static func scenario(_ id: String) -> Scenario {
        guard let scenario = Catalogue.scenario(id) else { preconditionFailure("the catalogue has no \(id)") }
        return scenario.shrunk()
    }

    static func settings(
        seed: UInt64 = 1,
        effort: Effort = .quick,
        idleTimeout: LinkDuration = .seconds(5)
    ) -> ConversationSettings {
        ConversationSettings(target: target, seed: seed, effort: effort, idleTimeout: idleTimeout)
    }

    static func run<Server: LinkMachine>(
        _ scenario: Scenario,
        with server: Server,
        settings: ConversationSettings = settings(),
        chunkLength: Int = 65_536,
        latency: LinkDuration = .microseconds(50)
    ) -> InMemoryLink<ConversationMachine, Server> {
        var link = InMemoryLink(
            client: ConversationMachine(scenario: scenario, settings: settings),
            server: server,
            chunkLength: chunkLength,
            finelyCut: 8_192,
            latency: latency
        )
        link.run()
        return link
    }

    /// A scenario with a client under test.
    static func run<Client: LinkMachine>(
        _ scenario: Scenario,
        against client: Client,
        settings: ConversationSettings = serverSettings(),
        chunkLength: Int = 65_536,
        latency: LinkDuration = .microseconds(50)
    ) -> InMemoryLink<Client, ConversationMachine> {
        var link = InMemoryLink(
            client: client,
            server: ConversationMachine(scenario: scenario, settings: settings),
            chunkLength: chunkLength,
            finelyCut: 8_192,
            latency: latency
        )
        link.run()
        return link
    }

    /// Settings of a conversation in which we are the server.
    static func serverSettings(seed: UInt64 = 1, subprotocols: [String] = []) -> ConversationSettings {
        ConversationSettings(role: .server, target: target, subprotocols: subprotocols, seed: seed)
    }

    /// Everything that a transcript says was sent.
    static func sentOctets(
        of transcript: Transcript,
        scenario: Scenario,
        role: Role = .client,
        seed: UInt64,
        effort: Effort
    ) -> [UInt8]? {
        var streams = SplitMix64(seed: settings(seed: seed).seed(of: scenario.id))
        _ = streams.next()
        let keys = MaskingKeySequence(seed: streams.next())
        let compression = RecordedOctets(transcript, of: scenario).compression
        var octets: [UInt8] = []
        for event in transcript.events {
            guard case .sent(let offset, let content) = event.kind else { continue }
            guard offset == UInt64(octets.count) else { return nil }
            switch content {
            case .octets(let plain): octets += plain
            case .script(let reference):
                guard
                    let made = ScriptEncoder.octets(
                        of: reference,
                        in: scenario.seeded(seed).script,
                        role: role,
                        keys: keys,
                        effort: effort,
                        compression: compression
                    )
                else { return nil }
                octets += made
            }
        }
        return octets
    }

    /// Whether a transcript has only a summary of some message.
    static func hasSummaries(_ transcript: Transcript) -> Bool {
        transcript.events.contains { event in
            guard case .received(_, let parts) = event.kind else { return false }
            return parts.contains { if case .message = $0 { true } else { false } }
        }
    }

    /// Everything that a transcript says was received.
    static func receivedOctets(of transcript: Transcript, scenario: Scenario) -> [UInt8] {
        var octets: [UInt8] = []
        for event in transcript.events {
            guard case .received(_, let parts) = event.kind else { continue }
            for part in parts {
                switch part {
                case .octets(let plain): octets += plain
                case .payload(let index, let start, let length):
                    scenario.referencePayloads[index].append(start..<start + length, to: &octets)
                case .message: Issue.record("only a summary was kept of a message")
                case .sidecar: Issue.record("there is no sidecar")
                }
            }
        }
        return octets
    }
}

extension Transcript {
    /// The runner's notes, in order.
    var marks: [TranscriptMark] {
        events.compactMap { event in
            if case .mark(let mark) = event.kind { mark } else { nil }
        }
    }

    /// What was sent, in order.
    var sent: [TranscriptEvent.Kind] {
        events.map(\.kind).filter { if case .sent = $0 { true } else { false } }
    }

    /// What was received, in order.
    var received: [TranscriptEvent.Kind] {
        events.map(\.kind).filter { if case .received = $0 { true } else { false } }
    }

    /// How the connection ended.
    var end: TranscriptEnd? {
        events.lazy.compactMap { event in
            if case .ended(let end) = event.kind { end } else { nil }
        }.first
    }

    /// The time from the connection attempt to the end.
    var duration: LinkDuration { LinkDuration(nanoseconds: events.last?.time ?? 0) }
}

extension Judgement {
    /// Whether it holds something against the peer.
    var isClean: Bool { verdict == .pass || verdict == .informational }
}
