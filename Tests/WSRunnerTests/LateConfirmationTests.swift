import Testing
import WSCatalogue
import WSLink
import WSRunner
import WSScenario
import WSTranscript

@Suite struct `Results that time alone has decided` {
    /// A few results that lack a Pong, of which those at some places have lost their records.
    private static func late(_ count: Int, bare: Set<Int> = []) -> LateResults<Int> {
        Catalogue.all.prefix(count).enumerated().reduce(into: LateResults<Int>(room: 1)) { late, scenario in
            let id = scenario.element.id
            var transcript = Transcript(
                header: .init(scenario: id, roleUnderTest: "server", url: "ws://127.0.0.1", seed: 1, effort: "normal")
            )
            if bare.contains(scenario.offset) {
                transcript.events = Array(repeating: TranscriptEvent(time: 0, kind: .mark(.opened)), count: 2)
            }
            let result = ConversationResult(scenario: scenario.element, transcript: transcript, status: .recorded)
            late.add(scenario.offset, of: result, missing: .pong) { _, _ in }
        }
    }

    /// What a run has learned whose peer has sent a Pong, or none.
    private static func ledger(hasSeenPong: Bool) -> PatienceLedger {
        var facts = ConversationFacts()
        if hasSeenPong { facts.answerTimes[.pong] = .milliseconds(1) }
        var ledger = PatienceLedger()
        ledger.note(facts, isLoad: false)
        return ledger
    }

    /// The steps of a confirmation in a few words, where each result played again is late again, or none is.
    private static func steps(
        _ late: LateResults<Int>,
        hasSeenPong: Bool,
        failsAgain: Bool = true,
        confirmed: [Awaited: Int] = [:]
    ) -> [String] {
        let ledger = ledger(hasSeenPong: hasSeenPong)
        var confirmation = LateConfirmation(late, confirmed: confirmed)
        var steps: [String] = []
        while let step = confirmation.next(ledger) {
            switch step {
            case .playAgain(_, let patience):
                steps.append(patience.isConfirming ? "again, making sure" : "again")
                confirmation.note(missing: .pong, isLate: failsAgain)
            case .stand(let results): steps.append("\(results.count) stand")
            case .playTogether(let results): steps.append("\(results.count) together")
            }
        }
        return steps
    }

    @Test func `The first that fails again stands for all of a large group whose peer has never given it`() {
        #expect(Self.steps(Self.late(9), hasSeenPong: false) == ["again, making sure", "8 stand"])
    }

    @Test func `What an earlier run has confirmed stands for a group that is large with it`() {
        let late = Self.late(2)
        #expect(Self.steps(late, hasSeenPong: false) == ["again, making sure", "again"])
        #expect(Self.steps(late, hasSeenPong: false, confirmed: [.pong: 2]) == ["2 stand"])
        #expect(Self.steps(late, hasSeenPong: false, confirmed: [.pong: 1]) == ["again", "again"])
    }

    @Test func `What the peer has sent since is confirmed again, whatever an earlier run has found`() {
        let steps = Self.steps(Self.late(2), hasSeenPong: true, confirmed: [.pong: 9])
        #expect(steps == ["again", "again"])
    }

    @Test func `What is confirmed is counted for later runs`() {
        var confirmation = LateConfirmation(Self.late(9))
        let ledger = Self.ledger(hasSeenPong: false)
        while let step = confirmation.next(ledger) {
            if case .playAgain = step { confirmation.note(missing: .pong, isLate: true) }
        }
        #expect(confirmation.confirmed == [.pong: 9])
    }

    @Test func `A result without its record stands for nothing and is played again`() {
        let steps = Self.steps(Self.late(9, bare: [3, 7]), hasSeenPong: false)
        #expect(steps.filter { $0.hasSuffix("stand") } == ["6 stand"])
        #expect(steps.count { $0.hasPrefix("again") } == 3)
    }

    @Test func `A small group is played again one by one`() {
        #expect(Self.steps(Self.late(3), hasSeenPong: false) == ["again, making sure", "again", "again"])
    }

    @Test func `What the peer gives to others is played again in each case`() {
        let steps = Self.steps(Self.late(9), hasSeenPong: true)
        #expect(steps.count == 9 && steps.allSatisfy { $0.hasPrefix("again") })
    }

    @Test func `Very many are played together once three have failed again alone`() {
        let steps = Self.steps(Self.late(40), hasSeenPong: true)
        #expect(steps == ["again, making sure", "again", "again", "37 together"])
    }

    @Test func `Where none fails again, each is played at full patience, however many there are`() {
        let steps = Self.steps(Self.late(40), hasSeenPong: false, failsAgain: false)
        #expect(steps == Array(repeating: "again, making sure", count: 40))
    }

    @Test func `The phases of a run hold each scenario once, and supervised ones last`() {
        let phases = RunPhases(Catalogue.all)
        let all = [phases.ordinary, phases.load, phases.regressions, phases.alone, phases.supervised]
        #expect(all.joined().map(\.id).sorted() == Catalogue.all.map(\.id).sorted())
        #expect(all.allSatisfy { !$0.isEmpty })
        #expect(phases.supervised.allSatisfy { $0.supervision != nil })
        #expect(phases.alone.allSatisfy { $0.runsAlone && $0.supervision == nil })
        #expect(phases.ordinary.allSatisfy { !$0.isLoad && !$0.isRegression && !$0.runsAlone })
    }
}
