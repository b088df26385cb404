import Testing
import WSCatalogue
import WSJudge
import WSModelPeer
import WSReport
import WSScenario

/// A server with one defect in every handshake, and two others that it must not hide.
@Suite struct `A defect of every handshake` {
    private static let defects: Set<ModelDefect> = [.contentLengthInAnswer, .replies1005, .swallowsUnmasked]

    private static func report(_ profile: Profile, _ defects: Set<ModelDefect>) throws -> Report {
        let options = Report.Options(seed: 1, profile: profile, effort: .quick, jobs: 1)
        var builder = ReportBuilder(options: options) { id in
            RequirementTable.shared.requirement(id).map { requirement in
                RequirementReference(
                    id: requirement.id,
                    source: requirement.source,
                    section: requirement.section,
                    level: requirement.level.rawValue
                )
            }
        }
        let scenarios = InMemoryRun.smallScenarios.filter { scenario in
            scenario.autobahn.map { _ in !scenario.isLoad } ?? ["closing", "masking"].contains(scenario.topic)
        }
        for scenario in scenarios {
            let judgement = try InMemoryRun.judge(scenario, defects: defects)
            builder.add(JudgedScenario(scenario: scenario, judgement: judgement))
        }
        return builder.report(
            tool: Report.Tool(version: "0"),
            roleUnderTest: .server,
            peer: Report.Peer(name: "model", url: "ws://a"),
            run: nil,
            footer: Report.Footer(complete: true)
        )
    }

    @Test func `is told once, and does not hide what cases are about`() throws {
        let report = try Self.report(.rfc, Self.defects)
        let told = report.passive.filter { $0.kind == "response-content-length" }
        #expect(told.map(\.verdict) == [.fail])
        #expect(told.first.map { $0.cases == $0.of && $0.of > 200 } ?? false)
        #expect(!report.cases.contains { $0.decisiveFinding?.kind == "response-content-length" })
        let others = try Self.report(.rfc, Self.defects.subtracting([.contentLengthInAnswer]))
        #expect(report.cases.map(\.verdict) == others.cases.map(\.verdict))
        #expect(report.cases.map(\.reason) == others.cases.map(\.reason))
        #expect(report.cases.contains { $0.reason.contains("1005") && $0.verdict == .fail })
        #expect(report.cases.contains { $0.topic == "masking" && $0.verdict == .fail })
    }

    @Test func `changes nothing of what Autobahn says`() throws {
        let flawed = try Self.report(.autobahn, [.contentLengthInAnswer])
        let correct = try Self.report(.autobahn, [])
        let numbered = flawed.cases.filter { $0.autobahnNumber != nil }
        #expect(numbered.count > 200)
        #expect(numbered.map(\.verdict) == correct.cases.filter { $0.autobahnNumber != nil }.map(\.verdict))
        #expect(flawed.summary.passive.total == 0)
        #expect(flawed.passive.count == 1)
    }
}
