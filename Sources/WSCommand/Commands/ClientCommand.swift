import ArgumentParser
import WSCatalogue
import WSConform
import WSLink
import WSProtocol
import WSReport
import WSRunner
import WSScenario

/// The command `wsconform client`.
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Test a WebSocket client.",
        discussion: """
            wsconform client --listen 127.0.0.1:9001
            wsconform client -- node client.js {url}
            wsconform client --driver -- python3 autobahn_driver.py {url}
            wsconform client --listen wss://127.0.0.1:9443
            wsconform client --http2 -- python3 h2_client.py {url}
            wsconform client --embedded --defect constant-masking-key
            wsconform client --cases 'closing/*' --repeat 20 -- node client.js {url}
            wsconform client --cases 7.3.2 --timeout never -- gdb --args ./client {url}

            Without a command it listens: for drivers written for Autobahn's fuzzing server, and for a browser at \
            http://127.0.0.1:9001/. A command is started for each case, with the case's address for {url} and in \
            WSCONFORM_URL, the subprotocols to ask for in WSCONFORM_SUBPROTOCOLS and what else to do in WSCONFORM_ACTION; \
            {plain-url} is an address without a query, {page} that of the page, for a browser that a driver opens. On a Unix \
            socket the address is ws+unix:///PATH:/…, and {socket} and WSCONFORM_SOCKET are its path.

            WSCONFORM_ACTION is empty or one of {"send":"text"}, {"sendBinary":"00ff80"} and \
            {"close":{"code":1000,"reason":""}}, to be done once the connection is open; the cases of a client that does \
            neither are unimplemented. A command that is alone (one case, or --jobs 1) has the standard input, as a \
            debugger wants it. All of it is in wsconform's repository: \
            Drivers.md in Sources/WSControl/WSControl.docc.

            Options may stand in a file wsconform.json, {"client": {"command": ["node", "client.js", "{url}"], "jobs": 4}}, \
            as wsconform help server explains.
            """
    )

    @Option(
        help: ArgumentHelp(
            """
            Listen here, on a host and port or on a Unix socket, unix:///PATH; port 0 takes a free one, and \
            wss://HOST:PORT speaks TLS. Default: 127.0.0.1:9001, with a command a free port.
            """,
            valueName: "host:port"
        ),
        transform: ListeningAddress.parse
    )
    var listen: ListeningAddress?

    @OptionGroup(title: "How TLS is spoken")
    var tls: ServerTLSOptions

    @Flag(
        help: """
            Speak HTTP/2 with clients that begin it, as TLS agrees on it or by prior knowledge (RFC 8441), beside HTTP/1.1; \
            cases that make sense on a stream are played, those about HTTP/2 among them.
            """
    )
    var http2 = false

    @Flag(
        help: """
            Start the command once and let it ask for cases, as Autobahn's drivers do; one that plays a single case is told \
            so, and goes on as without it.
            """
    )
    var driver = false

    @Flag(help: "Test the built-in model client.")
    var embedded = false

    @Option(
        name: .customLong("defect"),
        help: ArgumentHelp("Let the built-in client do this wrong; may be repeated.", valueName: "name"),
        completion: .list(EmbeddedClientDefects.all.map { $0.name })
    )
    var defects: [String] = []

    @Flag(help: "List the defects that the built-in client can have, and end.")
    var listDefects = false

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("The command that runs the client, and its arguments.", valueName: "command")
    )
    var command: [String] = []

    @OptionGroup(title: "Which cases")
    var selection: SelectionOptions

    @OptionGroup
    var scenarios: ScenarioOptions

    @OptionGroup(title: "How they are run")
    var pace: ClientPaceOptions

    @OptionGroup(title: "How they are run")
    var sizes: SizeOptions

    @OptionGroup(title: "How they are run")
    var repetition: RepeatOptions

    @Option(
        name: .customLong("subprotocol"),
        help: ArgumentHelp("Speak this subprotocol where a client asks for it; may be repeated.", valueName: "name"),
        transform: HandshakeOptions.subprotocol
    )
    var subprotocols: [String] = []

    @Option(
        name: .customLong("allow-origin"),
        help: ArgumentHelp(
            "Let pages of this origin drive the run, besides our own and those of this machine; may be repeated.",
            valueName: "origin"
        )
    )
    var allowedOrigins: [String] = []

    @OptionGroup(title: "What becomes of it")
    var output: OutputOptions

    func validate() throws {
        switch (embedded, driver, command.first) {
        case (true, _, let word?): throw ValidationError("--embedded starts no command; drop '\(word)' or --embedded")
        case (true, true, nil): throw ValidationError("--embedded starts no driver; drop --driver or --embedded")
        case (false, true, nil): throw ValidationError("--driver has no command; write it last: --driver -- COMMAND")
        case (false, _, ""?): throw ValidationError("the command is empty; write a program behind --")
        default: break
        }
        if let name = defects.first(where: { EmbeddedClientDefects([$0]) == nil }) {
            throw ValidationError("clients have no defect '\(name)'; --list-defects shows them all")
        }
        if let name = defects.first, !embedded {
            throw ValidationError("--defect \(name) is for the built-in client; add --embedded, or drop it")
        }
        guard scenarios.files.isEmpty || selection.isDefault && output.profile != .autobahn else {
            throw ValidationError(
                "--scenario names what is run; drop --cases, --exclude, --only-autobahn and --profile autobahn"
            )
        }
        if repetition.times > 1, !embedded, command.isEmpty {
            throw ValidationError("--repeat starts the client for each try; give its command behind --, or drop it")
        }
        _ = try tls.settings(isSecure: listen?.isSecure ?? false, mend: Self.asksForTLS)
        if listen?.endpoint.socketPath != nil, command.contains(where: { $0.contains("{page}") }) {
            throw ValidationError("{page} is for browsers, which open no Unix socket; give --listen HOST:PORT")
        }
        if listen?.endpoint.socketPath == nil, command.contains(where: { $0.contains("{socket}") }) {
            throw ValidationError("{socket} is the path of a Unix socket; give one with --listen unix:///PATH")
        }
        if let agent = output.agent, agent.utf8.count > ClientRun.longestName {
            throw ValidationError("--agent has \(agent.utf8.count) octets; give at most \(ClientRun.longestName)")
        }
    }

    func run() async throws {
        guard !listDefects else {
            Console.out(DefectText.listOfClients)
            return
        }
        let way: ClientTest.Way =
            embedded ? .embedded : command.isEmpty ? .listen : driver ? .driver(command) : .command(command)
        let monitor = ConsoleMonitor(showsProgress: !output.quiet)
        if let line = ClientTest.adviceOnAddress(of: command) { monitor.note(line) }
        let jobs = try OpenFiles.provide(forJobs: pace.jobs) { monitor.note($0) }.jobs
        let usual: Endpoint = command.isEmpty && !embedded ? .listeningByDefault : .listeningOnFreePort
        let address = listen ?? ListeningAddress(usual)
        var test = ClientTest(
            plan: try plan(over: http2 ? .http2 : Transport(over: address)),
            way: way,
            address: address.endpoint,
            isAddressGiven: listen != nil,
            settings: try output.settings(.client, selection, sizes, jobs, pace.timeout, pace.effort, pace.seed),
            subprotocols: subprotocols,
            allowedOrigins: allowedOrigins
        )
        test.embeddedDefects = defects.isEmpty ? nil : EmbeddedClientDefects(defects)
        test.tls = try tls.settings(isSecure: address.isSecure, mend: Self.asksForTLS)
        test.isHTTP2 = http2
        test.isSelection = scenarios.files.isEmpty
        let plan = test.plan
        let stop = StopSwitch()
        let signals = await Signals { stop.stop() }
        let repeated = RepeatedRun(times: repetition.times, settings: test.settings, stoppedBy: stop)
        let finished = try await repeated.run(monitor) { [test] out, monitor in
            var test = test
            test.settings.out = out
            return try await test.run(monitor: monitor, stoppedBy: stop) { tellAddress($0, plan) }
        }
        let status = output.deliver(finished, monitor)
        // A signal that came earlier must not prevent the report.
        signals.cancel()
        throw ExitCode(status.rawValue)
    }

    private static let asksForTLS = "listen with --listen wss://HOST:PORT"

    private func tellAddress(_ address: ServedAddress, _ plan: ClientPlan) {
        let base = address.url
        let lines = [
            "listening on \(base)",
            address.authorities.map { "  its certificate is signed by the authority in \($0)" },
            address.page.map { "  a browser: open \($0)" },
            "  a driver for Autobahn's fuzzing server: point it at \(base); it finds \(plan.countedCases) cases",
            "  a command for each case: wsconform client -- COMMAND {url}",
            "end it with Ctrl-C; the report will be in \(output.out)",
        ].compactMap(\.self)
        Console.out((output.quiet ? lines[..<1] : lines[...]).joined(separator: "\n") + "\n")
    }

    /// The selected cases; those that every driver can play, and those that the user names in full, come first.
    private func plan(over transport: Transport) throws -> ClientPlan {
        guard scenarios.files.isEmpty else {
            return ClientPlan(counted: try ScenarioFiles.read(scenarios.files, for: .client, over: transport))
        }
        var scenarios = try selection.scenarios(for: .client, over: transport)
        if output.profile == .autobahn {
            let order = Dictionary(
                Catalogue.autobahnOrder.enumerated().map { ($0.element.id, $0.offset) },
                uniquingKeysWith: { first, _ in first }
            )
            scenarios = scenarios.compactMap { scenario in order[scenario.id].map { ($0, scenario) } }
                .sorted { $0.0 < $1.0 }.map(\.1)
            guard !scenarios.isEmpty else {
                throw ValidationError("none of the selected cases is one of Autobahn's; drop --profile autobahn")
            }
        }
        let isCounted: (Scenario) -> Bool = { scenario in
            (scenario.acceptsHandshake && scenario.driver == .connect && scenario.supervision == nil)
                || Selector.names(scenario, among: selection.cases)
        }
        let plan = ClientPlan(counted: scenarios.filter(isCounted), others: scenarios.filter { !isCounted($0) })
        if driver, !selection.cases.isEmpty { try tellUncounted(in: plan) }
        return plan
    }

    /// Says how many of the cases that patterns select need a client that is started for each, which no driver is.
    private func tellUncounted(in plan: ClientPlan) throws {
        guard let first = plan.scenarios.dropFirst(plan.countedCases).first else { return }
        let count = plan.scenarios.count - plan.countedCases
        let mend = "drop --driver and give a command that plays one case, or name them in full: --cases \(first.id)"
        guard plan.countedCases > 0 else {
            throw ValidationError("a driver is asked for none of the \(count) selected cases; \(mend)")
        }
        Console.tell(
            "\(count) of the \(plan.scenarios.count) selected cases are not asked of a driver and left out; \(mend)"
        )
    }
}

/// The options for how cases are run with clients.
struct ClientPaceOptions: ParsableArguments {
    @Option(
        name: .customLong("jobs"),
        parsing: .unconditional,
        help: ArgumentHelp(
            "Commands that run at a time, 1 to 256; by default four for each core, at most 16.",
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
            Give a conversation up after so many seconds of silence, or six times as many in all, and a command that \
            does not end so long after it; never waits as long as it takes, as for a client under a debugger.
            """,
            valueName: "seconds"
        )
    )
    var timeout = SilenceLimit.standard

    @Option(help: "How much is sent; the same cases run either way.")
    var effort = Effort.quick

    @Option(parsing: .unconditional, help: ArgumentHelp("The seed of payloads and pieces.", valueName: "number"))
    var seed: UInt64 = 1

    func validate() throws {
        guard (1...256).contains(jobs) else {
            throw ValidationError("--jobs \(jobs) is out of range; give a number from 1 to 256")
        }
        try timeout.validate()
    }
}
