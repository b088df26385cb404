import WSLink
import WSScenario

extension Scenario {
    /// Scenarios in the order in which a run as a whole waits least; equals stay as they are.
    static func longestWaitFirst(_ scenarios: [Scenario]) -> [Scenario] {
        scenarios.map { ($0.plannedWait, $0) }.enumerated()
            .sorted { ($1.element.0, $0.offset) < ($0.element.0, $1.offset) }
            .map(\.element.1)
    }

    /// Load in the order that leaves neither side idle.
    ///
    /// Large messages are the target's work and thousands of small writes are ours, so they take turns. What goes to
    /// and fro takes its time whatever it runs beside, and comes last.
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
        case .quiesce: Pacing.quiesceAtLeast.nanoseconds
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
