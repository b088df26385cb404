import Testing
import WSProtocol
import WSScenario

@Suite struct `Counting of events` {
    private static func scenario(_ conclusion: Conclusion, needs: ApplicationNeed = .nothing) -> Scenario {
        Scenario(
            id: "test/counting",
            title: "Counting",
            requirements: ["RFC6455-5.5.3-01"],
            needs: needs,
            script: [],
            conclusion: conclusion,
            behaviour: [],
            closing: []
        )
    }

    @Test func `A Pong answers one Ping of its payload, and one more was not asked for`() {
        var counting = EventCounting(Self.scenario(.closeWhenComplete), ignoresMessages: false)
        counting.pings.add([1])
        #expect(counting.take(pong: [2], provesLife: false) == .unasked)
        #expect(counting.take(pong: [1], provesLife: false) == .answer)
        #expect(counting.take(pong: [1], provesLife: false) == .unasked)
    }

    @Test func `Where the peer has to fail, an empty Pong counts only once it is known to have gone on`() {
        var counting = EventCounting(Self.scenario(.peerFails(lateBarrier: true)), ignoresMessages: false)
        counting.pings.add([])
        #expect(counting.take(pong: [], provesLife: false) == .perhapsHeartbeat)
        #expect(counting.take(pong: [], provesLife: true) == .answer)
        var other = EventCounting(Self.scenario(.closeWhenComplete), ignoresMessages: false)
        other.pings.add([])
        #expect(other.take(pong: [], provesLife: false) == .answer)
    }

    @Test func `Messages of an application that says what it likes count where the scenario needs some`() {
        let message = ObservedEvent.message(.text, length: 1, payload: nil)
        #expect(!EventCounting(Self.scenario(.closeWhenComplete), ignoresMessages: true).counts(message))
        #expect(EventCounting(Self.scenario(.closeWhenComplete), ignoresMessages: false).counts(message))
        let needing = Self.scenario(.closeWhenComplete, needs: .echo)
        #expect(EventCounting(needing, ignoresMessages: true).counts(message))
        #expect(EventCounting(needing, ignoresMessages: true).counts(.stillOpen(tag: "a")))
    }
}
