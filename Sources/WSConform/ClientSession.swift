import Synchronization
import WSControl
import WSJudge
import WSLink
import WSReport
import WSRunFolder
import WSRunner
import WSScenario
import WSTranscript

/// Receives the events of the control server: judges results as they come, writes them, and returns the outcomes.
actor ClientSession {
    /// The state that all parts of a run with clients share.
    struct Setting: Sendable {
        var controlServer: ControlServer
        var out: String
        var options: Report.Options
        /// The cases that no pattern selected.
        var leftOut: [Report.LeftOut]
        /// The address that clients were given.
        var url: String
        var startedAtMilliseconds: Int64
        var began: ContinuousClock.Instant
        /// Receives all reports, with the names of the clients whose results have changed; nil for nobody.
        var handOut: ReportReceiver?
        /// What is expected of clients.
        var gate = Gate()
    }

    /// An event for the part of the run that watches a command.
    enum CaseEvent: Sendable {
        case began
        case ended(ClientRun.Play, ConversationResult, ConversationFacts)
        /// The client does not do what it was started for.
        case strayed(ControlServer.Stray)
    }

    /// The reasons for which a run ends.
    enum Stop: Sendable, Hashable {
        /// SIGINT, SIGTERM, SIGQUIT or SIGHUP.
        case signal
        /// A client requested it, or has got everything that it wants.
        case asked
        /// Everything is done.
        case done
        /// The run cannot continue.
        case broken(String)
        /// No client ever connected, so that there are no results.
        case absent(String)
    }

    /// The reasons to end; the first one counts.
    nonisolated let stops: AsyncStream<Stop>

    private let stopping: AsyncStream<Stop>.Continuation
    /// Whether the run is ending, so that reports are only written at the end.
    nonisolated let isStopping = Atomic(false)
    let setting: Setting
    /// The options for reports.
    private var options: Report.Options
    private let monitor: any RunMonitor
    private var folders: AgentFolders
    var logs: [AgentLog] = []
    /// The documents that pages were given last.
    var views = ViewCache()
    private var listeners: [String: AsyncStream<CaseEvent>.Continuation] = [:]
    private var observer: AsyncStream<CaseEvent>.Continuation?
    private var cutReason: String?
    /// How the client differed from what it was started for.
    private var strays: Set<ControlServer.Stray> = []
    /// Whether the client is about to be started in another way, so that results until then do not count.
    private var isDiscarding: Bool { strays.contains(.asksForCases) || strays.contains(.openedNoCase) }
    /// The number of the last connection of an earlier start that does not count.
    private var lastDiscarded = 0
    private var recent: [Recent] = []
    /// The report cases for cases that clients never requested, made once for all clients.
    private var unplayed: [String: Report.Case] = [:]

    /// A conversation that ended a short while ago.
    private struct Recent {
        var play: ClientRun.Play
        var result: ConversationResult
        /// Whether the client ended it without a Close frame.
        var wasCut: Bool
        var at: ContinuousClock.Instant
    }

    /// How long before the death of a client a conversation may have ended to be a suspect.
    private static let suspicion = Duration.seconds(2)
    private static let mostRecent = 32

    init(_ setting: Setting, monitor: any RunMonitor) {
        self.setting = setting
        options = setting.options
        self.monitor = monitor
        folders = AgentFolders(out: setting.out)
        (stops, stopping) = AsyncStream.makeStream(of: Stop.self)
    }

    /// The path for the large runs of octets of a connection, before they are filed.
    static func recordingPath(of play: ClientRun.Play, out: String) -> String {
        FileSystem.join(out, "recording/\(play.number).bin")
    }

    private func recordingPath(of play: ClientRun.Play) -> String {
        Self.recordingPath(of: play, out: setting.out)
    }

    /// Ends the run, for this reason.
    nonisolated func stop(_ reason: Stop) {
        isStopping.store(true, ordering: .relaxed)
        stopping.yield(reason)
    }

    // MARK: - Events

    /// Handles all events until the control server has no more.
    func listen() async {
        for await event in setting.controlServer.events { take(event) }
    }

    private func take(_ event: ControlServer.Event) {
        switch event {
        case .began(let play) where play.number <= lastDiscarded: break
        case .ended(let play, _, _) where isDiscarding || play.number <= lastDiscarded: break
        case .began(let play):
            listeners[play.scenario]?.yield(.began)
            observer?.yield(.began)
        case .ended(let play, let result, let facts):
            if let listener = listeners[play.scenario] {
                listener.yield(.ended(play, result, facts))
            } else {
                keep(play, result, facts)
                record(result, of: play)
            }
            observer?.yield(.ended(play, result, facts))
        case .reportsWanted(let pending, let agent):
            setting.controlServer.answer(pending, with: written(for: agent))
        case .viewWanted(let pending, let view, let agent):
            setting.controlServer.answer(pending, with: document(view, of: agent))
        case .stopWanted(let reason):
            if let reason { say(reason + ": the run ends") }
            stop(.asked)
        case .note(let line): say(line)
        case .strayed(let stray):
            strays.insert(stray)
            for listener in listeners.values { listener.yield(.strayed(stray)) }
            observer?.yield(.strayed(stray))
        case .mark(let waiting): waiting.resume()
        }
    }

    /// From now on we end the conversations ourselves, so that their results prove nothing.
    func cut(_ reason: String) {
        cutReason = reason
    }

    /// Passes the events of a case to a listener instead of judging its results.
    func follow(_ scenario: String, _ listener: AsyncStream<CaseEvent>.Continuation) {
        listeners[scenario] = listener
    }

    /// Judges the results of a case again as they come.
    func unfollow(_ scenario: String) {
        listeners[scenario] = nil
    }

    /// Whether the client differed in this way from what it was started for.
    func hasSeen(_ stray: ControlServer.Stray) -> Bool { strays.contains(stray) }

    /// Drops the results up to a connection, because the client is started in another way.
    ///
    /// - Parameters:
    ///   - number: The last connection of the earlier start.
    ///   - options: The options for reports from now on.
    func discard(upTo number: Int, options: Report.Options) {
        self.options = options
        lastDiscarded = number
        recent = []
        strays = []
    }

    /// Passes all events to a listener, and still judges the results.
    func observe(_ listener: AsyncStream<CaseEvent>.Continuation?) {
        observer = listener
    }

    /// Judges and writes a result.
    func record(_ result: ConversationResult, of play: ClientRun.Play) {
        var result = result
        if let cutReason {
            result.transcript = nil
            result.status = .inconclusive(cutReason)
        }
        let index = log(of: play.agent)
        if cutReason != nil { logs[index].noteCut(result.scenario.id) }
        let outcome = logs[index].take(result, recording: recordingPath(of: play))
        // The control server gets this outcome, too, although we ended the conversation.
        setting.controlServer.judged(outcome, of: play)
        monitor.finished(result.scenario.id)
    }

    /// Records the result of a case without a connection.
    func record(_ result: ConversationResult, agent: String) {
        let index = log(of: agent)
        _ = logs[index].take(result)
        monitor.finished(result.scenario.id)
    }

    /// Reports how many cases will be played.
    func plan(_ count: Int) {
        monitor.planned(count)
    }

    /// Reports a line to the user.
    func say(_ line: String) {
        monitor.note(line)
    }

    private func log(of agent: String) -> Int {
        if let index = logs.firstIndex(where: { $0.agent == agent }) { return index }
        let own = folders.folder(of: agent)
        // The first client has the run's own folder; if others come, its files are moved below that at the end.
        let folder = logs.isEmpty ? RunFolder(path: setting.out) : own
        logs.append(
            AgentLog(
                agent: agent,
                folder: folder,
                plan: setting.controlServer.settings.plan,
                options: options,
                leftOut: setting.leftOut
            )
        )
        if logs.count > 1 {
            do {
                try folder.prepare()
            } catch {
                say("\(error)")
            }
        }
        return logs.count - 1
    }

    // MARK: - A client that dies

    private func keep(_ play: ClientRun.Play, _ result: ConversationResult, _ facts: ConversationFacts) {
        recent.append(Recent(play: play, result: result, wasCut: facts.wasCutOff, at: .now))
        if recent.count > Self.mostRecent { recent.removeFirst() }
    }

    /// Handles the death of a command that plays many cases: names the suspect, or all suspects.
    func died(_ observation: TargetObservation) {
        let now = ContinuousClock.now
        let cut = recent.filter { $0.wasCut && $0.at.duration(to: now) < Self.suspicion }
        let suspects = cut.isEmpty ? Array(recent.suffix(1)) : cut
        guard let only = suspects.first else { return }
        let what = observation.ending.map { "ended with \($0)" } ?? "was stopped by its sanitizer"
        guard suspects.count == 1 else {
            let names = suspects.map(\.play.scenario).joined(separator: ", ")
            for suspect in suspects {
                var result = suspect.result
                result.transcript = nil
                result.status = .inconclusive(
                    "the client \(what) while \(suspects.count) cases were played; run this one alone"
                )
                record(result, of: suspect.play)
            }
            return say("the client \(what); suspects: \(names)")
        }
        var result = only.result
        result.noteDeath(observation)
        record(result, of: only.play)
        say("the client \(what) at \(only.play.scenario)")
    }

    // MARK: - Reports

    /// Writes the reports of all clients that have changed since they were last written.
    ///
    /// If several clients ask for it, each change is written only once.
    private func written(for agent: String) -> Result<WrittenReport, ReportTrouble> {
        guard !isStopping.load(ordering: .relaxed) else { return .failure(ReportTrouble("the run ends")) }
        do {
            var changed: Set<String> = []
            for index in logs.indices {
                recordRefused(index)
                let log = logs[index]
                let unplayed = setting.controlServer.run.unplayed(by: log.agent).count
                guard log.written == nil || log.writtenUnplayed != unplayed else { continue }
                let report = report(of: log, outcome: nil)
                try log.results.folder.write(report)
                changed.insert(log.agent)
                logs[index].written = WrittenReport(report, at: log.results.folder.reportPath)
                logs[index].writtenUnplayed = unplayed
                guard !isStopping.load(ordering: .relaxed) else { break }
            }
            if let handOut = setting.handOut, !changed.isEmpty {
                try handOut(logs.map { report(of: $0, outcome: nil) }, changed)
            }
        } catch {
            say("\(error)")
            return .failure(ReportTrouble("\(error)"))
        }
        let mine = logs.first { $0.agent == agent }
        let path = (mine?.results.folder ?? RunFolder(path: setting.out)).reportPath
        return .success(mine?.written ?? WrittenReport(report: path, summary: [:]))
    }

    /// Records the cases whose address a client rejected: it has tried all, and no connection came for these.
    private func recordRefused(_ index: Int) {
        for scenario in setting.controlServer.run.refused(by: logs[index].agent) where !logs[index].has(scenario.id) {
            let settings = setting.controlServer.settings.conversation
            _ = logs[index].take(.neverConnected(from: scenario, settings, shows: true))
        }
    }

    private func entryOfUnplayed(_ scenario: Scenario, _ log: AgentLog) -> Report.Case {
        if let entry = unplayed[scenario.id] { return entry }
        let entry = log.unplayed(scenario)
        unplayed[scenario.id] = entry
        return entry
    }

    func report(of log: AgentLog, outcome: RunOutcome?) -> Report {
        let run = setting.controlServer.run
        // As with a server that cannot be reached, nothing is listed that nobody tried.
        let isAbsent = if case .unreachable? = outcome { log.count == 0 } else { false }
        let unplayed = isAbsent ? [] : run.unplayed(by: log.agent).filter { !log.has($0.id) }
        let planned = unplayed.count + log.count
        let missing = "the client never asked for \(unplayed.count) of \(planned) cases"
        let cut = "the run was ended while the client played \(log.cut.count) of \(planned) cases"
        let own: RunOutcome =
            planned == 0
            ? .troubled("no client came")
            : !unplayed.isEmpty ? .troubled(missing) : log.cut.isEmpty ? .complete : .troubled(cut)
        let trouble = log.results.trouble.map { RunOutcome.troubled($0.description) }
        return log.report(
            unplayed: unplayed.map { entryOfUnplayed($0, log) },
            isPartial: isAbsent,
            url: setting.url,
            run: timeSoFar,
            outcome: outcome ?? trouble ?? own
        )
    }

    /// The time of the run so far.
    var timeSoFar: Report.Run {
        Report.Run(
            startedAtMilliseconds: setting.startedAtMilliseconds,
            durationSeconds: setting.began.duration(to: .now) / .seconds(1)
        )
    }

    /// Creates the final reports, each for its folder.
    ///
    /// - Parameters:
    ///   - outcome: How the run ended; nil if each client's cases decide.
    ///   - absentClient: The name in the report if no client came.
    /// - Throws: `FileError` if a folder cannot be created.
    /// - Returns: The reports and their folders.
    func finish(_ outcome: RunOutcome?, absentClient: String) throws(FileError) -> [(report: Report, folder: RunFolder)]
    {
        monitor.ended()
        if let line = RunFolder(path: setting.out).omissions { monitor.note(line) }
        FileSystem.removeEmptyFolder(FileSystem.join(setting.out, "recording"))
        if logs.isEmpty { _ = log(of: absentClient) }
        if logs.count > 1 {
            let own = folders.folder(of: logs[0].agent)
            try FileSystem.createFolder(own.path)
            try logs[0].results.folder.move(to: own)
            // A report that an earlier run left here does not belong to these clients.
            logs[0].results.folder.dropEarlierReport()
            logs[0].results.folder = own
        }
        for index in logs.indices { recordRefused(index) }
        return logs.map { log in (report(of: log, outcome: outcome), log.results.folder) }
    }
}

extension ConversationResult {
    /// Records that the client's process died in this conversation.
    mutating func noteDeath(_ observation: TargetObservation) {
        guard var transcript else { return }
        let end = transcript.events.last?.time ?? 0
        transcript.events.append(TranscriptEvent(time: end, kind: .mark(.target(observation))))
        self.transcript = transcript
        status = .recorded
    }
}
