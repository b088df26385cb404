import WSLink
import WSScenario

extension Scenario {
    /// How many nanoseconds the conversation waits of its own accord when the peer does what it should.
    ///
    /// Scenarios that wait longest are begun first: they then wait beside the others and not at the end, alone.
    var plannedWait: Int64 {
        script.reduce(Int64(plannedMilliseconds + opening.millisecondsToEnding) * 1_000_000) { $0 + $1.plannedWait }
    }
}

extension Opening {
    /// How long an answer is waited for that may well not come.
    fileprivate var millisecondsToEnding: Int {
        switch ending {
        case .endOutput(let milliseconds), .reset(let milliseconds): return milliseconds
        case nil: return 0
        }
    }
}

extension Step {
    fileprivate var plannedWait: Int64 {
        switch self {
        case .settle: Pacing.settleAtLeast.nanoseconds
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
