import WSKernels
import WSProtocol
import WSScenario
import WSTranscript

/// Who did it: conversations that run again, alone.
extension TestRun {
    /// Runs a scenario while nothing else runs and the target is known to work.
    func runAlone(_ scenario: Scenario) async -> ConversationResult {
        await attemptAlone(scenario, patience: .full).result
    }

    /// Runs a scenario while nothing else runs, with so much patience.
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
            // Its handshake is the control's, so that nothing of the scenario can be the reason.
            let why = Self.describe(failure, attempt.facts, url: plan.settings.target)
            attempt.result.transcript = nil
            attempt.result.status = .inconclusive("no connection came about, though others did: \(why)")
        }
        return attempt
    }

    /// Runs suspects again, one at a time; names the one after which the target dies once more.
    ///
    /// - Parameters:
    ///   - suspects: who may have done it.
    ///   - control: shows that the target works.
    ///   - incident: how the target's process ended when the suspects were there, if it did.
    ///   - first: results that a suspect already had and that have not been told.
    ///   - isLast: whether those of a kind that ends the target are run now and not put off.
    /// - Returns: nil when the run can go on.
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
                // Its kind explains what happened.
                unnamed = nil
                continue
            }
            var result = await runAlone(suspect)
            if Task.isCancelled { return .cancelled }
            if await survives(control) {
                if Task.isCancelled { return .cancelled }
                lethal.survived(suspect, conversations.settings)
                await tell(settled(result, after: first))
                continue
            }
            let death = await supervisor?.incident(within: Self.endingLimit)
            let isBack = await revive(control)
            if Task.isCancelled { return .cancelled }
            if isBack {
                // Once may be chance, such as a limit on connections; so it has to happen again.
                result = await runAlone(suspect)
                if Task.isCancelled { return .cancelled }
                if await survives(control) {
                    if Task.isCancelled { return .cancelled }
                    unnamed = unnamed ?? death
                    await tell(result)
                    continue
                }
            }
            await name(result)
            await learnDeath(of: suspect)
            unnamed = nil
            let canGoOn = isBack ? await revive(control) : false
            guard canGoOn else {
                return Task.isCancelled ? .cancelled : await giveUpTarget(suspects: Array(suspects[(index + 1)...]))
            }
        }
        if let unnamed { await leaveUnexplained(unnamed, suspects: suspects) }
        return nil
    }

    /// What is to be told of a scenario that was cut off and has been heard again, alone.
    ///
    /// A failure that comes again is the scenario's. One that does not come again may be the doing of another
    /// conversation, or of a target that fails now and then: neither a pass nor a failure is sure. A request that was
    /// left unanswered and is answered now says what the target makes of it.
    private func settled(_ result: ConversationResult, after first: [ConversationResult]) -> ConversationResult {
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

    /// Keeps in mind that the target's process ended and that no scenario made it do so again.
    private mutating func leaveUnexplained(_ incident: TargetObservation, suspects: [Scenario]) async {
        let names = suspects.map(\.id).joined(separator: ", ")
        let line = "\(incident.sentence) in mid-run, and no case made it do so again; suspects: \(names)"
        unexplained.append(line)
        await handle(.note(line))
    }

    /// Holds the death of the target against a scenario.
    private mutating func name(_ result: ConversationResult) async {
        var named = result
        let incident = await supervisor?.incident(within: Self.endingLimit)
        // A rerun that got no connection at all shows nothing, whoever is dead.
        if var transcript = named.transcript {
            let end = transcript.events.last?.time ?? 0
            if let incident { transcript.note(incident) }
            if incident?.ending != nil || incident?.sanitizer == nil {
                transcript.events.append(TranscriptEvent(time: end, kind: .mark(.targetDied)))
            }
            named.transcript = transcript
            named.status = .recorded
            let what = incident.map(\.sentence) ?? "\(plan.settings.target) stopped answering"
            await handle(.note("\(what), twice in a row, at \(named.scenario.id)"))
        }
        await tell(named)
    }

    mutating func giveUpTarget(suspects: [Scenario]) async -> RunEnding {
        let target = plan.settings.target.authority
        let reason = "\(target) stopped answering while this ran, or right after"
        for scenario in suspects {
            await tell(ConversationResult(scenario: scenario, transcript: nil, status: .inconclusive(reason)))
        }
        // Those that it left without an answer, or cut off.
        let likely = ledger.likeliest(among: suspects)
        let told = likely.suffix(Self.mostSuspects)
        let names = told.map(\.id).joined(separator: ", ")
        let others = suspects.count - told.count
        let more = others > 0 ? " and \(others) more" : ""
        let last = lastGood.map { " after \($0), which went well" } ?? ""
        let line = "\(target) stopped answering\(last); suspects: \(names.isEmpty ? "none" : names + more)"
        guard supervisor == nil else { return .broken(line) }
        // Of too many the whole run tells.
        let cases = told.count < likely.count ? "" : told.map { " --cases \($0.id)" }.joined()
        return .broken("\(line); this tells which: \(commandLine)\(cases) --supervise -- COMMAND")
    }

    /// The command that this run was, as far as the target sees it; values of fields are left out.
    private var commandLine: String {
        let settings = plan.settings
        var words = ["wsconform server", ShellWord.quoted(settings.target.text)]
        words += settings.subprotocols.map { "--subprotocol \($0)" }
        if let origin = settings.origin { words.append("--origin \(origin)") }
        words += settings.headerFields.map { "--header '\($0.name): …'" }
        return words.joined(separator: " ")
    }
}

extension Transcript {
    /// Adds what was seen of the target to what was noted of it before.
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
    /// The incident as a sentence, without its full stop.
    var sentence: String {
        let report = sanitizer.map { "the target's sanitizer said: \($0)" }
        guard let ending else { return report ?? "nothing happened" }
        return "the target ended with \(ending)" + (report.map { ", and \($0)" } ?? "")
    }
}
