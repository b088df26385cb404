import WSCatalogue
import WSHTTP2Link
import WSJudge
import WSLimits
import WSLink
import WSLiveFuzzing
import WSProcess
import WSProtocol
package import WSReport
package import WSRunFolder
package import WSRunner
package import WSScenario
import WSTranscript
package import WSTransport

/// A run against one server, from its settings to its report.
package struct ServerTest: Sendable {
    /// The server under test.
    package enum Target: Sendable {
        /// A server that somebody else runs, or that the command starts.
        case server(TargetURL, security: (any ChannelSecurity)? = nil)
        /// The built-in model server.
        case embedded

        /// The transport of the connections to it by a route.
        package func transport(by route: Route = Route()) -> Transport {
            switch self {
            case .server(let url, _) where route.isHTTP2(to: url): .http2
            case .embedded where route.isHTTP2: .http2
            case .server(let url, let security): Transport(over: route.endpoint(of: url), security: security)
            case .embedded: Transport(over: EmbeddedPeer.endpoint)
            }
        }
    }

    /// The scenarios to play.
    package var scenarios: [Scenario]
    /// How cases are played, and how results are reported.
    package var settings: RunSettings
    /// What the application does with messages, as the user says.
    package var application: RunPlan.Application
    /// The optional content of the handshake.
    package var handshake: HandshakeContent
    /// How TLS was asked for, for the report; nil without TLS.
    package var tls: TargetTLS?
    /// The command that starts the target; nil if somebody else runs it.
    package var command: [String]?
    /// How connections get to a server.
    package var route = Route()
    /// Whether a scenario is not played against a server that calls itself so; nil to play all.
    package var isLeftOut: (@Sendable (Scenario, String?) -> Bool)?
    /// What to generate instead of playing scenarios; nil to play those.
    package var fuzzing: FuzzingPlan?
    /// Whether the scenarios are a selection of the catalogue, of which the others are left out.
    package var isSelection = true

    /// Creates a run.
    package init(
        scenarios: [Scenario],
        settings: RunSettings,
        application: RunPlan.Application = .auto,
        handshake: HandshakeContent = HandshakeContent(),
        command: [String]? = nil
    ) {
        self.scenarios = scenarios
        self.settings = settings
        self.application = application
        self.handshake = handshake
        self.command = command
    }

    /// Plays the cases and writes the records; ``FinishedRun/deliver(_:tell:)`` writes the report.
    ///
    /// - Parameters:
    ///   - target: The server under test.
    ///   - monitor: Receives the progress.
    ///   - stop: Ends the run early.
    /// - Throws: `RunTrouble`, `FileError` or `SupervisionTrouble` with one line if the run cannot begin.
    /// - Returns: The results.
    package func run(
        against target: Target,
        monitor: some RunMonitor,
        stoppedBy stop: StopSwitch
    ) async throws -> FinishedRun {
        // This comes first, because the process ends if the event loops cannot open their files.
        let files = try OpenFiles.provide(forJobs: settings.jobs) { monitor.note($0) }
        let folder = RunFolder(path: settings.out)
        try folder.prepare()
        switch target {
        case .server(let url, _):
            return try await run(target, at: url, folder, files, monitor, stop)
        case .embedded:
            return try await EmbeddedPeer.withServer(overHTTP2: route.isHTTP2) { url in
                try await run(target, at: url, folder, files, monitor, stop)
            }
        }
    }

    private func run(
        _ target: Target,
        at url: TargetURL,
        _ folder: RunFolder,
        _ files: (limit: Int?, jobs: Int),
        _ monitor: some RunMonitor,
        _ stop: StopSwitch
    ) async throws -> FinishedRun {
        let results = PeerResults(
            testing: .server,
            folder: folder,
            options: reportOptions(of: target),
            leftOut: isSelection && fuzzing == nil
                ? settings.selection.leftOut(for: .server, over: target.transport(by: route)) : [],
            credentials: credentials(for: url)
        )
        let log = RunLog(results: results, monitor: monitor)
        let began = WallClock.milliseconds()
        let clock = ContinuousClock.now
        let fuzzer = try fuzzing.map { fuzzing in
            try FuzzLog(
                fuzzing,
                log: log,
                monitor: monitor,
                settings: settings,
                application: application,
                peer: FuzzConversation.Peer(transport: target.transport(by: route))
            )
        }
        let (outcome, seen) = try await carryOut(plan(url, files), target.security, log, fuzzer, monitor, stop)
        let duration = clock.duration(to: .now)
        var report = await log.report(
            peer: { server in
                Report.Peer(name: settings.agent ?? server ?? settings.unnamed ?? url.authority, url: url.text)
            },
            run: Report.Run(
                startedAtMilliseconds: began,
                durationSeconds: duration / .seconds(1),
                supervised: command.flatMap { command in seen.map { Report.Supervised(command, $0) } }
            ),
            outcome: outcome
        )
        report.run?.fuzzing = await fuzzer?.counts
        return FinishedRun(
            report: report,
            ending: outcome,
            folder: folder,
            texts: await log.texts,
            gate: settings.gate
        )
    }

    private func carryOut(
        _ plan: RunPlan,
        _ security: (any ChannelSecurity)?,
        _ log: RunLog,
        _ fuzzer: FuzzLog?,
        _ monitor: some RunMonitor,
        _ stop: StopSwitch
    ) async throws -> (RunOutcome, TargetSummary?) {
        let dialer = dialer(for: plan, security)
        let supervised = try command.map { command in
            try SupervisedTarget(
                command: command,
                authority: route.endpoint(of: plan.settings.target).description,
                dialer: dialer,
                errorLog: log.folder.targetLogPath
            )
        }
        let run = testRun(
            plan,
            dialer,
            supervised,
            makeSidecar: { log.folder.makeSidecar(for: $0) },
            isFuzzing: fuzzer != nil,
            handle: { event in
                if let fuzzer { await fuzzer.take(event) } else { await log.take(event) }
            }
        )
        let running = Task { () -> RunEnding in
            do {
                try await supervised?.start()
            } catch {
                return Task.isCancelled ? .cancelled : .unreachable("\(error)")
            }
            let ending = if let fuzzer { await run.run(from: fuzzer) } else { await run.run() }
            guard case .unreachable(let line) = ending, let words = await supervised?.wordsOfDeath else {
                return ending
            }
            return .unreachable("\(line)\(words); \(log.folder.targetLogPath) has all of it")
        }
        stop.onStop { running.cancel() }
        let ending = await running.value
        await fuzzer?.finish(ending)
        let seen = await supervised?.stop()
        if let seen { tell(seen, log.folder, monitor) }
        // The end of what a target wrote that never listened is told already.
        let hasBegun = if case .unreachable = ending { false } else { true }
        if hasBegun, seen?.endings.isEmpty == false, FileSystem.holdsSomething(log.folder.targetLogPath) {
            monitor.note("\(log.folder.targetLogPath) has what the target wrote before it ended")
        }
        return (await log.finish(ending), seen)
    }

    /// What reports and lines mask.
    package func credentials(for url: TargetURL) -> Credentials {
        var credentials = Credentials(
            fields: handshake.fields.map { ($0.name, $0.value) } + (route.proxy?.secretFields ?? []),
            resourceName: url.resourceName
        )
        if let message = handshake.firstMessage { credentials.add(message: message) }
        return credentials
    }

    /// Connects to the target of a plan.
    func dialer(for plan: RunPlan, _ security: (any ChannelSecurity)?) -> any Dialer {
        let sockets = Sockets.dialer(
            to: route.endpoint(of: plan.settings.target),
            through: route.proxy?.tunnel,
            connectTimeout: plan.settings.idleTimeout,
            security: security,
            rate: route.rate
        )
        guard plan.settings.isOnStream else { return sockets }
        return HTTP2Dialer(over: sockets, .client(settingsLimit: plan.settings.idleTimeout))
    }

    /// The run of a plan, which judges as the settings say.
    func testRun(
        _ plan: RunPlan,
        _ dialer: any Dialer,
        _ supervisor: SupervisedTarget? = nil,
        makeSidecar: @escaping @Sendable (String) -> (any SidecarStore)?,
        isFuzzing: Bool = false,
        handle: @escaping @Sendable (RunEvent) async -> Void
    ) -> TestRun {
        let (profile, failByDrop) = (settings.profile, settings.failByDrop)
        return TestRun(
            plan: plan,
            dialer: dialer,
            supervisor: supervisor,
            makeSidecar: makeSidecar,
            wallClock: { WallClock.milliseconds() },
            holdsAgainst: { Judging.isFailed($0, profile: profile, failByDrop: failByDrop) },
            fallsShort: { result in
                // A fuzzing run counts what fails alone, so that nothing else need be confirmed.
                isFuzzing
                    ? Judging.isFailed(result, profile: profile, failByDrop: failByDrop)
                    : Judging.fallsShort(result, failByDrop: failByDrop)
            },
            playsTwice: { Judging.isChangedByPing($0, failByDrop: failByDrop) },
            isSameToAutobahn: { Judging.isSameToAutobahn($0, $1, failByDrop: failByDrop) },
            handle: handle
        )
    }

    /// Reports what is left to say about the target's process after its end.
    private func tell(_ seen: TargetSummary, _ folder: RunFolder, _ monitor: some RunMonitor) {
        if !seen.strays.isEmpty {
            let names = seen.strays.joined(separator: ", ")
            monitor.note("ended with the target, whose process group they had left: \(names)")
        }
        if seen.omittedLogOctets > 0 {
            let left = "\(seen.omittedLogOctets) octets in the middle are left out"
            monitor.note("\(folder.targetLogPath): \(Limits.targetLog) is reached; \(left)")
        }
    }

    /// The plan of the run at an address.
    ///
    /// - Parameters:
    ///   - url: The address of the target.
    ///   - files: How many files may be open, nil for any number, and how many conversations run at a time.
    /// - Returns: The plan.
    func plan(_ url: TargetURL, _ files: (limit: Int?, jobs: Int)) -> RunPlan {
        var plan = RunPlan(
            scenarios: scenarios,
            control: Catalogue.Controls.echo,
            controlWithoutEcho: Catalogue.Controls.ping,
            settings: ConversationSettings(
                target: url,
                subprotocols: handshake.subprotocols,
                origin: handshake.origin,
                headerFields: handshake.fields,
                seed: settings.seed,
                effort: settings.effort,
                idleTimeout: settings.timeout.duration,
                maximumMessage: settings.maximumMessage
            ),
            peerLimit: settings.peerLimit,
            limitScenarios: Catalogue.PeerLimits.forRuns,
            jobs: files.jobs,
            application: application,
            openFiles: files.limit
        )
        plan.settings.firstMessage = handshake.firstMessage.map { FirstMessage($0) }
        plan.settings.isOnStream = route.isHTTP2(to: url)
        plan.isLeftOut = isLeftOut
        plan.routeWords = route.words
        if fuzzing != nil { plan.generatingCommand = "wsconform fuzz --seed \(settings.seed)" }
        return plan
    }

    /// The options that the report names.
    func reportOptions(of target: Target) -> Report.Options {
        var options = settings.inReports
        options.embedded = target.isEmbedded ? true : nil
        options.application = application.rawValue
        options.subprotocols = handshake.subprotocols
        options.headerFields = handshake.headerFields.map { "\($0.name): \(Secrets.mask)" }
        options.cookies = handshake.cookies.map { "\($0.prefix { $0 != "=" })=\(Secrets.mask)" }
        options.origin = handshake.origin
        options.firstMessage = handshake.firstMessage.map { _ in Secrets.mask }
        options.supervise = command != nil
        options.tls = tls?.inReports
        route.note(in: &options)
        return options
    }
}

extension SupervisedTarget {
    /// What a target that has ended wrote last; nil if it runs, or wrote nothing.
    fileprivate var wordsOfDeath: String? {
        get async { await incident(within: .zero) == nil ? nil : lastWritten }
    }
}

extension Report.Supervised {
    /// Converts what was observed of a target.
    fileprivate init(_ command: [String], _ summary: TargetSummary) {
        self.init(
            command: command,
            starts: summary.starts,
            endings: summary.endings,
            sanitizerReports: summary.sanitizerReports,
            peakResidentOctets: summary.peakResident,
            processorSeconds: summary.processorSeconds
        )
    }
}

extension ServerTest.Target {
    fileprivate var isEmbedded: Bool {
        if case .embedded = self { true } else { false }
    }

    /// How TLS is spoken; nil without TLS.
    package var security: (any ChannelSecurity)? {
        if case .server(_, let security) = self { security } else { nil }
    }
}
