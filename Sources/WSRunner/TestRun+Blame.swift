import WSKernels
import WSProtocol
import WSScenario
import WSTranscript

/// Finds the scenario that made the target stop answering, by running suspects again alone.
extension TestRun {
    /// Runs a scenario while nothing else runs and the target is known to work.
    func runAlone(_ scenario: Scenario) async -> ConversationResult {
        await attemptAlone(scenario, patience: .full).result
    }

    /// Runs a scenario while nothing else runs, with the given patience.
    func attemptAlone(_ scenario: Scenario, patience: Patience) async -> ConversationAttempt {
        var conversations = self.conversations
        conversations.settings.patience = patience
        let watching = scenario.supervision == nil ? nil : supervisor
        await watching?.beginObservation()
        var attempt = await conversations.run(scenario)
        for _ in 1..<Self.connectAttempts where attempt.isVictim && !Task.isCancelled {
            try? await Task.sleep(for: revivalPause)
            attempt = await conversations.run(scenario)
        }
        if attempt.claimsToBeBusy, let time = attempt.result.transcript?.events.last?.time,
            await conversations.run(.roundTrips(1)).facts.hasOpened
        {
            attempt.result.transcript?.events.append(TranscriptEvent(time: time, kind: .mark(.notBusy)))
        }
        if let usage = await watching?.endObservation().usage {
            attempt.result.transcript?.note(TargetObservation(usage: usage))
        }
        if attempt.isVictim, let failure = attempt.facts.failure {
            // The handshake is that of the control, so the scenario cannot be the reason.
            let why = Self.describe(
                failure,
                attempt.facts,
                url: plan.settings.target,
                isOnStream: plan.settings.isOnStream
            )
            attempt.result.transcript = nil
            attempt.result.status = .inconclusive("no connection came about, though others did: \(why)")
        }
        return attempt
    }

    /// Whether another conversation may have caused the result, so that the scenario has to run again alone.
    func isDoubtful(_ attempt: ConversationAttempt) -> Bool {
        if attempt.isDoubtful || attempt.claimsToBeBusy { return true }
        return attempt.facts.wasCutOff && holdsAgainst(attempt.result)
    }

    /// Runs suspects again, one at a time, and reports the one after which the target dies again.
    ///
    /// - Parameters:
    ///   - suspects: The scenarios that may have ended the target.
    ///   - control: The scenario that shows that the target works.
    ///   - incident: How the target's process ended when the suspects ran; nil if it did not.
    ///   - first: Earlier results of suspects that were not reported.
    ///   - isLast: Whether scenarios of a lethal kind run now and are not put off.
    /// - Returns: Nil if the run can go on.
    mutating func clear(
        _ suspects: [Scenario],
        control: Scenario,
        after incident: TargetObservation? = nil,
        first: [ConversationResult] = [],
        isLast: Bool = false
    ) async -> RunEnding? {
        var unnamed = incident
        for (index, suspect) in suspects.enumerated() {
            if !isLast, postpones(suspect) {
                // The lethal kind explains the incident.
                unnamed = nil
                continue
            }
            var result = await runAlone(suspect)
            if Task.isCancelled { return .cancelled }
            if await survives(control) {
                if Task.isCancelled { return .cancelled }
                lethal.survived(suspect, conversations.settings)
                await tell(resultAfterRerun(result, first: first))
                continue
            }
            let death = await supervisor?.incident(within: Self.endingLimit)
            let isBack = await revive(control)
            if Task.isCancelled { return .cancelled }
            if isBack {
                // A single failure may be chance, such as a limit on connections, so it has to happen again.
                result = await runAlone(suspect)
                if Task.isCancelled { return .cancelled }
                if await survives(control) {
                    if Task.isCancelled { return .cancelled }
                    unnamed = unnamed ?? death
                    await tell(result)
                    continue
                }
            }
            await reportDeath(in: result)
            await learnDeath(of: suspect)
            unnamed = nil
            let canGoOn = isBack ? await revive(control) : false
            guard canGoOn else {
                return Task.isCancelled
                    ? .cancelled
                    : await giveUpTarget(
                        suspects: Array(suspects[(index + 1)...]),
                        control: control
                    )
            }
        }
        if let unnamed { await leaveUnexplained(unnamed, suspects: suspects) }
        return nil
    }

    /// The result to report for a scenario that was cut off and then ran again alone.
    ///
    /// If the failure repeats, it is the scenario's. If not, another conversation or an unstable target may have caused
    /// it, so neither pass nor fail is certain. If a request was unanswered at first and is answered now, the answer
    /// counts.
    private func resultAfterRerun(_ result: ConversationResult, first: [ConversationResult]) -> ConversationResult {
        guard let before = first.first(where: { $0.scenario.id == result.scenario.id }), holdsAgainst(before),
            result.status == .recorded, !holdsAgainst(result), !unanswered.contains(result.scenario.id)
        else { return result }
        var settled = result
        settled.status = .inconclusive(
            "the target ended the connection the first time and not when this ran again alone; "
                + "it may have restarted, or fail now and then: try --jobs 1 and this case alone"
        )
        return settled
    }

    /// Notes that the target's process ended and no scenario made it end again.
    private mutating func leaveUnexplained(_ incident: TargetObservation, suspects: [Scenario]) async {
        if let line = unexplained.note(incident, suspects: suspects) { await handle(.note(line)) }
    }

    /// Reports that the target died in a scenario.
    private mutating func reportDeath(in result: ConversationResult) async {
        var named = result
        let incident = await supervisor?.incident(within: Self.endingLimit)
        // A rerun without a connection proves nothing.
        if var transcript = named.transcript {
            let end = transcript.events.last?.time ?? 0
            if let incident { transcript.note(incident) }
            if incident?.ending != nil || incident?.sanitizer == nil {
                transcript.events.append(TranscriptEvent(time: end, kind: .mark(.targetDied)))
            }
            named.transcript = transcript
            named.status = .recorded
            deaths += 1
            let what = incident.map(\.sentence) ?? "\(plan.settings.target) stopped answering"
            switch deaths {
            case ...Self.mostToldDeaths: await handle(.note("\(what), twice in a row, at \(named.scenario.id)"))
            case Self.mostToldDeaths + 1:
                await handle(.note("\(plan.settings.target) ends at further cases, which the report names"))
            default: break
            }
        }
        await tell(named)
    }

    /// Why no scenario is to blame for an exit: the process exits behind the control, too, and does so twice in a row.
    ///
    /// A server that serves one connection per process is such a one. The control has just been played.
    ///
    /// - Parameters:
    ///   - incident: How the process ended while scenarios were being played.
    ///   - control: An ordinary conversation.
    /// - Returns: A line that says so; nil where the process stays behind the control.
    mutating func exitBehindControl(after incident: TargetObservation?, _ control: Scenario) async -> String? {
        guard !staysBehindControl, let supervisor, case .exited? = incident?.ending, incident?.sanitizer == nil else {
            return nil
        }
        var sentence = ""
        for attempt in 0..<2 {
            guard let exit = await supervisor.incident(within: Self.endingLimit), case .exited? = exit.ending else {
                staysBehindControl = true
                return nil
            }
            sentence = exit.sentence
            if attempt == 0, await !revive(control) { return nil }
        }
        return "\(sentence) behind an ordinary conversation, twice in a row: a server that exits by itself, as after "
            + "each connection, cannot be judged; let it serve until it is ended"
    }

    private mutating func leaveUndecided(_ suspects: [Scenario], because reason: String) async {
        for scenario in suspects {
            await tell(ConversationResult(scenario: scenario, transcript: nil, status: .inconclusive(reason)))
        }
    }

    /// Gives up a target, and leaves the suspects without a verdict.
    mutating func giveUpTarget(suspects: [Scenario], because line: String) async -> RunEnding {
        await leaveUndecided(suspects, because: line)
        return .broken(line)
    }

    /// Leaves suspects undecided, because the target did not come back, and ends the run.
    ///
    /// - Parameters:
    ///   - suspects: The scenarios that may have ended the target.
    ///   - control: The scenario that shows whether the target works.
    /// - Returns: The ending of the run.
    mutating func giveUpTarget(suspects: [Scenario], control: Scenario) async -> RunEnding {
        let target = plan.settings.target.authority
        // A server that answers is there, and so is one before it that answers in its place.
        let last = await conversations.run(control).facts
        let status = last.isBusy ? last.statusCode : nil
        let what = status.map { "answers each handshake with \($0)" } ?? "stopped answering"
        let reason = "\(target) \(what) while this ran, or right after" + (status == nil ? "" : "; try --jobs 1")
        await leaveUndecided(suspects, because: reason)
        // These are the scenarios that were left without an answer, or cut off.
        let likely = ledger.likeliest(among: suspects)
        let told = likely.suffix(Self.mostSuspects)
        let names = told.map(\.id).joined(separator: ", ")
        let others = suspects.count - told.count
        let more = others > 0 ? " and \(others) more" : ""
        let good = lastGood.map { " after \($0), which went well" } ?? ""
        let line = "\(target) \(what)\(good); suspects: \(names.isEmpty ? "none" : names + more)"
        guard supervisor == nil else { return .broken(line) }
        // If there are too many suspects, or none can be named, the whole run has to be repeated.
        let areNamed = told.count == likely.count && plan.generatingCommand == nil
        let cases = areNamed ? told.map { " --cases \($0.id)" }.joined() : ""
        return .broken("\(line); this tells which: \(commandLine)\(cases) --supervise -- COMMAND")
    }

    /// The command line of this run, as far as it concerns the target; values of header fields are left out.
    private var commandLine: String {
        let settings = plan.settings
        var words = [plan.generatingCommand ?? "wsconform server", ShellWord.quoted(settings.target.text)]
        words += plan.routeWords.map(ShellWord.quoted)
        words += settings.subprotocols.map { "--subprotocol \($0)" }
        if let origin = settings.origin { words.append("--origin \(origin)") }
        words += settings.headerFields.map { "--header '\($0.name): …'" }
        if settings.firstMessage != nil { words.append("--first-message '…'") }
        return words.joined(separator: " ")
    }
}

extension Transcript {
    /// Adds an observation of the target to the transcript.
    fileprivate mutating func note(_ observation: TargetObservation) {
        var noted = observation
        events.removeAll { event in
            guard case .mark(.target(let earlier)) = event.kind else { return false }
            noted.usage = noted.usage ?? earlier.usage
            return true
        }
        events.append(TranscriptEvent(time: events.last?.time ?? 0, kind: .mark(.target(noted))))
    }
}

extension TargetObservation {
    /// The incident as a sentence without its full stop.
    var sentence: String {
        let report = sanitizer.map { "the target's sanitizer said: \($0)" }
        guard let ending else { return report ?? "nothing happened" }
        return "the target ended with \(ending)" + (report.map { ", and \($0)" } ?? "")
    }
}
