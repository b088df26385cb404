import Testing
import WSRunner
import WSScenario

@Suite("The ledger of a run with clients under test")
struct ClientRunTests {
    private static func scenario(_ id: String) -> Scenario {
        Scenario(
            id: id,
            title: id,
            requirements: [],
            needs: .nothing,
            script: [],
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.anything)],
            closing: [.conforms(.anything)]
        )
    }

    private let plan = ClientPlan(
        counted: [scenario("a/1"), scenario("a/2"), scenario("b/1")],
        others: [scenario("c/refused")]
    )

    private func play(_ id: String, _ agent: String, in run: inout ClientRun) throws -> ClientRun.Play {
        guard case .play(let play, _) = run.begin(try #require(plan.scenario(named: id)), agent: agent) else {
            throw Refused()
        }
        return play
    }

    private struct Refused: Error {}

    @Test("Numbers count from 1, first what every driver can play, then the rest")
    func numbers() {
        #expect(plan.countedCases == 3)
        #expect(plan.scenario(number: 1)?.id == "a/1" && plan.scenario(number: 4)?.id == "c/refused")
        for number in [0, 5, -1, .min, .max] { #expect(plan.scenario(number: number) == nil) }
        #expect(plan.number(of: "b/1") == 3 && plan.scenario(named: "nope") == nil)
    }

    @Test("What a client leaves out is known, in order, for each client by itself")
    func unplayed() throws {
        var run = ClientRun(plan: plan)
        let play = try play("a/2", "x", in: &run)
        #expect(run.unplayed(by: "x").map(\.id) == ["a/1", "a/2", "b/1"])
        run.ended(play)
        #expect(run.unplayed(by: "x").map(\.id) == ["a/1", "b/1"])
        #expect(run.unplayed(by: "y").isEmpty)
        run.triedAll("y")
        #expect(run.unplayed(by: "y").map(\.id) == ["a/1", "a/2", "b/1", "c/refused"])
        #expect(run.agents.map(\.name) == ["x", "y"])
    }

    @Test("Who plays what is not counted has been told of all cases")
    func knowsAll() throws {
        var run = ClientRun(plan: plan)
        let play = try play("c/refused", "x", in: &run)
        run.ended(play)
        #expect(run.unplayed(by: "x").map(\.id) == ["a/1", "a/2", "b/1"])
        var other = ClientRun(plan: plan)
        other.ended(try self.play("a/1", "x", in: &other))
        #expect(other.unplayed(by: "x").map(\.id) == ["a/2", "b/1"])
    }

    @Test("A case may be played again, and twice at once only with a word about it")
    func again() throws {
        var run = ClientRun(plan: plan)
        let first = try play("a/1", "x", in: &run)
        guard case .play(let second, let note) = run.begin(try #require(plan.scenario(number: 1)), agent: "x") else {
            throw Refused()
        }
        #expect(first != second && note?.contains("should not have one name") == true)
        run.ended(first)
        run.ended(second)
        guard case .play(_, nil) = run.begin(try #require(plan.scenario(number: 1)), agent: "x") else {
            throw Refused()
        }
    }

    @Test("Where a command is started for each case, only its first connection counts")
    func expected() throws {
        var run = ClientRun(plan: plan, admission: .expected)
        let scenario = try #require(plan.scenario(number: 1))
        guard case .refuse = run.begin(scenario, agent: "x") else { throw Refused() }
        run.expect("a/1")
        #expect(run.awaits("a/1") && !run.awaits("a/2"))
        let play = try play("a/1", "x", in: &run)
        guard case .refuse(let reason) = run.begin(scenario, agent: "x") else { throw Refused() }
        #expect(reason == "the client came again for a/1; only the first connection for a case counts")
        #expect(!run.awaits("a/1"))
        run.ended(play)
        run.expect("a/2")
        run.forget("a/2")
        guard case .refuse = run.begin(try #require(plan.scenario(number: 2)), agent: "x") else { throw Refused() }
    }

    @Test("Suspects are the cases under way, or else the last")
    func suspects() throws {
        var run = ClientRun(plan: plan)
        #expect(run.suspects(of: "x").isEmpty)
        let first = try play("a/1", "x", in: &run)
        let second = try play("a/2", "x", in: &run)
        #expect(run.suspects(of: "x") == ["a/1", "a/2"] && run.underWay(of: "x") == 2)
        run.ended(second)
        #expect(run.suspects(of: "x") == ["a/1"])
        run.ended(first)
        #expect(run.suspects(of: "x") == ["a/1"] && run.underWay() == 0)
    }

    @Test("A key is counted for each client by itself")
    func keys() throws {
        var run = ClientRun(plan: plan)
        let first = try play("a/1", "x", in: &run)
        let second = try play("a/2", "x", in: &run)
        let foreign = try play("a/1", "y", in: &run)
        #expect(run.uses(ofKey: "k", in: first) == 0)
        #expect(run.uses(ofKey: "other", in: second) == 0)
        #expect(run.uses(ofKey: "k", in: second) == 1)
        #expect(run.uses(ofKey: "k", in: second) == 2)
        #expect(run.uses(ofKey: "k", in: foreign) == 0)
    }

    @Test("Hostile names are turned away", arguments: ["", String(repeating: "n", count: 201)])
    func names(name: String) throws {
        var run = ClientRun(plan: plan)
        guard case .refuse = run.begin(try #require(plan.scenario(number: 1)), agent: name) else { throw Refused() }
        #expect(run.agents.isEmpty)
    }

    @Test("Names under which nothing was played keep nobody out")
    func namesAlone() throws {
        var run = ClientRun(plan: plan)
        for number in 0..<200 { run.triedAll("name \(number)") }
        #expect(run.agents.count == ClientRun.mostAgents)
        let play = try play("a/1", "real", in: &run)
        run.ended(play)
        for number in 0..<200 { run.triedAll("another \(number)") }
        #expect(run.agents.first { $0.name == "real" }?.played == ["a/1"])
    }

    @Test("A connection of another ledger ends nothing in this one")
    func foreignEnd() throws {
        var before = ClientRun(plan: plan)
        let old = try play("a/1", "x", in: &before)
        var run = ClientRun(plan: plan, behind: before.lastNumber)
        let new = try play("a/1", "x", in: &run)
        #expect(new.number > old.number)
        run.ended(old)
        #expect(run.underWay(of: "x") == 1 && run.unplayed(by: "x").count == 3)
    }

    @Test("There is an end to the number of clients")
    func manyAgents() throws {
        var run = ClientRun(plan: plan)
        for number in 0..<ClientRun.mostAgents { _ = try play("a/1", "client \(number)", in: &run) }
        guard case .refuse(let reason) = run.begin(try #require(plan.scenario(number: 1)), agent: "one more") else {
            throw Refused()
        }
        #expect(reason.contains("same name"))
        _ = try play("a/2", "client 0", in: &run)
    }
}
