package import WSJudge
package import WSScenario

/// Gathers what came of each scenario and makes a report of it.
package struct ReportBuilder: Sendable {
    /// Makes the cases.
    package let maker: ReportCaseMaker
    private var cases: [String: Report.Case] = [:]

    /// Creates a builder without cases.
    ///
    /// - Parameters:
    ///   - options: the options that the report names.
    ///   - credentials: what the user gave for the run and nobody should read.
    ///   - testsClients: whether the cases are those of a client under test, which other requirements bind.
    ///   - sentence: finds what a requirement says.
    ///   - reference: finds a requirement by its id.
    package init(
        options: Report.Options,
        credentials: Credentials = .none,
        testsClients: Bool = false,
        sentence: @escaping @Sendable (String) -> String? = { _ in nil },
        reference: @escaping @Sendable (String) -> RequirementReference?
    ) {
        maker = ReportCaseMaker(
            options: options,
            credentials: credentials,
            testsClients: testsClients,
            sentence: sentence,
            reference: reference
        )
    }

    /// The options that the report names.
    package var options: Report.Options { maker.options }

    /// Adds what came of one scenario; an earlier result of the same scenario no longer stands.
    package mutating func add(_ result: JudgedScenario) {
        keep(maker.entry(of: result))
    }

    /// What was added of a scenario; nil where nothing was.
    package func entry(of id: String) -> Report.Case? { cases[id] }

    /// How many scenarios have been added.
    package var count: Int { cases.count }

    /// Adds a case as it is: one made here, or that of an earlier report which cannot be judged anew.
    package mutating func keep(_ entry: Report.Case) {
        cases[entry.id] = entry
    }

    /// What no pattern had named, as the report says it.
    package var leftOut: [Report.LeftOut] = []

    /// Requirements that an earlier report had, for the cases of it that are kept.
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
    /// The path of the transcript of the second play, with Autobahn's own waits, if there is one.
    package var autobahnTranscriptPath: String?
    /// Reads octets of the conversation back, as many as a report shows at least.
    package var octets: @Sendable (Evidence) -> [UInt8]

    /// Puts together what came of one scenario.
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
