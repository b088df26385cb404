import JudgeTestSupport
import PeerTestSupport
import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSKernels
import WSProtocol
import WSScenario
import WSTranscript

/// What the judge says of recordings of correct peers that were changed, in scenarios of each kind.
struct DisturbedConversations {
    /// The side under test.
    let role: Role
    let disturbances: [Disturbance]

    /// The scenarios: the first one of each topic and each way to open and to end a connection.
    private var scenarios: [Scenario] {
        let all = role == .server ? InMemoryRun.smallScenarios : InMemoryClientRun.scenarios
        let kinds = Dictionary(grouping: all.filter { !$0.isLoad }) { scenario in
            scenario.id.split(separator: "/").dropLast() + [Self.kind(of: scenario)]
        }
        return kinds.values.compactMap { scenarios in scenarios.min { $0.id < $1.id } }.sorted { $0.id < $1.id }
    }

    /// Whether a scenario is tried with a disturbance, which one of six is, always the same ones.
    private static func takes(_ scenario: Scenario, _ disturbance: Disturbance) -> Bool {
        StableHash.fnv1a64("\(scenario.id) \(disturbance.name)".utf8) >> 20 % 6 == 0
    }

    private static func kind(of scenario: Scenario) -> Substring {
        let opening =
            switch scenario.opening {
            case .ordinary, .framesWithHandshake, .negotiating: "ordinary"
            case .request: "request"
            case .response: "response"
            }
        let conclusion =
            switch scenario.conclusion {
            case .closeWhenComplete: "complete"
            case .peerFails: "fails"
            case .awaitEnd: "end"
            }
        return "\(opening) \(conclusion) \(scenario.compression == nil) \(scenario.autobahn == nil)"
    }

    /// A line for each recording with each of the changes.
    func text() throws -> String {
        var text = ""
        for scenario in scenarios {
            let taken = disturbances.filter { Self.takes(scenario, $0) }
            guard !taken.isEmpty else { continue }
            let scenario = scenario.trialsOfExample.last ?? scenario
            let recorded =
                try role == .server ? InMemoryRun.transcript(scenario) : InMemoryClientRun.transcript(scenario)
            text += "\(scenario.id)\n"
            for disturbance in taken {
                var transcript = recorded
                disturbance.change(&transcript)
                let judgement = Judge.judge(scenario, transcript)
                text += "  \(disturbance.name): \(judgement.headline)"
                text += judgement.findings.map { finding in
                    let passing = finding.isPassive ? " in passing" : ""
                    return "; \(finding.verdict) \(finding.rule) \(finding.reasonKey)\(passing)"
                }.joined()
                text += "; \(judgement.hash)\n"
            }
        }
        return text
    }
}

/// What the judge says of recordings that were disturbed is what was looked at once.
@Suite struct DisturbedConversationsTests {
    private func difference(_ role: Role, _ name: String, _ disturbances: [Disturbance]) throws -> String? {
        let text = try DisturbedConversations(role: role, disturbances: disturbances).text()
        return Golden.difference(text, from: "disturbed-\(role.rawValue)-\(name).txt")
    }

    @Test(arguments: [Role.server, .client])
    func `in its end and its times`(role: Role) throws {
        #expect(try difference(role, "end", Disturbance.ofTheEnd) == nil)
    }

    @Test(arguments: [Role.server, .client])
    func `in its opening`(role: Role) throws {
        #expect(try difference(role, "opening", Disturbance.ofTheOpening) == nil)
    }

    @Test(arguments: [Role.server, .client])
    func `in the octets that come`(role: Role) throws {
        #expect(try difference(role, "octets", Disturbance.ofTheOctets) == nil)
    }

    @Test(arguments: [Role.server, .client])
    func `in what the runner and the target do`(role: Role) throws {
        #expect(try difference(role, "run", Disturbance.ofTheRun) == nil)
    }
}
