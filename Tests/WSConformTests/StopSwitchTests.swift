import Synchronization
import Testing
import WSConform

@Suite struct `The switch that ends a run` {
    private final class Count: Sendable {
        let value = Atomic(0)
    }

    @Test func `calls each handler once, however often it is thrown`() {
        let stop = StopSwitch()
        let calls = Count()
        stop.onStop { calls.value.add(1, ordering: .relaxed) }
        stop.onStop { calls.value.add(10, ordering: .relaxed) }
        #expect(!stop.isStopped && calls.value.load(ordering: .relaxed) == 0)
        stop.stop()
        stop.stop()
        #expect(stop.isStopped && calls.value.load(ordering: .relaxed) == 11)
    }

    @Test func `calls a handler at once that comes after it was thrown`() {
        let stop = StopSwitch()
        stop.stop()
        let calls = Count()
        stop.onStop { calls.value.add(1, ordering: .relaxed) }
        #expect(calls.value.load(ordering: .relaxed) == 1)
    }
}
