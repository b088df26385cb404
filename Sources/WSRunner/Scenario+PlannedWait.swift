import WSLink
import WSScenario

extension Scenario {
    /// How many nanoseconds the script waits of its own accord, whatever the peer does.
    ///
    /// Scenarios that wait longest are begun first: they then wait beside the others and not at the end, alone.
    var plannedWait: Int64 { script.reduce(0) { $0 + $1.plannedWait } }
}

extension Step {
    fileprivate var plannedWait: Int64 {
        switch self {
        case .settle: Pacing.settleAtLeast.nanoseconds
        case .pause(let milliseconds): Int64(milliseconds) * 1_000_000
        case .send(let frame): frame.plannedWait
        default: 0
        }
    }
}

extension FrameToSend {
    /// One pause after each piece; the few octets of the header are as nothing.
    fileprivate var plannedWait: Int64 {
        guard case .pieces(let length) = pacing, length > 0 else { return 0 }
        return Pacing.betweenPieces.nanoseconds * Int64(payload.count / length)
    }
}
