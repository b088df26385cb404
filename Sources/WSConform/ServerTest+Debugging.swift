import WSCatalogue
import WSHTTP2Link
package import WSJudge
package import WSLink
import WSRunFolder
package import WSRunner
package import WSScenario
package import WSTransport

extension ServerTest {
    /// Plays one case while somebody looks on, for a debugger at the other side.
    ///
    /// There is one connection, with no time limit and no Ping but those that the case is about. Nothing is recorded on
    /// disk, and no control is played before or after it.
    ///
    /// - Parameters:
    ///   - scenario: The case.
    ///   - url: The address of the server.
    ///   - security: The security layer; nil for none.
    ///   - stop: Ends the conversation.
    ///   - see: Receives everything that happens on the link, when it happens.
    /// - Throws: `RunTrouble` with one line if the case cannot be played so.
    /// - Returns: The judgement of what happened.
    package func debug(
        _ scenario: Scenario,
        at url: TargetURL,
        security: (any ChannelSecurity)?,
        stoppedBy stop: StopSwitch,
        see: @escaping @Sendable (LinkSight, LinkInstant) -> Void
    ) async throws -> Judgement {
        if let problem = scenario.problemOfDebugging(peerLimit: settings.peerLimit) { throw RunTrouble(problem) }
        let files = try OpenFiles.provide(forJobs: 1) { _ in }
        var conversation = plan(url, files).settings
        conversation.idleTimeout = .forever
        conversation.asksNothing = true
        let played = settings.peerLimit.flatMap { limit in
            scenario.limitSweep.map { _ in Catalogue.PeerLimits.forRuns.make(scenario, limit, 0) }
        }
        let machine = ConversationMachine(scenario: played ?? scenario, settings: conversation)
        let sockets = Sockets.dialer(
            to: route.endpoint(of: url),
            through: route.proxy?.tunnel,
            connectTimeout: settings.timeout.duration,
            security: security
        )
        let dialer: any Dialer =
            conversation.isOnStream ? HTTP2Dialer(over: sockets, .client(settingsLimit: .forever)) : sockets
        let watched = WatchedLink(machine, see: see)
        let running = Task { await dialer.run(watched, probe: { _ in watched }) }
        stop.onStop { running.cancel() }
        let ended = await running.value.machine
        return Judging.judge(ended.scenario, ended.transcript)
    }
}

extension Scenario {
    /// Why the case cannot be played on one connection; nil if it can.
    fileprivate func problemOfDebugging(peerLimit: Int?) -> String? {
        if connections > 1 { return "\(id) needs \(connections) connections, and --debug has one; choose another case" }
        if security?.beside != nil {
            return "\(id) needs other connections beside it, and --debug has one; choose another case"
        }
        if supervision != nil {
            return "\(id) is about the process of the server, which --debug does not watch; choose another case"
        }
        if scalingBaseline != nil { return "\(id) compares times, which a debugger changes; choose another case" }
        if limitSweep != nil, peerLimit == nil {
            return "\(id) depends on the largest message that the server accepts; give it with --peer-limit"
        }
        return nil
    }
}
