import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario

/// Runs scenarios against the model server without a socket, and judges them.
enum InMemoryRun {
    /// The scenarios for servers that a matrix can afford: load only in its smallest sizes.
    static let scenarios = Catalogue.all.filter { scenario in
        scenario.targets.contains(.server)
            && (!scenario.isLoad || scenario.referencePayloads.allSatisfy { $0.count <= 262_144 })
    }

    /// Those of them that are run against every defect: no requests of a MiB.
    static let smallScenarios = scenarios.filter { scenario in
        guard case .request(let request) = scenario.opening else { return true }
        return request.padding.count <= 16_384
    }

    /// What comes of one scenario against a server with these defects.
    static func judge(_ scenario: Scenario, defects: Set<ModelDefect> = []) throws -> Judgement {
        let target = try TargetURL("ws://127.0.0.1:9001")
        var link = InMemoryLink(
            client: ConversationMachine(scenario: scenario, settings: ConversationSettings(target: target)),
            server: ModelServer(ModelServerSettings(defects: defects))
        )
        link.run()
        return Judge.judge(scenario, link.client.transcript)
    }
}
