import WSJudge
import WSLimits
import WSScenario

/// Converts a judged scenario into a report case; stateless.
package struct ReportCaseMaker: Sendable {
    /// The options of the run.
    package let options: Report.Options

    /// The credentials to mask.
    package let credentials: Credentials

    let testsClients: Bool
    let statement: @Sendable (String) -> Report.Statement?
    let reference: @Sendable (String) -> RequirementReference?

    /// The report case of a result.
    package func entry(of result: JudgedScenario) -> Report.Case {
        let scenario = result.scenario
        let judgement = result.judgement
        let findings = Self.bounded(judgement.findings)
        var entry = Report.Case(
            id: scenario.id,
            title: scenario.title,
            aliases: scenario.autobahn.map { ["autobahn": $0.number] } ?? [:],
            references: scenario.references.isEmpty
                ? nil
                : scenario.references.map { defect in
                    KnownDefectReference(
                        project: defect.project,
                        reference: defect.reference,
                        about: defect.about,
                        reasons: defect.reasons.isEmpty ? nil : defect.reasons.map(\.rawValue)
                    )
                },
            phase: scenario.phase == .ordinary ? nil : scenario.phase,
            purpose: scenario.purpose == .conformance ? nil : scenario.purpose,
            requirements: references(of: scenario, findings),
            verdict: judgement.verdict,
            behaviour: judgement.behaviour,
            closing: judgement.closing,
            reason: judgement.reason,
            evidence: findings.first { !$0.isPassive }?.evidence ?? [],
            findings: findings,
            parts: judgement.parts.isEmpty ? nil : judgement.parts,
            closeCode: judgement.closeCode,
            durationMilliseconds: Double(judgement.durationNanoseconds / 1_000) / 1_000,
            autobahn: judgement.autobahn.map { verdict in
                Report.AutobahnResult(
                    verdict,
                    ordinal: result.autobahnOrdinal,
                    isWrongCloserFatal: scenario.autobahn?.wrongCloserFailsBehaviour ?? false,
                    started: result.started,
                    durationNanoseconds: judgement.durationNanoseconds,
                    transcript: result.autobahnTranscriptPath
                )
            },
            target: judgement.target,
            wire: judgement.wireLines.map {
                Report.WireLine($0, octets: result.octets, without: credentials)
            },
            transcript: result.transcriptPath
        )
        if options.http2 == true, !judgement.parts.isEmpty {
            entry.transport = judgement.isOnStream == true ? .http2 : .http1
        }
        if options.profile == .autobahn { entry.applyAutobahnProfile() }
        entry.mask(credentials)
        entry.bound()
        return entry
    }

    /// A requirement for the report's table; nil if its id is unknown.
    package func requirement(_ id: String) -> Report.Requirement? {
        reference(id).map { reference in
            let statement = statement(id)
            return Report.Requirement(
                source: reference.source,
                section: reference.section,
                level: reference.level,
                sentence: statement?.sentence ?? "",
                impact: statement?.impact,
                impactReason: statement?.impactReason
            )
        }
    }

    // A peer that violates everything must not make the report grow; the gravest findings come first and stay.
    private static let mostFindings = Limits.findings.value
    private static let mostEvidence = Limits.evidence.value

    private static func bounded(_ findings: [Finding]) -> [Finding] {
        let own = findings.filter { !$0.isPassive }.prefix(mostFindings)
        return (own + findings.filter(\.isPassive).prefix(mostFindings)).map { finding in
            var finding = finding
            finding.evidence = Array(finding.evidence.prefix(mostEvidence))
            return finding
        }
    }

    /// The scenario's requirements, followed by those that only findings cite.
    private func references(of scenario: Scenario, _ findings: [Finding]) -> [RequirementReference] {
        var ids: [String] = []
        let scenario = testsClients ? scenario.testingClients : scenario
        for id in scenario.requirements + findings.map(\.requirement) where !ids.contains(id) {
            ids.append(id)
        }
        return ids.compactMap { reference($0) }
    }
}
