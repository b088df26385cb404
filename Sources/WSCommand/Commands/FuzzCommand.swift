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
        abstract: "Attack a WebSocket server or client with generated conversations.",
        discussion: """
            wsconform fuzz ws://127.0.0.1:9001 --time 300
            wsconform fuzz ws://127.0.0.1:9001 --runs 20000 --seed 7 --corpus corpus --supervise -- ./server --port 9001
            wsconform fuzz --client -- node client.js {url}
            wsconform server ws://127.0.0.1:9001 --scenario wsconform-report/scenarios/fuzz/NAME.json

            Frames, fragments, masks, lengths, texts, Close frames, compression and opening handshakes are made by chance, \
            right and wrong, and from those that led the peer somewhere new. A model of the RFC says what has to become of \
            each; where the RFC leaves it open, nothing counts. What counts is tried three times more, made smaller, and \
            written as a scenario file that wsconform server or client plays. The report is theirs, with a case for each cause.

            A client is started for each conversation, as wsconform client starts it for each case: it opens the one address \
            that it is given, gives messages back, and ends with the connection. If it gives nothing back, what needs no echo \
            is judged all the same.
            """
    )

    @Argument(help: "The server's address: ws://HOST[:PORT][/PATH], wss:// for TLS, or ws+unix:///SOCKET:/PATH.")
    var url: String?

    @Flag(help: "Attack a client, which the command behind -- runs; {url} is the address that it has to open.")
    var client = false

    @Flag(help: "Attack the built-in model peer instead.")
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
        help: ArgumentHelp(
            "The server's command and its arguments, for --supervise, or the client's.",
            valueName: "command"
        )
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
        guard client else {
            try NamedServer.check(url, embedded: embedded, by: way, tls)
            try way.check(supervise: supervise)
            return try Supervising.check(supervise, command, embedded: embedded)
        }
        let needsCommand = "give the client's command last: --client -- COMMAND {url}"
        if let url { throw ValidationError("'\(url)' names a server; \(needsCommand)") }
        if supervise { throw ValidationError("--supervise starts a server, and --client a client; drop one of them") }
        if let option = way.given ?? handshake.given ?? tls.given {
            throw ValidationError("\(option) is about a server; drop it, or --client")
        }
        switch (embedded, command.first) {
        case (true, let word?): throw ValidationError("--embedded starts no command; drop '\(word)' or --embedded")
        case (false, ""?): throw ValidationError("the command is empty; write a program behind --")
        case (false, nil): throw ValidationError("--client has no command; \(needsCommand)")
        default: break
        }
    }

    func run() async throws {
        // This is checked only here, because an earlier check would hide the error about an unknown option.
        guard client || embedded || url != nil else {
            throw ValidationError("nothing to attack; give an address such as ws://127.0.0.1:9001, or --embedded")
        }
        let monitor = ConsoleMonitor(showsProgress: !output.quiet)
        let run = client ? try fuzzClient(monitor) : try await fuzzServer(monitor)
        // Nothing is started before the signal handlers are in place, or an early signal would leave processes behind.
        let stop = StopSwitch()
        let signals = await Signals { stop.stop() }
        let finished = try await run(stop)
        let status = output.deliver(finished, monitor)
        // A signal that came earlier must not prevent the report.
        signals.cancel()
        throw ExitCode(status.rawValue)
    }

    /// A run that ends early when its switch is thrown.
    private typealias Run = (StopSwitch) async throws -> [FinishedRun]

    private func fuzzServer(_ monitor: ConsoleMonitor) async throws -> Run {
        let server = try await NamedServer(url, by: way, tls)
        for note in server.notes { Console.tell(note) }
        let mayBeFewer = server.isRemote && generating.wantedJobs == nil
        var test = ServerTest(
            scenarios: [],
            settings: settings(jobs: mayBeFewer ? min(generating.jobs, RemoteTarget.jobs) : generating.jobs),
            application: generating.application,
            handshake: handshake.content,
            command: supervise ? command : nil
        )
        server.lead(&test)
        test.fuzzing = generating.plan
        return { [test] in [try await test.run(against: server.target, monitor: monitor, stoppedBy: $0)] }
    }

    private func fuzzClient(_ monitor: ConsoleMonitor) throws -> Run {
        if let line = ClientTest.adviceOnAddress(of: command) { monitor.note(line) }
        let jobs = try OpenFiles.provide(forJobs: generating.jobs) { monitor.note($0) }.jobs
        let test = ClientTest.fuzzing(
            generating.plan,
            application: generating.application,
            embedded ? .embedded : .command(command),
            settings: settings(jobs: jobs)
        )
        return { try await test.run(monitor: monitor, stoppedBy: $0) }
    }

    private func settings(jobs: Int) -> RunSettings {
        var settings = RunSettings(out: output.out)
        settings.jobs = jobs
        settings.timeout = generating.timeout
        settings.seed = generating.seed
        settings.agent = output.agent
        return settings
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
            "Begin with the conversations in this folder, and add those that led the peer somewhere new.",
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
            "The peer's name in the report; default: what a server calls itself, else host and port; a client's program.",
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
        guard agent?.isEmpty != true else { throw ValidationError("--agent is empty; name the peer or drop it") }
    }

    /// Writes the report and prints the summary.
    ///
    /// - Returns: The exit status.
    func deliver(_ finished: [FinishedRun], _ monitor: ConsoleMonitor) -> ExitStatus {
        let rendering = Formats.rendering(formats.flatMap(\.self))
        return ExitStatus.worst(
            finished.map { run in
                run.deliver(as: rendering, monitor) { isWritten in
                    Console.summarise(run, isWritten: isWritten, out: out, quiet: quiet, noColour: noColor)
                }
            }
        )
    }
}
