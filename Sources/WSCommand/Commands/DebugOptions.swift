import ArgumentParser
import Synchronization
import WSConform
import WSJudge
import WSReport
import WSRunFolder
import WSRunner
import WSScenario
import WSTransport

/// The option with which one case is played for a debugger at the other side.
struct DebugOptions: ParsableArguments {
    @Option(
        name: .customLong("debug"),
        help: ArgumentHelp(
            """
            Play this one case on one connection, for a debugger at the other side: no time limit, no Ping that is not the \
            case's own, no report, and lines for what goes over the wire while it goes. Ctrl-C ends it.
            """,
            valueName: "case"
        ),
        completion: .cases
    )
    var debugged: String?

    /// Refuses what makes no sense beside it.
    func validate(embedded: Bool, supervise: Bool, cases: [String], times: Int) throws {
        guard let debugged else { return }
        guard !embedded else {
            throw ValidationError("--debug plays a case against your server; give its address in place of --embedded")
        }
        guard !supervise else {
            throw ValidationError("--debug starts no server; start it under your debugger, and give its address alone")
        }
        guard times == 1 || ConfigurationUse.current != nil else {
            throw ValidationError("--debug plays the case once; drop --repeat")
        }
        guard cases.isEmpty || ConfigurationUse.current != nil else {
            throw ValidationError("--debug \(debugged) names the case; drop --cases")
        }
    }
}

extension ServerTest {
    /// Plays the one selected case while its lines are printed.
    ///
    /// - Returns: The exit status: that of a run of this case alone, and `undecided` if a signal ended it.
    func debug(at url: TargetURL, security: (any ChannelSecurity)?) async throws -> ExitStatus {
        guard scenarios.count == 1, let scenario = scenarios.first else {
            throw ValidationError("--debug plays one case, and this names \(scenarios.count); name one of them")
        }
        let secrets = credentials(for: url)
        let text = Mutex(
            LiveText(hidesFirstMessage: handshake.firstMessage != nil, isOnStream: route.isHTTP2(to: url))
        )
        let stop = StopSwitch()
        let signals = await Signals { stop.stop() }
        defer { signals.cancel() }
        let judgement = try await debug(scenario, at: url, security: security, stoppedBy: stop) { sight, now in
            text.withLock { text in
                for line in text.lines(for: sight, at: now) { Console.out(secrets.masked(line) + "\n") }
            }
        }
        guard !stop.isStopped else {
            Console.out("ended before it was over; nothing is judged\n")
            return .undecided
        }
        let reason = judgement.reason.isEmpty ? "" : "  \(secrets.masked(judgement.reason))"
        Console.out("\(judgement.verdict.rawValue)  \(scenario.id)\(reason)\n")
        switch judgement.verdict {
        case .fail: return .findings
        case .inconclusive, .skipped, .unimplemented: return .undecided
        case .pass, .tolerated, .informational: return .asExpected
        }
    }
}
