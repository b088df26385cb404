import ArgumentParser
import WSConform
import WSReport
import WSRunFolder
import WSRunner
import WSScenario
import WSTransport

/// The command `wsconform fuzz`.
struct FuzzCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz",
        abstract: "Attack a WebSocket server with generated conversations.",
        discussion: """
            wsconform fuzz ws://127.0.0.1:9001 --time 300
            wsconform fuzz ws://127.0.0.1:9001 --runs 20000 --seed 7 --corpus corpus --supervise -- ./server --port 9001
            wsconform server ws://127.0.0.1:9001 --scenario wsconform-report/scenarios/fuzz/NAME.json

            Frames, fragments, masks, lengths, texts, Close frames, compression and opening handshakes are made by chance, \
            right and wrong, and from those that led the server somewhere new. A model of the RFC says what has to become of \
            each; where the RFC leaves it open, nothing counts. What counts is tried three times more, made smaller, and \
            written as a scenario file that wsconform server plays. The report is that of wsconform server, with a case for \
            each cause.
            """
    )

    @Argument(help: "The server's address: ws://HOST[:PORT][/PATH], wss:// for TLS, or ws+unix:///SOCKET:/PATH.")
    var url: String?

    @Flag(help: "Attack the built-in model peer instead of a server.")
    var embedded = false

    @Flag(
        help: """
            Start the server with the command behind --, watch its exits and sanitizers, start it again when it dies, and \
            end it. It has 30 seconds to listen.
            """
    )
    var supervise = false

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("The server's command and its arguments, for --supervise.", valueName: "command")
    )
    var command: [String] = []

    @OptionGroup(title: "What is generated")
    var generating: GeneratingOptions

    @OptionGroup(title: "How connections get there")
    var way: RouteOptions

    @OptionGroup(title: "What the handshake says")
    var handshake: HandshakeOptions

    @OptionGroup(title: "How TLS is spoken")
    var tls: TargetTLSOptions

    @OptionGroup(title: "What becomes of it")
    var output: FuzzOutputOptions

    func validate() throws {
        try NamedServer.check(url, embedded: embedded, by: way, tls)
        try Supervising.check(supervise, command, embedded: embedded)
    }

    func run() async throws {
        // This is checked only here, because an earlier check would hide the error about an unknown option.
        guard embedded || url != nil else {
            throw ValidationError("nothing to attack; give an address such as ws://127.0.0.1:9001, or --embedded")
        }
        let server = try await NamedServer(url, by: way, tls)
        if let note = server.note { Console.tell(note) }
        let mayBeFewer = server.isRemote && generating.wantedJobs == nil
        var settings = RunSettings(out: output.out)
        settings.jobs = mayBeFewer ? min(generating.jobs, RemoteTarget.jobs) : generating.jobs
        settings.timeout = generating.timeout
        settings.seed = generating.seed
        settings.agent = output.agent
        var test = ServerTest(
            scenarios: [],
            settings: settings,
            application: generating.application,
            handshake: handshake.content,
            command: supervise ? command : nil
        )
        server.lead(&test)
        test.fuzzing = generating.plan
        let monitor = ConsoleMonitor(showsProgress: !output.quiet)
        // Nothing is started before the signal handlers are in place, or an early signal would leave processes behind.
        let stop = StopSwitch()
        let signals = await Signals { stop.stop() }
        let finished = try await test.run(against: server.target, monitor: monitor, stoppedBy: stop)
        let status = output.deliver(finished, monitor)
        // A signal that came earlier must not prevent the report.
        signals.cancel()
        throw ExitCode(status.rawValue)
    }
}

/// The options for what is generated, and how it is played.
struct GeneratingOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Generate conversations for so long; default: 60, or as long as it takes with --runs.",
            valueName: "seconds"
        )
    )
    var time: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Generate so many conversations; default: as many as fit into the time.",
            valueName: "number"
        )
    )
    var runs: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The seed of everything that is generated.", valueName: "number")
    )
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "Begin with the conversations in this folder, and add those that led the server somewhere new.",
            valueName: "folder"
        ),
        completion: .directory
    )
    var corpus: String?

    @Option(
        name: .customLong("jobs"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "Conversations in flight, 1 to 256; by default four for each core, at most 16.",
            valueName: "number"
        )
    )
    var wantedJobs: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Give a conversation up after so many seconds of silence.", valueName: "seconds")
    )
    var timeout = SilenceLimit(seconds: 2)

    @Option(help: "What the application does with messages.")
    var application = RunPlan.Application.auto

    /// The number of jobs that the user asked for, or the default.
    var jobs: Int { wantedJobs ?? DefaultJobs.count }

    /// What to generate.
    var plan: FuzzingPlan {
        FuzzingPlan(runs: runs, seconds: time ?? (runs == nil ? Self.usualTime : nil), corpus: corpus)
    }

    private static let usualTime = 60.0
    private static let longestTime = 604_800.0

    func validate() throws {
        guard (1...256).contains(jobs) else {
            throw ValidationError("--jobs \(jobs) is out of range; give a number from 1 to 256")
        }
        if let time, !(time > 0 && time <= Self.longestTime) {
            throw ValidationError("--time \(time) is out of range; give seconds, more than 0 and at most a week")
        }
        if let runs, runs < 1 { throw ValidationError("--runs \(runs) is out of range; give a number from 1 on") }
        guard corpus?.isEmpty != true else { throw ValidationError("--corpus is empty; name a folder") }
        try timeout.validate()
    }
}

/// The options for the output of a fuzzing run.
struct FuzzOutputOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The server's name in the report; default: what it calls itself, else host and port.",
            valueName: "name"
        )
    )
    var agent: String?

    @Option(
        help: ArgumentHelp("The folder for the report and what was recorded.", valueName: "folder"),
        completion: .directory
    )
    var out = "./wsconform-report"

    @Option(name: .customLong("format"), help: Formats.help, completion: Formats.completion, transform: Formats.list)
    var formats: [[String]] = []

    @Flag(help: "Print only the last line, and trouble.")
    var quiet = false

    @Flag(help: "Print without colour.")
    var noColor = false

    func validate() throws {
        guard !out.isEmpty else { throw ValidationError("--out is empty; name a folder") }
        guard agent?.isEmpty != true else { throw ValidationError("--agent is empty; name the server or drop it") }
    }

    /// Writes the report and prints the summary.
    ///
    /// - Returns: The exit status.
    func deliver(_ finished: FinishedRun, _ monitor: ConsoleMonitor) -> ExitStatus {
        finished.deliver(as: Formats.rendering(formats.flatMap(\.self)), monitor) { isWritten in
            Console.summarise(finished, isWritten: isWritten, out: out, quiet: quiet, noColour: noColor)
        }
    }
}
