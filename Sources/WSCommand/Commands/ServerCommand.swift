import ArgumentParser
import WSConform
import WSProtocol
import WSRender
import WSReport
import WSRunFolder
import WSRunner
import WSScenario
import WSTransport

/// The command `wsconform server`.
struct ServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server",
        abstract: "Test a WebSocket server.",
        discussion: """
            wsconform server ws://127.0.0.1:9001
            wsconform server --embedded --cases 'closing/*' --out /tmp/closing
            wsconform server wss://127.0.0.1:9443 --ca ca.pem
            wsconform server ws://127.0.0.1:9001 --supervise -- ./server --port 9001
            wsconform server ws://127.0.0.1:9001 --cases 'closing/*' --repeat 20
            wsconform server ws://127.0.0.1:9001 --debug fragmentation/two-fragments

            With a file wsconform.json in the working folder, wsconform server alone is enough:

            {"server": {"url": "ws://127.0.0.1:9001", "command": ["./server", "--port", "9001"],
            "headers": {"Authorization": "Bearer ${TOKEN}"}, "baseline": "wsconform-baseline.json", "jobs": 4}}

            Its keys are the options below, without hyphens in front; an option that may be repeated takes a list, and a \
            command is supervised. headers and cookies are objects, ${NAME} is a variable of the environment, and paths \
            begin at the file's folder. What stands on the command line replaces what the file says. All of it: \
            Configuration.md in Sources/WSConform/WSConform.docc of wsconform's repository. Where GITHUB_ACTIONS is true, \
            ::error lines and the summary of the job are written by themselves.
            """
    )

    @Argument(help: "The server's address: ws://HOST[:PORT][/PATH], wss:// for TLS, or ws+unix:///SOCKET:/PATH.")
    var url: String?

    @Flag(help: "Test the built-in model peer instead of a server.")
    var embedded = false

    @Flag(
        help: """
            Start the server with the command behind --, watch its exits, sanitizers, memory and processor time, start \
            it again when it dies, and end it. It has 30 seconds to listen.
            """
    )
    var supervise = false

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("The server's command and its arguments, for --supervise.", valueName: "command")
    )
    var command: [String] = []

    @OptionGroup(title: "Which cases")
    var selection: SelectionOptions

    @OptionGroup
    var scenarios: ScenarioOptions

    @OptionGroup(title: "How they are run")
    var pace: PaceOptions

    @OptionGroup(title: "How they are run")
    var sizes: SizeOptions

    @OptionGroup(title: "How they are run")
    var repetition: RepeatOptions

    @OptionGroup(title: "How they are run")
    var debugging: DebugOptions

    @OptionGroup(title: "How connections get there")
    var way: RouteOptions

    @OptionGroup(title: "What the handshake says")
    var handshake: HandshakeOptions

    @OptionGroup(title: "How TLS is spoken")
    var tls: TargetTLSOptions

    @OptionGroup(title: "What becomes of it")
    var output: OutputOptions

    func validate() throws {
        try NamedServer.check(url, embedded: embedded, by: way, tls)
        try Supervising.check(supervise, command, embedded: embedded)
        try way.check(supervise: supervise)
        guard scenarios.files.isEmpty || selection.isDefault else {
            throw ValidationError("--scenario names what is run; drop --cases, --exclude and --only-autobahn")
        }
        guard scenarios.files.isEmpty || debugging.debugged == nil else {
            throw ValidationError("--debug plays a case of the catalogue; drop --scenario")
        }
        try debugging.validate(
            embedded: embedded,
            supervise: supervise,
            cases: selection.cases,
            times: repetition.times
        )
    }

    func run() async throws {
        // This is checked only here, because an earlier check would hide the error about an unknown option.
        guard embedded || url != nil else {
            let example = "\"url\": \"ws://127.0.0.1:9001\""
            let place = ConfigurationUse.current.map { "add \(example) to the section \"server\" of \($0.file)" }
            throw ValidationError(
                "nothing to test; give an address such as ws://127.0.0.1:9001 or --embedded, or "
                    + (place ?? "write wsconform.json with {\"server\": {\(example)}}")
            )
        }
        let server = try await NamedServer(url, by: way, tls)
        var (selection, jobs) = (selection, pace.jobs)
        var notes = server.notes
        if let url = server.url, server.isRemote { notes += [spare(url, &selection, &jobs)].compactMap(\.self) }
        if let name = debugging.debugged { selection.cases = [name] }
        let transport = server.target.transport(by: server.route)
        let played =
            scenarios.files.isEmpty
            ? try selection.scenarios(for: .server, over: transport)
            : try ScenarioFiles.read(scenarios.files, for: .server, over: transport)
        var test = ServerTest(
            scenarios: played,
            settings: try output.settings(.server, selection, sizes, jobs, pace.timeout, pace.effort, pace.seed),
            application: pace.application,
            handshake: handshake.content,
            command: supervise ? command : nil
        )
        server.lead(&test)
        test.isSelection = scenarios.files.isEmpty
        // An error about the selection stands alone.
        for line in notes { Console.tell(line) }
        if debugging.debugged != nil, let url = server.url {
            throw ExitCode(try await test.debug(at: url, security: server.target.security).rawValue)
        }
        let monitor = ConsoleMonitor(showsProgress: !output.quiet)
        // Nothing is started before the signal handlers are in place, or an early signal would leave processes behind.
        let stop = StopSwitch()
        let signals = await Signals { stop.stop() }
        let repeated = RepeatedRun(times: repetition.times, settings: test.settings, stoppedBy: stop)
        let finished = try await repeated.run(monitor) { [test] out, monitor in
            var test = test
            test.settings.out = out
            return [try await test.run(against: server.target, monitor: monitor, stoppedBy: stop)]
        }
        let status = output.deliver(finished, monitor)
        // A signal that came earlier must not prevent the report.
        signals.cancel()
        throw ExitCode(status.rawValue)
    }
}

/// The options that select cases.
struct SelectionOptions: ParsableArguments {
    @Option(
        name: .customLong("cases"),
        help: ArgumentHelp(
            """
            Run these cases only: ids such as closing/*, tag:NAME, or Autobahn's numbers such as 7.3.*, with *.* for all \
            of them; may be repeated.
            """,
            valueName: "pattern"
        ),
        completion: .cases
    )
    var cases: [String] = []

    @Option(help: ArgumentHelp("Leave these cases out; may be repeated.", valueName: "pattern"), completion: .cases)
    var exclude: [String] = []

    @Flag(help: "Of these, run only the cases that Autobahn has, too.")
    var onlyAutobahn = false

    @Option(help: "Whether compression (permessage-deflate) is tested; off leaves all of it out.")
    var compression = CaseSelection.Compression.on

    /// Whether cases of many megabytes are played only if a pattern names cases; no option says so.
    var sparesTarget = false

    /// Whether no option selects cases.
    var isDefault: Bool { cases.isEmpty && exclude.isEmpty && !onlyAutobahn }

    /// The patterns in the form that a run takes.
    var selection: CaseSelection {
        var selection = CaseSelection(
            cases: cases,
            exclude: exclude,
            onlyAutobahn: onlyAutobahn,
            compression: compression
        )
        selection.sparesTarget = sparesTarget
        return selection
    }

    private enum CodingKeys: CodingKey {
        case cases, exclude, onlyAutobahn, compression
    }

    /// The selected scenarios; notes about the patterns are printed.
    func scenarios(for role: Role, over transport: Transport) throws -> [Scenario] {
        let selected: [Scenario]
        do throws(RunTrouble) {
            selected = try selection.scenarios(for: role, over: transport)
        } catch {
            throw ValidationError(error.description)
        }
        for note in selection.notes(for: role) { Console.tell(note) }
        return selected
    }
}

/// The options for how cases are run.
struct PaceOptions: ParsableArguments {
    @Option(
        name: .customLong("jobs"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "Conversations in flight, 1 to 256; by default four for each core, at most 16.",
            valueName: "number"
        )
    )
    var wantedJobs: Int?

    /// The number of jobs that the user asked for, or the default.
    var jobs: Int { wantedJobs ?? DefaultJobs.count }

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Give a conversation up after so many seconds of silence, or six times as many in all; never waits as long as \
            it takes.
            """,
            valueName: "seconds"
        )
    )
    var timeout = SilenceLimit.standard

    @Option(help: "How much is sent; the same cases run either way.")
    var effort = Effort.quick

    @Option(parsing: .unconditional, help: ArgumentHelp("The seed of masks and keys.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(help: "What the application does with messages.")
    var application = RunPlan.Application.auto

    func validate() throws {
        guard (1...256).contains(jobs) else {
            throw ValidationError("--jobs \(jobs) is out of range; give a number from 1 to 256")
        }
        try timeout.validate()
    }
}

/// The options for the output of a run.
struct OutputOptions: ParsableArguments {
    @Option(help: "Whose judgement becomes the verdict; what is sent never depends on it.")
    var profile = Profile.rfc

    @Flag(help: "Take Autobahn's verdicts from a tester that fails connections by dropping TCP, its option failByDrop.")
    var failByDrop = false

    @OptionGroup
    var gate: GateOptions

    @Option(
        name: .customLong("require"),
        help: ArgumentHelp(
            """
            Exit with 2 where this was not tried, as the last line says what it left out: \
            \(Report.LeftOut.words.joined(separator: ", ")); with commas, may be repeated.
            """,
            valueName: "names"
        ),
        completion: .names(Report.LeftOut.words),
        transform: OutputOptions.names
    )
    var requiredNames: [[String]] = []

    /// The reasons for which no case may be left out.
    var require: [String] { requiredNames.flatMap(\.self) }

    @Option(
        help: ArgumentHelp(
            "The peer's name in the report; default: what it calls itself, else host and port or its command.",
            valueName: "name"
        )
    )
    var agent: String?

    @Option(
        help: ArgumentHelp("The folder for the report and what was recorded.", valueName: "folder"),
        completion: .directory
    )
    var out = Self.standardFolder

    /// The folder of a run that names none.
    static let standardFolder = "./wsconform-report"

    @Option(name: .customLong("format"), help: Formats.help, completion: Formats.completion, transform: Formats.list)
    var formats: [[String]] = []

    @OptionGroup
    var file: ConfigurationOptions

    @Flag(help: "Print only the last line, and trouble.")
    var quiet = false

    @Flag(help: "Print without colour.")
    var noColor = false

    @Sendable
    private static func names(_ text: String) throws -> [String] {
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        for name in names where !Report.LeftOut.words.contains(name) {
            let meant = UsageHint.meant(name, Report.LeftOut.words).map { "did you mean '\($0)'?" }
            let mend = meant ?? "name one of \(Report.LeftOut.words.joined(separator: ", "))"
            throw ValidationError("'\(name)' cannot be required; \(mend)")
        }
        return names
    }

    func validate() throws {
        guard !out.isEmpty else { throw ValidationError("--out is empty; name a folder") }
        guard agent?.isEmpty != true else { throw ValidationError("--agent is empty; name the server or drop it") }
    }
}
