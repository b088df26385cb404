import PeerTestSupport
import WSCatalogue
import WSHTTP2Link
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

/// Runs scenarios against the model server without a socket, and judges them.
enum InMemoryRun {
    /// The scenarios for servers that a matrix can afford: nothing slow, and load only in its smallest sizes.
    static let scenarios = affordable(for: .server)

    /// Those for one side.
    static func affordable(for role: Role) -> [Scenario] {
        Catalogue.all.filter { scenario in
            scenario.targets.contains(role) && scenario.security == nil && !scenario.tags.contains(.slow)
                && !isLongEcho(scenario)
                && scenario.referencePayloads.allSatisfy { $0.count <= 262_144 }
                && (scenario.isLoad || scenario.sentOctets <= 262_144)
        }
    }

    /// Whether the scenario sends compressed messages of more than a KiB one by one, as many others do.
    private static func isLongEcho(_ scenario: Scenario) -> Bool {
        guard let loop = scenario.echoLoop, loop.compression != nil else { return false }
        return loop.payload.count > 1_024
    }

    /// Those that only a run without defects can afford, outside the load phase.
    static let costly = costly(for: .server)

    /// Those for one side.
    static func costly(for role: Role) -> [Scenario] {
        let cheap = Set(affordable(for: role).map(\.id))
        return Catalogue.all.filter { scenario in
            scenario.targets.contains(role) && scenario.security == nil && scenario.supervision == nil
                && !scenario.isLoad
                && !scenario.tags.contains(.capacity) && !cheap.contains(scenario.id)
        }
    }

    /// The scenarios for one side that can fail and that a matrix cannot afford.
    static func long(for role: Role) -> [Scenario] {
        let cheap = Set(affordable(for: role).map(\.id))
        return Catalogue.all.filter { scenario in
            // What is about TLS needs sockets, and has tests of its own.
            scenario.targets.contains(role) && scenario.security == nil && !cheap.contains(scenario.id)
                && !scenario.isLeftOpen(testing: role)
        }
    }

    /// Those of them that are run against every defect: no requests of a MiB.
    static let smallScenarios = scenarios.filter { scenario in
        guard case .request(let request) = scenario.opening else { return true }
        return request.padding.count <= 16_384
    }

    /// A name and a sentence for each defect that a server can have, and how it stands to the RFC.
    static let defects = ModelDefect.allCases.map { defect in
        (name: defect.rawValue, summary: defect.summary, standing: defect.standing.rawValue)
    }

    /// What the scenarios find in servers with one defect.
    static let matrix = BiteMatrix(
        testing: .server,
        scenarios,
        ModelDefect.allCases.filter { $0.standing != .allowed }.map { ($0, $0.rawValue, Set($0.requirements)) }
    ) { try judge($0, defects: [$1]) }

    /// The same without the defects that show in every conversation.
    static let specific = BiteMatrix(
        testing: .server,
        scenarios,
        matrix.defects.filter { !SeenEverywhere.inServers.contains($0.defect) }
    ) { try judge($0, defects: [$1]) }

    /// What comes of one scenario against a server with these defects.
    static func judge(
        _ scenario: Scenario,
        defects: Set<ModelDefect> = [],
        servesOthers: Bool = true
    ) throws -> Judgement {
        for trial in scenario.trialsOfExample.dropLast() {
            let judgement = try judge(trial, defects: defects, servesOthers: servesOthers)
            if judgement.verdict != .pass { return judgement }
        }
        let scenario = scenario.trialsOfExample.last ?? scenario
        return Judge.judge(scenario, try transcript(scenario, defects: defects, servesOthers: servesOthers))
    }

    /// What is recorded of one scenario against a server with these defects.
    static func transcript(
        _ scenario: Scenario,
        defects: Set<ModelDefect> = [],
        servesOthers: Bool = true
    ) throws -> Transcript {
        guard scenario.stream == nil else { return try transcriptOnStream(scenario, defects) }
        let target = try TargetURL("ws://127.0.0.1:9001")
        var link = InMemoryLink(
            client: ConversationMachine(scenario: scenario, settings: ConversationSettings(target: target)),
            server: ModelServer(ModelServerSettings(playing: scenario, defects: defects)),
            answersProbes: servesOthers
        )
        link.run()
        return link.client.transcript
    }

    /// What is recorded of a scenario about HTTP/2, on a stream of a connection of its own.
    private static func transcriptOnStream(_ scenario: Scenario, _ defects: Set<ModelDefect>) throws -> Transcript {
        var settings = ConversationSettings(target: try TargetURL("h2c+ws://127.0.0.1:9001"))
        settings.isOnStream = true
        let machine = ConversationMachine(scenario: scenario, settings: settings)
        var link = InMemoryLink(
            client: HTTP2Link(client: [machine], .client(settingsLimit: .seconds(5))),
            server: HTTP2Link(serving: ModelServerSettings(playing: scenario, defects: defects))
        )
        link.run()
        return (link.client.machines.first as? ConversationMachine ?? machine).transcript
    }
}

extension Scenario {
    /// How many octets of payload the script sends.
    fileprivate var sentOctets: Int {
        script.reduce(0) { sum, step in
            switch step {
            case .send(let frame): sum + frame.payload.count
            case .sendMessage(let message): sum + message.payload.count
            case .sendRun(let run): sum + run.count * max(run.frame.payload.count, 4)
            default: sum
            }
        }
    }
}
