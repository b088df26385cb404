import PeerTestSupport
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

/// Runs scenarios against the model client without a socket, and judges them.
enum InMemoryClientRun {
    /// The scenarios for clients that a matrix can afford.
    static let scenarios = InMemoryRun.affordable(for: .client)
    /// Those that only a run without defects can afford.
    static let costly = InMemoryRun.costly(for: .client)

    /// What the scenarios find in clients with one defect.
    static let matrix = BiteMatrix(
        testing: .client,
        scenarios,
        Defect.all.filter { $0.standing != .allowed }.map { ($0, $0.description, $0.requirements) }
    ) { try judge($0, $1) }

    /// The same without the defects that show in every conversation.
    static let specific = BiteMatrix(
        testing: .client,
        scenarios,
        matrix.defects.filter { !SeenEverywhere.inClients.contains($0.defect) }
    ) { try judge($0, $1) }

    /// A defect that a client can have.
    enum Defect: Sendable, Hashable, CustomStringConvertible {
        /// One that servers can have, too.
        case shared(ModelDefect)
        /// One of clients alone.
        case own(ClientDefect)

        static let all =
            ModelDefect.allCases.filter(\.showsInClients).map(Self.shared) + ClientDefect.allCases.map(Self.own)

        var description: String {
            switch self {
            case .shared(let defect): defect.rawValue
            case .own(let defect): defect.rawValue
            }
        }

        var summary: String {
            switch self {
            case .shared(let defect): defect.summary
            case .own(let defect): defect.summary
            }
        }

        var standing: ModelDefect.Standing {
            switch self {
            case .shared(let defect): defect.standing
            case .own(let defect): defect.standing
            }
        }

        /// What it breaks of what a test of clients can see.
        var requirements: Set<String> {
            let all =
                switch self {
                case .shared(let defect): defect.requirements
                case .own(let defect): defect.requirements
                }
            // Where a server breaks a rule of servers, a client breaks their counterpart.
            let counterparts = ["RFC6455-7.1.7-02": "RFC6455-7.1.7-01"]
            let own: [String] =
                switch self {
                case .shared(.setsRSV1): ["RFC6455-9.1-07"]
                case .shared(.neverClosesTCP): ["RFC6455-7.1.7-01", "RFC6455-7.2.1-02"]
                default: []
                }
            return Set(all.map { counterparts[$0] ?? $0 } + own).filter { id in
                guard let requirement = RequirementTable.shared.requirement(id) else { return false }
                return requirement.binds(.client) && [.client, .both].contains(requirement.observable)
            }
        }
    }

    /// What comes of one scenario against a client with these defects.
    static func judge(_ scenario: Scenario, _ defects: Defect...) throws -> Judgement {
        try judge(scenario, defects)
    }

    private static func judge(_ scenario: Scenario, _ defects: [Defect]) throws -> Judgement {
        for trial in scenario.trialsOfExample.dropLast() {
            let judgement = try judge(trial, defects)
            if judgement.verdict != .pass { return judgement }
        }
        let scenario = scenario.trialsOfExample.last ?? scenario
        return Judge.judge(scenario, try transcript(scenario, defects))
    }

    /// What is recorded of one scenario against a client with these defects.
    static func transcript(_ scenario: Scenario, _ defects: [Defect] = []) throws -> Transcript {
        var shared: Set<ModelDefect> = []
        var own: Set<ClientDefect> = []
        for defect in defects {
            switch defect {
            case .shared(let defect): shared.insert(defect)
            case .own(let defect): own.insert(defect)
            }
        }
        if scenario.stream != nil,
            let machine = try StreamOfClient.play(scenario, defects: shared, clientDefects: own)
        {
            return machine.transcript
        }
        var machine = ConversationMachine(
            scenario: scenario,
            settings: ConversationSettings(role: .server, target: try TargetURL("ws://127.0.0.1:9001"))
        )
        // Who receives clients counts the keys of all connections; here there is one, behind another of the same client.
        if own.contains(.reusesKey) { machine.earlierUsesOfKey = 1 }
        guard scenario.stream == nil,
            let settings = ModelClientSettings(playing: scenario, defects: shared, clientDefects: own)
        else {
            machine.linkEnded(.notConnected("the client never connected"), at: .zero)
            return machine.transcript
        }
        var link = InMemoryLink(
            client: ModelClient(settings),
            server: machine,
            clientOverhearsEnd: shared.contains(.neverClosesTCP)
        )
        link.run()
        return link.server.transcript
    }
}
