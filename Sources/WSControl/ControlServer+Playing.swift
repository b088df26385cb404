import WSLink
import WSProtocol
import WSRunner
import WSScenario

/// The conversations that play cases, over HTTP/1.1 and on streams of HTTP/2.
extension ControlServer {
    /// Makes the conversation of a connection or a stream that plays a case.
    ///
    /// - Parameters:
    ///   - play: What is played.
    ///   - scenario: The scenario, made for what the run knows.
    ///   - authority: The host and port that the connection came to; nil for our usual ones.
    ///   - onStream: Whether it is on a stream of HTTP/2.
    /// - Returns: The conversation, which has not begun.
    func conversation(
        of play: ClientRun.Play,
        _ scenario: Scenario,
        at authority: String?,
        onStream: Bool = false
    ) -> ConversationMachine {
        var settings = conversationSettings(of: play, at: authority)
        settings.isOnStream = onStream
        return ConversationMachine(
            scenario: scenario,
            settings: settings,
            sidecar: settings.waitsAsAutobahn ? nil : self.settings.makeSidecar(play)
        )
    }

    /// Hands on what came of a conversation that has ended.
    func ended(
        _ play: ClientRun.Play,
        _ scenario: Scenario,
        _ conversation: ConversationMachine,
        startedAt: Int64
    ) {
        var result = ConversationResult(
            scenario: scenario,
            transcript: conversation.transcript,
            status: conversation.facts.obstacle.map { .inconclusive($0) } ?? .recorded,
            startedAtMilliseconds: startedAt
        )
        result.skipWithoutLimit(peerLimit, conversation.facts)
        ended(play, result, conversation.facts)
    }

    /// Says once that a case came over HTTP/1.1 in a run that is to test HTTP/2.
    func noteTransport(of scenario: Scenario, head: HTTPHead) {
        guard settings.http2 != nil else { return }
        let client = head.values(of: "User-Agent").first.map { " (\($0.prefix(60)))" } ?? ""
        note(
            .http1,
            "the case \(scenario.id) came over HTTP/1.1\(client), and is played so; the report says of each case how it "
                + "came: let the client speak HTTP/2 (RFC 8441)"
        )
    }
}
