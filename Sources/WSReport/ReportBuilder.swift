package import WSJudge
package import WSScenario

/// Gathers what came of each scenario and makes a report of it.
package struct ReportBuilder: Sendable {
    /// The options that the report names.
    package let options: Report.Options

    private let testsClients: Bool
    private let reference: @Sendable (String) -> RequirementReference?
    private var cases: [String: Report.Case] = [:]

    /// Creates a builder without cases.
    ///
    /// - Parameters:
    ///   - options: the options that the report names.
    ///   - testsClients: whether the cases are those of a client under test, which other requirements bind.
    ///   - reference: finds a requirement by its id.
    package init(
        options: Report.Options,
        testsClients: Bool = false,
        reference: @escaping @Sendable (String) -> RequirementReference?
    ) {
        self.options = options
        self.testsClients = testsClients
        self.reference = reference
    }

    /// Adds what came of one scenario; an earlier result of the same scenario no longer stands.
    package mutating func add(_ result: JudgedScenario) {
        let scenario = result.scenario
        let judgement = result.judgement
        let findings = Self.bounded(judgement.findings)
        var entry = Report.Case(
            id: scenario.id,
            title: scenario.title,
            aliases: scenario.autobahn.map { ["autobahn": $0.number] } ?? [:],
            references: scenario.references.isEmpty
                ? nil
                : scenario.references.map { KnownDefectReference(project: $0.project, reference: $0.reference) },
            requirements: references(of: scenario, findings),
            verdict: judgement.verdict,
            behaviour: judgement.behaviour,
            closing: judgement.closing,
            reason: judgement.reason,
            evidence: findings.first?.evidence ?? [],
            findings: findings,
            closeCode: judgement.closeCode,
            durationMilliseconds: Double(judgement.durationNanoseconds / 1_000) / 1_000,
            autobahn: judgement.autobahn.map { verdict in
                Report.AutobahnResult(
                    verdict,
                    ordinal: result.autobahnOrdinal,
                    isWrongCloserFatal: scenario.autobahn?.wrongCloserFailsBehaviour ?? false,
                    started: result.started,
                    durationNanoseconds: judgement.durationNanoseconds
                )
            },
            target: judgement.target,
            wire: judgement.wire.map { Secrets.mask($0) },
            transcript: result.transcriptPath
        )
        if options.profile == .autobahn { entry.applyAutobahnProfile() }
        cases[entry.id] = entry
    }

    /// What was added of a scenario; nil where nothing was.
    package func entry(of id: String) -> Report.Case? { cases[id] }

    /// How many scenarios have been added.
    package var count: Int { cases.count }

    /// Takes over a case of an earlier report that cannot be judged anew.
    package mutating func keep(_ entry: Report.Case) {
        cases[entry.id] = entry
    }

    /// The report of everything added so far.
    package func report(
        tool: Report.Tool,
        roleUnderTest: Report.RoleUnderTest,
        peer: Report.Peer,
        run: Report.Run?,
        footer: Report.Footer
    ) -> Report {
        Report(
            tool: tool,
            roleUnderTest: roleUnderTest,
            peer: peer,
            options: options,
            run: run,
            cases: Array(cases.values),
            footer: footer
        )
    }

    // A peer that does everything wrong must not swell the report; the gravest come first and stay.
    private static let mostFindings = 20
    private static let mostEvidence = 16

    private static func bounded(_ findings: [Finding]) -> [Finding] {
        findings.prefix(mostFindings).map { finding in
            var finding = finding
            finding.evidence = Array(finding.evidence.prefix(mostEvidence))
            return finding
        }
    }

    /// The scenario's requirements and after them those that only findings cite.
    private func references(of scenario: Scenario, _ findings: [Finding]) -> [RequirementReference] {
        var ids: [String] = []
        let scenario = testsClients ? scenario.testingClients : scenario
        for id in scenario.requirements + findings.map(\.requirement) where !ids.contains(id) {
            ids.append(id)
        }
        return ids.compactMap { reference($0) }
    }
}

/// What came of one scenario, as ``ReportBuilder`` takes it.
package struct JudgedScenario: Sendable {
    /// The scenario.
    package var scenario: Scenario
    /// What the judge said.
    package var judgement: Judgement
    /// The moment at which the conversation began, in UTC; nil where nothing was run.
    package var started: String?
    /// The scenario's position in Autobahn's list, counted from 1; 0 where it has none.
    package var autobahnOrdinal: Int
    /// The path of the transcript in the run folder, if there is one.
    package var transcriptPath: String?

    /// Puts together what came of one scenario.
    package init(
        scenario: Scenario,
        judgement: Judgement,
        started: String? = nil,
        autobahnOrdinal: Int = 0,
        transcriptPath: String? = nil
    ) {
        self.scenario = scenario
        self.judgement = judgement
        self.started = started
        self.autobahnOrdinal = autobahnOrdinal
        self.transcriptPath = transcriptPath
    }
}
