import WSLink
import WSScenario

extension Scenario {
    /// Sorts scenarios so that those with the longest waits begin first; equals keep their order.
    static func longestWaitFirst(_ scenarios: [Scenario]) -> [Scenario] {
        scenarios.map { ($0.plannedWait, $0) }.enumerated()
            .sorted { ($1.element.0, $0.offset) < ($0.element.0, $1.offset) }
            .map(\.element.1)
    }

    /// Orders load scenarios so that neither side is idle.
    ///
    /// Large messages keep the target busy and thousands of small writes keep us busy, so they alternate. Scenarios
    /// with many round trips take their time in any case, and come last.
    static func takingTurns(_ load: [Scenario]) -> [Scenario] {
        let (echoing, sending) = (load.filter(\.hasEchoLoop), load.filter { !$0.hasEchoLoop })
        let (ours, theirs) = (sending.filter(\.isSentInPieces), sending.filter { !$0.isSentInPieces })
        let turns =
            theirs.enumerated().map { (Double($0.offset) / Double(theirs.count), $0.element) }
            + ours.enumerated().map { ((Double($0.offset) + 0.5) / Double(ours.count), $0.element) }
        let mixed = turns.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
        return mixed.map(\.element.1) + echoing
    }

    private var isSentInPieces: Bool {
        script.contains { step in
            guard case .send(let frame) = step, case .pieces = frame.pacing else { return false }
            return true
        }
    }

    /// How many nanoseconds the conversation waits by design, with a correct peer.
    ///
    /// Scenarios with the longest waits begin first, so that they wait beside the others and not alone at the end.
    var plannedWait: Int64 {
        script.reduce(Int64(plannedMilliseconds + opening.millisecondsToEnding) * 1_000_000) { $0 + $1.plannedWait }
    }
}

extension Opening {
    /// The milliseconds of waiting for an answer that probably does not come.
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
        case .quiesce: Pacing.quiesceAtLeast.nanoseconds
        case .send(let frame): frame.plannedWait
        default: 0
        }
    }
}

extension FrameToSend {
    /// The time of one pause after each piece; the octets of the header are neglected.
    fileprivate var plannedWait: Int64 {
        guard case .pieces(let length) = pacing, length > 0 else { return 0 }
        return Pacing.betweenPieces.nanoseconds * Int64(payload.count / length)
    }
}
