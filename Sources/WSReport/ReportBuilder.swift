package import WSJudge
package import WSScenario

/// Collects the results of scenarios and creates a report from them.
package struct ReportBuilder: Sendable {
    /// Converts results into cases.
    package let maker: ReportCaseMaker
    private var cases: [String: Report.Case] = [:]

    /// Creates an empty builder.
    ///
    /// - Parameters:
    ///   - options: The options of the run.
    ///   - credentials: The credentials to mask.
    ///   - testsClients: Whether a client is under test, which has other requirements.
    ///   - statement: Finds what a requirement says and means.
    ///   - reference: Finds a requirement by its id.
    package init(
        options: Report.Options,
        credentials: Credentials = .none,
        testsClients: Bool = false,
        statement: @escaping @Sendable (String) -> Report.Statement? = { _ in nil },
        reference: @escaping @Sendable (String) -> RequirementReference?
    ) {
        maker = ReportCaseMaker(
            options: options,
            credentials: credentials,
            testsClients: testsClients,
            statement: statement,
            reference: reference
        )
    }

    /// The options of the run.
    package var options: Report.Options { maker.options }

    /// Adds the result of a scenario; it replaces an earlier one.
    package mutating func add(_ result: JudgedScenario) {
        keep(maker.entry(of: result))
    }

    /// The case of a scenario; nil if none was added.
    package func entry(of id: String) -> Report.Case? { cases[id] }

    /// The number of scenarios added.
    package var count: Int { cases.count }

    /// Adds a case as it is: one that was converted before, or that of an earlier report that cannot be judged again.
    package mutating func keep(_ entry: Report.Case) {
        cases[entry.id] = entry
    }

    /// The cases that no pattern selected.
    package var leftOut: [Report.LeftOut] = []

    /// The requirements of an earlier report, for the cases that are kept from it.
    package var earlierRequirements: [String: Report.Requirement] = [:]

    private var requirements: [String: Report.Requirement] {
        Report.cited(by: cases.values).reduce(into: [:]) { table, id in
            table[id] = maker.requirement(id) ?? earlierRequirements[id]
        }
    }

    /// The report of everything added so far.
    package func report(
        tool: Report.Tool,
        roleUnderTest: Report.RoleUnderTest,
        peer: Report.Peer,
        run: Report.Run?,
        footer: Report.Footer
    ) -> Report {
        var report = Report(
            tool: tool,
            roleUnderTest: roleUnderTest,
            peer: peer,
            options: options,
            run: run,
            cases: Array(cases.values),
            requirements: requirements,
            leftOut: leftOut,
            footer: footer
        )
        report.mask(maker.credentials)
        return report
    }
}

/// The judged result of a scenario, as input of ``ReportBuilder``.
package struct JudgedScenario: Sendable {
    /// The scenario.
    package var scenario: Scenario
    /// The judgement.
    package var judgement: Judgement
    /// When the conversation began, in UTC; nil if nothing was run.
    package var started: String?
    /// The scenario's position in Autobahn's list, from 1; 0 if it has none.
    package var autobahnOrdinal: Int
    /// The path of the transcript in the run folder; nil if there is none.
    package var transcriptPath: String?
    /// The path of the second play's transcript, with Autobahn's own waits; nil if there is none.
    package var autobahnTranscriptPath: String?
    /// Reads octets of the conversation, at least as many as a report shows.
    package var octets: @Sendable (Evidence) -> [UInt8]

    /// Creates a result.
    package init(
        scenario: Scenario,
        judgement: Judgement,
        started: String? = nil,
        autobahnOrdinal: Int = 0,
        transcriptPath: String? = nil,
        autobahnTranscriptPath: String? = nil,
        octets: @escaping @Sendable (Evidence) -> [UInt8] = { _ in [] }
    ) {
        self.scenario = scenario
        self.judgement = judgement
        self.started = started
        self.autobahnOrdinal = autobahnOrdinal
        self.transcriptPath = transcriptPath
        self.autobahnTranscriptPath = autobahnTranscriptPath
        self.octets = octets
    }
}
