import WSCatalogue
import WSControl
import WSHTTP2Link
package import WSLink
import WSProcess
import WSProtocol
import WSReport
import WSRunFolder
package import WSRunner
import WSScenario
import WSTransport

/// A run against clients, from its settings to its reports.
package struct ClientTest: Sendable {
    /// The way in which clients come.
    package enum Way: Sendable {
        /// By themselves, to an address that the user chose.
        case listen
        /// A command is started for each case.
        case command([String])
        /// A command is started once and asks for cases.
        case driver([String])
        /// The model client in this process is started for each case.
        case embedded
        /// What ``ClientTest/launcher`` starts for each case.
        case launched

        /// Whether a client is started for each case.
        var startsForEachCase: Bool {
            switch self {
            case .listen, .driver: false
            case .command, .embedded, .launched: true
            }
        }

        /// Whether a driver command is started once that asks for cases itself.
        var isDriver: Bool {
            if case .driver = self { true } else { false }
        }
    }

    /// The cases, and which of them every driver can play.
    package var plan: ClientPlan
    /// The way in which clients come.
    package var way: Way
    /// The endpoint that clients connect to.
    package var address: Endpoint
    /// How TLS is spoken; nil without TLS.
    package var tls: ServerTLS?
    /// Whether HTTP/2 is spoken with clients that begin it, by ALPN over TLS and by its preface without.
    package var isHTTP2 = false
    /// Whether the user chose the address.
    package var isAddressGiven: Bool
    /// How cases are played, and how results are reported.
    package var settings: RunSettings
    /// The subprotocols to accept from clients.
    package var subprotocols: [String]
    /// The origins whose pages may control the run, besides our own and those of this machine.
    package var allowedOrigins: [String]
    /// How the built-in client speaks TLS; tests give it defects.
    package var embeddedTLS = EmbeddedClientTLS()
    /// Starts clients in another way than by a command; nil for the model client.
    var launcher: (any ClientLauncher)?
    /// What the built-in client does wrong; nil for nothing.
    package var embeddedDefects: EmbeddedClientDefects?
    /// Whether the plan is a selection of the catalogue, of which the other cases are left out.
    package var isSelection = true
    /// What to generate instead of playing the cases of the plan; nil to play those.
    package var fuzzing: FuzzingPlan?
    /// Whether the client gives messages back, as the user says; only what is generated depends on it.
    package var application = RunPlan.Application.auto
    /// Receives all reports when a client asks for them; nil for nobody.
    package var handOut: ReportReceiver?

    /// Creates a run.
    package init(
        plan: ClientPlan,
        way: Way,
        address: Endpoint,
        isAddressGiven: Bool,
        settings: RunSettings,
        subprotocols: [String] = [],
        allowedOrigins: [String] = []
    ) {
        self.plan = plan
        self.way = way
        self.address = address
        self.isAddressGiven = isAddressGiven
        self.settings = settings
        self.subprotocols = subprotocols
        self.allowedOrigins = allowedOrigins
    }

    /// Plays the cases and writes the records; ``FinishedRun/deliver(_:tell:)`` writes the reports.
    ///
    /// - Parameters:
    ///   - monitor: Receives the progress.
    ///   - stop: Ends the run early.
    ///   - isListening: Receives our address as soon as clients may connect by themselves.
    /// - Throws: `RunTrouble` or `FileError` with one line if the run cannot begin.
    /// - Returns: The results of each client.
    package func run(
        monitor: some RunMonitor,
        stoppedBy stop: StopSwitch,
        isListening: (ServedAddress) -> Void = { _ in }
    ) async throws -> [FinishedRun] {
        let folder = RunFolder(path: settings.out)
        try folder.prepare()
        let began = ContinuousClock.now
        let startedAt = WallClock.milliseconds()
        let holder = ControlServerHolder()
        let kinds = Set(plan.scenarios.compactMap { $0.security?.certificate })
        let secured = try await spokenTLS?.open(for: address.host ?? "localhost", others: kinds.subtracting([.usual]))
        defer { secured?.close() }
        let acceptor = try await listen(holder, secured?.security)
        let second = await listenOverIPv6(holder, secured?.security)
        let ports: OwnPorts
        do {
            ports = try await OwnPorts.listen(for: plan.scenarios, holder, address, settings.timeout.duration, secured)
        } catch {
            await acceptor.closeAll()
            await second?.closeAll()
            throw error
        }
        // The port is known only after listening; a client that connects before that is refused.
        let authority = acceptor.endpoint.description
        var base = ServedAddress(
            endpoint: acceptor.endpoint,
            isSecure: tls != nil,
            authorities: secured?.authorities
        )
        base.isHTTP2 = isHTTP2
        let overIPv6 = second?.endpoint.description ?? (authority.hasPrefix("[::1]") ? authority : nil)
        let controlServer = ControlServer(try controlServerSettings(base.url, overIPv6, ports.authorities))
        if let limit = settings.peerLimit {
            controlServer.setPeerLimit(.octets(limit), Catalogue.PeerLimits.forRuns)
        }
        let session = ClientSession(
            ClientSession.Setting(
                controlServer: controlServer,
                out: settings.out,
                options: reportOptions,
                leftOut: isSelection && fuzzing == nil
                    ? settings.selection.leftOut(
                        for: .client,
                        over: isHTTP2 ? .http2 : Transport(over: address, security: secured?.security)
                    ) : [],
                url: base.url,
                startedAtMilliseconds: startedAt,
                began: began,
                handOut: handOut,
                gate: settings.gate
            ),
            monitor: monitor
        )
        let fuzzer = try makeFuzzer(monitor)
        let consumer = Task { await session.listen() }
        holder.open(controlServer)
        stop.onStop { session.stop(.signal) }
        if case .listen = way { isListening(base) }
        let (reason, gone) = await work(
            base: base,
            ports,
            controlServer: controlServer,
            session: session,
            fuzzer
        )
        controlServer.close()
        await letEnd(controlServer)
        await session.cut("the run was ended before this was over")
        await acceptor.closeAll()
        await second?.closeAll()
        await ports.closeAll()
        controlServer.finish()
        await consumer.value
        var run = self
        run.way = gone
        if let fuzzer { return [await run.finish(reason, fuzzer, session, url: base.url)] }
        return try await run.finish(reason, session)
    }

    // MARK: - Parts

    /// Runs until the first reason to stop.
    ///
    /// - Returns: That reason, and the way in which clients came in the end: a client that does not do what it was
    ///   started for is started again in the other way.
    private func work(
        base: ServedAddress,
        _ ports: OwnPorts,
        controlServer: ControlServer,
        session: ClientSession,
        _ fuzzer: FuzzLog?
    ) async -> (ClientSession.Stop, Way) {
        let work = Task { () -> Way in
            switch way {
            case .listen: break
            case .command(let command):
                let launcher = CommandLauncher(command: command)
                guard await play(launcher, base: base, ports, controlServer, session, fuzzer) else { break }
                await session.say(
                    "\(command.first ?? "") asks for cases itself, as a driver for Autobahn's interface does; it goes on as "
                        + "with --driver"
                )
                await startAnew(.driver(command), controlServer, session)
                _ = await drive(command, base: base, controlServer, session)
                return .driver(command)
            case .embedded, .launched:
                let launcher =
                    launcher
                    ?? EmbeddedLauncher(tls: embeddedTLS, defects: embeddedDefects, isHTTP2: isHTTP2)
                _ = await play(launcher, base: base, ports, controlServer, session, fuzzer)
            case .driver(let command):
                guard await drive(command, base: base, controlServer, session) else { break }
                await session.say(
                    "\(command.first ?? "") opens the address that it is given and asks for no case, so that it is no "
                        + "driver; drop --driver, or let it loop over the cases: it goes on as without --driver, started "
                        + "for each case"
                )
                await startAnew(.command(command), controlServer, session)
                _ = await play(CommandLauncher(command: command), base: base, ports, controlServer, session, nil)
                return .command(command)
            }
            return way
        }
        let stop = await session.stops.first { _ in true } ?? .done
        // The driver ends by itself, within its time.
        if stop == .asked, case .driver = way { await waitForEnd(of: work) }
        work.cancel()
        return (stop, await work.value)
    }

    /// Drops the results so far, and starts the client in another way.
    private func startAnew(_ way: Way, _ controlServer: ControlServer, _ session: ClientSession) async {
        await letEnd(controlServer)
        let last = controlServer.begin(
            way.startsForEachCase ? .expected : .any,
            defaultAgent: way.startsForEachCase ? agent : settings.agent,
            isDriven: !way.startsForEachCase
        )
        var run = self
        run.way = way
        await session.discard(upTo: last, options: run.reportOptions)
    }

    /// Starts a driver and lets it ask for cases.
    ///
    /// - Returns: Whether it is a client that plays one case, so that there are no results.
    private func drive(
        _ command: [String],
        base: ServedAddress,
        _ controlServer: ControlServer,
        _ session: ClientSession
    ) async -> Bool {
        let driver = DriverByCommand(
            launcher: CommandLauncher(command: command),
            task: ClientTask(
                served: base,
                base: base.url,
                url: base.url,
                agent: agent,
                errorLog: FileSystem.join(settings.out, "logs/driver.log"),
                hasInput: true
            ),
            session: session,
            controlServer: controlServer,
            timeout: .seconds(settings.timeout.seconds)
        )
        switch await driver.run() {
        case .complete: session.stop(.done)
        case .troubled(let line): session.stop(.broken(line))
        case .playsOneCase: return true
        }
        return false
    }

    /// Waits a short time for conversations that are about to end; their clients may already have seen the end.
    private func letEnd(_ controlServer: ControlServer) async {
        let began = ContinuousClock.now
        while controlServer.run.underWay() > 0, began.duration(to: .now) < Self.grace {
            try? await Task.sleep(for: .milliseconds(5))
        }
        await controlServer.catchUp()
    }

    private static let grace = Duration.seconds(1)

    /// Waits a limited time for the end of a driver that has asked for the end of the run.
    private func waitForEnd(of work: Task<Way, Never>) async {
        let timer = Task {
            try? await Task.sleep(for: .seconds(settings.timeout.seconds))
            work.cancel()
        }
        _ = await work.value
        timer.cancel()
    }

    /// Starts a client for each case.
    ///
    /// - Returns: Whether it is a driver that asks for cases itself, so that there are no results.
    private func play(
        _ launcher: any ClientLauncher,
        base: ServedAddress,
        _ ports: OwnPorts,
        _ controlServer: ControlServer,
        _ session: ClientSession,
        _ fuzzer: FuzzLog?
    ) async -> Bool {
        var plan = CasesByLauncher.Plan(
            scenarios: plan.scenarios,
            jobs: settings.jobs,
            timeout: .seconds(settings.timeout.seconds),
            served: base,
            agent: agent,
            folder: RunFolder(path: settings.out),
            ports: ports
        )
        if let fuzzer {
            plan.handle = { await fuzzer.take($0) }
            plan.fallsShort = { [settings] result in
                Judging.isFailed(result, profile: settings.profile, failByDrop: settings.failByDrop)
            }
        }
        let cases = CasesByLauncher(plan, launcher: launcher, controlServer: controlServer, session: session)
        let ending = if let fuzzer { await cases.run(from: fuzzer) } else { await cases.run() }
        switch ending {
        case .asksForCases where fuzzer != nil: session.stop(.absent(asksForCases(launcher)))
        case .complete: session.stop(.done)
        case .troubled(let line): session.stop(.broken(line))
        case .neverConnected(let line): session.stop(.absent(line))
        case .asksForCases: return true
        }
        return false
    }

    private func controlServerSettings(
        _ base: String,
        _ overIPv6: String?,
        _ ownAuthorities: [String: String]
    ) throws -> ControlServerSettings {
        let conversation = ConversationSettings(
            role: .server,
            target: try TargetURL(base),
            subprotocols: subprotocols,
            seed: settings.seed,
            effort: settings.effort,
            idleTimeout: settings.timeout.duration,
            maximumMessage: settings.maximumMessage
        )

        let out = settings.out
        var control = ControlServerSettings(
            version: ToolIdentity.version,
            plan: plan,
            admission: way.startsForEachCase ? .expected : .any,
            conversation: conversation,
            defaultAgent: way.startsForEachCase ? agent : settings.agent,
            isDriven: way.isDriver,
            allowedOrigins: allowedOrigins,
            authorityOfIPv6: overIPv6,
            ownAuthorities: ownAuthorities,
            // What is generated is small, and most of it is forgotten.
            makeSidecar: { [isFuzzing = fuzzing != nil] in
                isFuzzing ? nil : FileSidecar(newAt: ClientSession.recordingPath(of: $0, out: out))
            },
            wallClock: { WallClock.milliseconds() }
        )
        if isHTTP2 { control.http2 = .server(testing: settings.timeout.duration) }
        return control
    }

    /// How TLS is spoken, with the application protocols of the run.
    private var spokenTLS: ServerTLS? {
        var tls = tls
        if isHTTP2 { tls?.applicationProtocols = ["h2", "http/1.1"] }
        return tls
    }
}
