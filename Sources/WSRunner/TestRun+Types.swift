import WSLimits
package import WSScenario
package import WSTranscript

/// What a run has to do.
package struct RunPlan: Sendable {
    /// The scenarios to run, in any order; their ids are unique.
    package var scenarios: [Scenario]
    /// The scenario that shows before and after the run that the target works; it needs an echo.
    package var control: Scenario
    /// The control for targets whose application does not echo.
    package var controlWithoutEcho: Scenario
    /// The settings that all conversations share.
    package var settings: ConversationSettings
    /// The largest message that the target accepts, in octets, as the user says; nil to learn it.
    package var peerLimit: Int?
    /// Makes scenarios for that limit; nil if none of the run depends on it.
    package var limitScenarios: LimitScenarios?
    /// How many conversations may run at a time.
    package var jobs: Int
    /// What the application of the target does.
    package var application: Application
    /// How many files and connections this process may have open at a time; nil for no limit.
    package var openFiles: Int?
    /// How many lines of records may wait in memory for their results to be confirmed.
    package var waitingLines: Int
    /// Whether a scenario is not run against the server of this name; nil to run all of them.
    package var isLeftOut: (@Sendable (Scenario, String?) -> Bool)?
    /// The options of the command line for how connections get to the target, without credentials.
    package var routeWords: [String] = []
    /// The command line without the address that plays the run again where a source gave the scenarios; nil if the
    /// scenarios have names that a command line can select.
    package var generatingCommand: String?

    /// What the application of the target does with messages.
    package enum Application: String, Sendable, Hashable, CaseIterable {
        /// Finds out with the control scenario.
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
        peerLimit: Int? = nil,
        limitScenarios: LimitScenarios? = nil,
        jobs: Int,
        application: Application = .auto,
        openFiles: Int? = nil,
        waitingLines: Int = Limits.waitingLines.value
    ) {
        self.scenarios = scenarios
        self.control = control
        self.controlWithoutEcho = controlWithoutEcho
        self.settings = settings
        self.peerLimit = peerLimit
        self.limitScenarios = limitScenarios
        self.jobs = jobs
        self.application = application
        self.openFiles = openFiles
        self.waitingLines = waitingLines
    }
}

/// The result of running one scenario, before it is judged.
package struct ConversationResult: Sendable {
    /// The scenario.
    package var scenario: Scenario
    /// The record; nil if nothing was run.
    package var transcript: Transcript?
    /// The record of the second play with Autobahn's own waits; nil if there was none.
    package var autobahnTranscript: Transcript?
    /// Whether it can be judged.
    package var status: Status
    /// When the conversation began, in milliseconds since 1970-01-01; 0 if nothing was run.
    package var startedAtMilliseconds: Int64

    /// Whether a result can be judged.
    package enum Status: Sendable, Hashable {
        /// The transcript can be judged.
        case recorded
        /// It was not run for this reason.
        case skipped(String)
        /// It was not run, because the peer has shown for this reason that it lacks an optional feature.
        case unimplemented(String)
        /// It says nothing about the peer for this reason.
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

/// An event that a run reports.
package enum RunEvent: Sendable {
    /// The control scenario has shown which server answers.
    case peer(server: String?)
    /// What the server does with a handshake that lacks the credentials that the user gave.
    case withoutCredentials(AnswerWithoutCredentials, line: String)
    /// The number of scenarios that will run.
    case planned(Int)
    /// The result of a scenario; it comes once per scenario, except for those that a later event replaces.
    case finished(ConversationResult)
    /// A result that replaces an earlier one.
    case replaced(ConversationResult)
    /// One line that the user should read.
    case note(String)
    /// The following scenarios are judged by their duration, so nothing else should run meanwhile.
    case quiet
}

/// How a run ended.
package enum RunEnding: Sendable, Hashable {
    /// Every scenario has its result.
    case complete
    /// The target could not be tested at all; one line gives the reason and what to do.
    case unreachable(String)
    /// The control failed at the end, or the target died; one line says so.
    case broken(String)
    /// The user ended the run.
    case cancelled
}
