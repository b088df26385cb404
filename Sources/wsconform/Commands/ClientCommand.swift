import ArgumentParser
import WSCatalogue
import WSProtocol
import WSReport
import WSRunner
import WSScenario

/// `wsconform client`.
struct ClientCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "client",
        abstract: "Test a WebSocket client.",
        discussion: """
            wsconform client --listen 127.0.0.1:9001
            wsconform client -- node client.js {url}
            wsconform client --driver -- python3 autobahn_driver.py {url}
            wsconform client --cases 7.3.2 --timeout never -- gdb --args ./client {url}

            Without a command it listens: for drivers written for Autobahn's fuzzing server, and for a browser at \
            http://127.0.0.1:9001/. A command is started for each case, with the case's address for {url} and in \
            WSCONFORM_URL, the subprotocols to ask for in WSCONFORM_SUBPROTOCOLS and what else to do in WSCONFORM_ACTION; \
            {plain-url} is an address without a query, {page} that of the page, for a browser that a driver opens.

            WSCONFORM_ACTION is empty or one of {"send":"text"}, {"sendBinary":"00ff80"} and \
            {"close":{"code":1000,"reason":""}}, to be done once the connection is open; the cases of a client that does \
            neither are unimplemented. A command that is alone (one case, or --jobs 1) has the standard input, as a \
            debugger wants it. All of it: Sources/WSControl/WSControl.docc/Drivers.md.
            """
    )

    @Option(
        help: ArgumentHelp(
            "Listen here; port 0 takes a free one. Default: 127.0.0.1:9001, with a command a free port.",
            valueName: "host:port"
        ),
        transform: ClientCommand.address
    )
    var listen: ListenAddress?

    @Flag(help: "Start the command once and let it ask for cases, as Autobahn's drivers do.")
    var driver = false

    @Flag(help: "Test the built-in model client.")
    var embedded = false

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp("The command that runs the client, and its arguments.", valueName: "command")
    )
    var command: [String] = []

    @OptionGroup(title: "Which cases")
    var selection: SelectionOptions

    @OptionGroup(title: "How they are run")
    var pace: ClientPaceOptions

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
        if let agent = output.agent, agent.utf8.count > ClientRun.longestName {
            throw ValidationError("--agent has \(agent.utf8.count) octets; give at most \(ClientRun.longestName)")
        }
    }

    func run() async throws {
        let way: ClientTestRun.Way =
            embedded ? .embedded : command.isEmpty ? .listen : driver ? .driver(command) : .command(command)
        var pace = pace
        pace.jobs = try OpenFiles.provide(forJobs: pace.jobs).jobs
        let run = ClientTestRun(
            plan: try plan(),
            way: way,
            address: listen ?? (command.isEmpty && !embedded ? .standard : .free),
            isAddressGiven: listen != nil,
            selection: selection,
            pace: pace,
            output: output,
            subprotocols: subprotocols,
            allowedOrigins: allowedOrigins
        )
        throw ExitCode(try await run.run().rawValue)
    }

    /// The selected cases; first those that any driver can play, unless the user names what to play.
    private func plan() throws -> ClientPlan {
        var scenarios = try selection.scenarios(for: .client)
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
        guard selection.cases.isEmpty else { return ClientPlan(counted: scenarios) }
        let isOrdinary: (Scenario) -> Bool = { $0.acceptsHandshake && $0.driver == .connect && $0.supervision == nil }
        return ClientPlan(
            counted: scenarios.filter(isOrdinary),
            others: scenarios.filter { !isOrdinary($0) }
        )
    }

    @Sendable
    private static func address(_ text: String) throws -> ListenAddress {
        guard let address = ListenAddress(text) else {
            throw ValidationError("'\(text)' is no address to listen on; write HOST:PORT, such as 127.0.0.1:9001")
        }
        return address
    }
}

/// Where to listen.
struct ListenAddress: Sendable, Hashable {
    /// A name or address, IPv6 without brackets.
    var host: String
    /// The port; 0 for a free one.
    var port: Int

    /// As Autobahn's tools have it.
    static let standard = ListenAddress(host: "127.0.0.1", port: 9001)
    /// A free port of this machine alone.
    static let free = ListenAddress(host: "127.0.0.1", port: 0)

    /// How the user would write it.
    var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`, with `ws://` before it or not.
    init?(_ text: String) {
        var rest = text.hasPrefix("ws://") ? text.dropFirst("ws://".count) : text[...]
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard let colon = rest.lastIndex(of: ":") else { return nil }
        var host = rest[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let port = TargetHost.port(rest[rest.index(after: colon)...]),
            isBracketed ? TargetHost.isIPv6(host) : TargetHost.isIPv4(host) || TargetHost.isName(host)
        else { return nil }
        self.host = String(host)
        self.port = port
    }
}

/// How cases are run with clients.
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

    /// What was wanted, or the default.
    var jobs: Int {
        get { wantedJobs ?? DefaultJobs.count }
        set { wantedJobs = newValue }
    }

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Give a conversation up after so many seconds of silence, and a command that does not end so long after \
            it; never waits as long as it takes, as for a client under a debugger.
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
