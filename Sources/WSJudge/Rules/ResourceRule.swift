import WSScenario
import WSTranscript

extension Judge {
    /// Compares the memory and processor time of the target with the bounds that the scenario sets.
    ///
    /// 1. No text has a number for these, so exceeding a bound is tolerated and never fails.
    /// 2. Processor time is measured in ticks of 10 ms, so it is not compared in conversations shorter than
    ///    ``shortestMeasuredTime``.
    /// 3. If nothing was measured, there is no finding.
    static let resourceRule = Rule(name: "resources", requirements: []) { subject in
        guard let bounds = subject.scenario.supervision, bounds.isBounded else { return [] }
        guard let usage = subject.target?.usage else {
            return [
                missed(
                    subject,
                    .inconclusive,
                    .usageUnknown,
                    "memory and processor time of the target were not measured"
                )
            ]
        }
        var findings: [Finding] = []
        let growth = usage.residentPeak - min(usage.residentBefore, usage.residentPeak)
        if let bound = bounds.memoryGrowth, growth > bound {
            findings.append(
                missed(
                    subject,
                    .tolerated,
                    .memoryGrew,
                    "resident memory grew by \(growth) octets, more than \(bound)"
                )
            )
        }
        if let bound = bounds.processorShare, usage.elapsed >= shortestMeasuredTime {
            let share = Double(usage.processor) / Double(usage.elapsed)
            if share > bound {
                findings.append(
                    missed(
                        subject,
                        .tolerated,
                        .processorBusy,
                        "used \(percent(share)) of a processor while it had next to nothing to do, more than \(percent(bound))"
                    )
                )
            }
        }
        return findings
    }

    /// The shortest conversation whose processor time is judged, in nanoseconds.
    static let shortestMeasuredTime: Int64 = 200_000_000

    private static func missed(
        _ subject: Case,
        _ verdict: Verdict,
        _ key: ReasonKey,
        _ reason: String
    ) -> Finding {
        Finding(
            rule: "resources",
            axis: .behaviour,
            verdict: verdict,
            requirement: subject.requirement,
            reason: reason,
            evidence: subject.stimulusEvidence,
            key: key
        )
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
