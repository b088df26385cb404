import WSScenario
import WSTranscript

extension Judge {
    /// Twice as much takes about twice as long.
    ///
    /// 1. The longest of several measurements of the half is held against the shortest of the whole, so that whatever
    ///    else the machine does speaks for the peer.
    /// 2. What is fast says nothing about how it grows.
    /// 3. Four times is what quadratic cost comes to; ``mostGrowth`` lies far enough above two for a busy machine.
    /// 4. No text has a number for it, so it is tolerated, never failed.
    static let scalingRule = Rule(name: "scaling", requirements: []) { subject in
        guard let (half, whole) = subject.compared, half > 0, whole >= leastComparedTime else { return [] }
        let growth = Double(whole) / Double(half)
        guard growth > mostGrowth else { return [] }
        return [
            Finding(
                rule: "scaling",
                axis: .behaviour,
                verdict: .tolerated,
                requirement: subject.requirement,
                reason: "took far more than twice as long for twice as much: its cost grows faster than what is sent",
                evidence: subject.stimulusEvidence
            )
        ]
    }

    /// How much longer twice as much may take.
    static let mostGrowth = 3.0
    /// The shortest time that is compared, in nanoseconds.
    static let leastComparedTime: Int64 = 200_000_000
}

extension Case {
    /// The times that the runner took for half of the stimulus and for all of it; nil where it took none.
    fileprivate var compared: (half: Int64, whole: Int64)? {
        for entry in timeline.entries {
            if case .mark(.compared(let half, let whole)) = entry.kind { return (half, whole) }
        }
        return nil
    }
}
