import WSScenario
import WSTranscript

extension Judge {
    /// How much memory and processor time the target used, where the scenario sets a bound to it.
    ///
    /// 1. No text has a number for it, so a bound that is missed is tolerated, never failed.
    /// 2. Processor time comes in ticks of 10 ms: over less than ``shortestMeasuredTime`` it says nothing.
    /// 3. Where nothing was measured, nothing can be said.
    static let resourceRule = Rule(name: "resources") { subject in
        guard let bounds = subject.scenario.supervision, bounds.isBounded else { return [] }
        guard let usage = subject.target?.usage else {
            return [missed(subject, .inconclusive, "memory and processor time of the target were not measured")]
        }
        var findings: [Finding] = []
        let growth = usage.residentPeak - min(usage.residentBefore, usage.residentPeak)
        if let bound = bounds.memoryGrowth, growth > bound {
            findings.append(
                missed(subject, .tolerated, "resident memory grew by \(growth) octets, more than \(bound)")
            )
        }
        if let bound = bounds.processorShare, usage.elapsed >= shortestMeasuredTime {
            let share = Double(usage.processor) / Double(usage.elapsed)
            if share > bound {
                findings.append(
                    missed(
                        subject,
                        .tolerated,
                        "used \(percent(share)) of a processor while it had next to nothing to do, more than \(percent(bound))"
                    )
                )
            }
        }
        return findings
    }

    /// The shortest conversation whose processor time is judged, in nanoseconds.
    static let shortestMeasuredTime: Int64 = 200_000_000

    private static func missed(_ subject: Case, _ verdict: Verdict, _ reason: String) -> Finding {
        Finding(
            rule: "resources",
            axis: .behaviour,
            verdict: verdict,
            requirement: subject.requirement,
            reason: reason,
            evidence: subject.stimulusEvidence
        )
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
