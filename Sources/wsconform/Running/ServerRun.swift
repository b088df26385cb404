import ArgumentParser
import NIOPosix
import WSCatalogue
import WSJudge
import WSLimits
import WSLink
import WSProcess
import WSProtocol
import WSRender
import WSReport
import WSRunner
import WSScenario
import WSTransport

/// A run against one server, from its options to its exit status.
struct ServerRun {
    /// What is tested.
    enum Target {
        /// A server that somebody else runs.
        case server(TargetURL)
        /// The model peer in this process.
        case embedded
    }

    var scenarios: [Scenario]
    var selection: SelectionOptions
    var pace: PaceOptions
    var handshake: HandshakeOptions
    var output: OutputOptions
    /// The command that runs the target; nil where somebody else does.
    var command: [String]?

    /// Runs, reports, and says what to tell the caller.
    func run(against target: Target) async throws -> ExitStatus {
        // Before anything is opened: what the event loops cannot get ends the process.
        let files = try OpenFiles.provide(forJobs: pace.jobs)
        let folder = RunFolder(path: output.out)
        try folder.prepare()
        switch target {
        case .server(let url):
            return try await run(url, isEmbedded: false, folder: folder, files)
        case .embedded:
            return try await EmbeddedPeer.withServer { url in
                try await run(url, isEmbedded: true, folder: folder, files)
            }
        }
    }

    private func run(
        _ url: TargetURL,
        isEmbedded: Bool,
        folder: RunFolder,
        _ files: (limit: Int?, jobs: Int)
    ) async throws -> ExitStatus {
        let log = RunLog(
            options: reportOptions,
            leftOut: selection.leftOut(for: .server),
            credentials: Credentials(
                fields: handshake.fields.map { ($0.name, $0.value) },
                resourceName: url.resourceName
            ),
            folder: folder,
            progress: ProgressLine(isShown: Console.isErrorTerminal && !output.quiet)
        )
        let began = WallClock.milliseconds()
        let clock = ContinuousClock.now
        let (outcome, seen, signals) = try await carryOut(plan(url, files), log: log)
        let duration = clock.duration(to: .now)
        let report = await log.report(
            peer: { server in
                Report.Peer(name: output.agent ?? server ?? url.authority, url: url.text)
            },
            run: Report.Run(
                startedAtMilliseconds: began,
                durationSeconds: duration / .seconds(1),
                supervised: command.flatMap { command in seen.map { Report.Supervised(command, $0) } }
            ),
            outcome: outcome
        )
        let conclusion = RunConclusion(of: report, ending: outcome)
        let texts = await log.texts
        let isTroubled = folder.deliver(report, cases: texts) {
            tell(report, conclusion, isEmbedded: isEmbedded, folder: folder)
        }
        // A signal that came before must not have taken the report away.
        signals.cancel()
        return isTroubled ? conclusion.status.withTrouble : conclusion.status
    }

    private func carryOut(_ plan: RunPlan, log: RunLog) async throws -> (RunOutcome, TargetSummary?, Signals) {
        let target = plan.settings.target
        let dialer = TCPDialer(
            host: target.host,
            port: target.port,
            connectTimeout: plan.settings.idleTimeout,
            group: MultiThreadedEventLoopGroup.singleton
        )
        let supervised = try command.map { command in
            try SupervisedTarget(
                command: command,
                authority: target.authority,
                dialer: dialer,
                errorLog: log.folder.targetLogPath
            )
        }
        let profile = output.profile
        let run = TestRun(
            plan: plan,
            dialer: dialer,
            supervisor: supervised,
            makeSidecar: { log.folder.makeSidecar(for: $0) },
            wallClock: { WallClock.milliseconds() },
            holdsAgainst: { Judging.isFailed($0, profile: profile) },
            fallsShort: Judging.fallsShort,
            playsTwice: Judging.isChangedByPing,
            isSameToAutobahn: Judging.isSameToAutobahn,
            handle: { await log.take($0) }
        )
        let (starting, start) = AsyncStream.makeStream(of: Void.self)
        let running = Task { () -> RunEnding in
            // Nothing is started before signals are listened for: one that came earlier would leave it behind.
            for await _ in starting {}
            do {
                try await supervised?.start()
            } catch {
                return Task.isCancelled ? .cancelled : .unreachable("\(error)")
            }
            return await run.run()
        }
        let signals = await Signals { running.cancel() }
        start.finish()
        let ending = await running.value
        let seen = await supervised?.stop()
        if let seen { tell(seen, log.folder) }
        return (await log.finish(ending), seen, signals)
    }

    /// Tells what the end of the target's process leaves to be told.
    private func tell(_ seen: TargetSummary, _ folder: RunFolder) {
        if !seen.strays.isEmpty {
            let names = seen.strays.joined(separator: ", ")
            Console.tell("ended with the target, whose process group they had left: \(names)")
        }
        if seen.omittedLogOctets > 0 {
            let left = "\(seen.omittedLogOctets) octets in the middle are left out"
            Console.tell("\(folder.targetLogPath): \(Limits.targetLog) is reached; \(left)")
        }
    }

    private func plan(_ url: TargetURL, _ files: (limit: Int?, jobs: Int)) -> RunPlan {
        RunPlan(
            scenarios: scenarios,
            control: Catalogue.Controls.echo,
            controlWithoutEcho: Catalogue.Controls.ping,
            settings: ConversationSettings(
                target: url,
                subprotocols: handshake.subprotocols,
                origin: handshake.origin,
                headerFields: handshake.fields,
                seed: pace.seed,
                effort: pace.effort,
                idleTimeout: pace.timeout.duration
            ),
            jobs: files.jobs,
            application: pace.application,
            openFiles: files.limit
        )
    }

    private var reportOptions: Report.Options {
        var options = Report.Options(
            seed: pace.seed,
            profile: output.profile,
            effort: pace.effort,
            jobs: pace.jobs,
            cases: selection.cases.isEmpty ? ["*"] : selection.cases,
            exclude: selection.exclude
        )
        options.onlyAutobahn = selection.onlyAutobahn
        options.timeoutSeconds = pace.timeout.seconds
        options.application = pace.application.rawValue
        options.strict = output.strict
        options.require = output.require
        options.subprotocols = handshake.subprotocols
        options.headerFields = handshake.headerFields.map { "\($0.name): \(Secrets.mask)" }
        options.cookies = handshake.cookies.map { "\($0.prefix { $0 != "=" })=\(Secrets.mask)" }
        options.origin = handshake.origin
        options.supervise = command != nil
        return options
    }

    private func tell(_ report: Report, _ conclusion: RunConclusion, isEmbedded: Bool, folder: RunFolder) {
        let text = SummaryText(
            report,
            style: TextStyle(hasColour: Console.wantsColour(noColour: output.noColor)),
            conclusion: conclusion,
            isEmbedded: isEmbedded,
            reportPath: folder.reportPath,
            out: output.out
        )
        Console.out(output.quiet ? text.lastLine : text.everything)
    }
}

extension Report.Supervised {
    /// Takes over what was seen of a target.
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
