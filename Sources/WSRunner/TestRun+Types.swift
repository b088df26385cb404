import WSLimits
package import WSScenario
package import WSTranscript

/// What a run does.
package struct RunPlan: Sendable {
    /// The scenarios to run, in any order; they are told apart by id.
    package var scenarios: [Scenario]
    /// The scenario that shows, before and after, that the target works: one that needs an echo.
    package var control: Scenario
    /// The control for targets whose application does not echo.
    package var controlWithoutEcho: Scenario
    /// What all conversations share.
    package var settings: ConversationSettings
    /// How many conversations may be in flight.
    package var jobs: Int
    /// What the application behind the target does.
    package var application: Application
    /// How many files and connections this process may have open at a time; nil for any number.
    package var openFiles: Int?
    /// How many lines of records may wait in memory for their results to be confirmed.
    package var waitingLines: Int

    /// What the application behind the target does with messages.
    package enum Application: String, Sendable, Hashable, CaseIterable {
        /// Find out with the control scenario.
        case auto
        /// It echoes.
        case echo
        /// It does something else.
        case none
    }

    /// Creates a plan.
    package init(
        scenarios: [Scenario],
        control: Scenario,
        controlWithoutEcho: Scenario,
        settings: ConversationSettings,
        jobs: Int,
        application: Application = .auto,
        openFiles: Int? = nil,
        waitingLines: Int = Limits.waitingLines.value
    ) {
        self.scenarios = scenarios
        self.control = control
        self.controlWithoutEcho = controlWithoutEcho
        self.settings = settings
        self.jobs = jobs
        self.application = application
        self.openFiles = openFiles
        self.waitingLines = waitingLines
    }
}

/// What came of one scenario of a run, not judged yet.
package struct ConversationResult: Sendable {
    /// The scenario.
    package var scenario: Scenario
    /// What was recorded; nil where nothing was run.
    package var transcript: Transcript?
    /// What was recorded when the scenario was played once more with Autobahn's own waits; nil where it was not.
    package var autobahnTranscript: Transcript?
    /// Whether it can be judged.
    package var status: Status
    /// Milliseconds since 1970-01-01 at which the conversation began; 0 where nothing was run.
    package var startedAtMilliseconds: Int64

    /// Whether a result can be judged.
    package enum Status: Sendable, Hashable {
        /// The transcript can be judged.
        case recorded
        /// It was not run, for this reason.
        case skipped(String)
        /// It says nothing about the peer, for this reason.
        case inconclusive(String)
    }

    /// Creates a result.
    package init(
        scenario: Scenario,
        transcript: Transcript?,
        status: Status,
        startedAtMilliseconds: Int64 = 0
    ) {
        self.scenario = scenario
        self.transcript = transcript
        self.status = status
        self.startedAtMilliseconds = startedAtMilliseconds
    }
}

/// What a run tells while it goes on.
package enum RunEvent: Sendable {
    /// The control scenario has shown who answers.
    case peer(server: String?)
    /// So many scenarios will be run.
    case planned(Int)
    /// A scenario is done; it comes once per scenario, but for those that a later event replaces.
    case finished(ConversationResult)
    /// An earlier result no longer stands; this one does.
    case replaced(ConversationResult)
    /// One line that the user should read.
    case note(String)
    /// What follows is judged by how long it takes, so nothing else should be under way once this is taken.
    case quiet
}

/// How a run as a whole ended.
package enum RunEnding: Sendable, Hashable {
    /// Every scenario has its result.
    case complete
    /// The target could not be tested at all; one line says why and what to do.
    case unreachable(String)
    /// The control failed at the end or the target died; one line says so.
    case broken(String)
    /// The user ended the run.
    case cancelled
}
