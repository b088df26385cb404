import WSScenario
import WSTranscript

extension Judge {
    /// Twice the stimulus should take about twice the time.
    ///
    /// 1. The longest time of the half is compared with the shortest time of the whole, so that disturbances by other
    ///    processes favour the peer.
    /// 2. Times that are too short say nothing about growth.
    /// 3. Quadratic cost takes four times as long. ``mostGrowth`` is between two and four, with room for a busy
    ///    machine.
    /// 4. No text has a number for this, so it is tolerated and never fails.
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
                evidence: subject.stimulusEvidence,
                key: .costGrows
            )
        ]
    }

    /// The highest accepted ratio of the times for the whole and the half.
    static let mostGrowth = 3.0
    /// The shortest time that is compared, in nanoseconds.
    static let leastComparedTime: Int64 = 200_000_000
}

extension Case {
    /// The nanoseconds for half of the stimulus and for all of it; nil if the runner did not measure them.
    fileprivate var compared: (half: Int64, whole: Int64)? {
        for entry in timeline.entries {
            if case .mark(.compared(let half, let whole)) = entry.kind { return (half, whole) }
        }
        return nil
    }
}
