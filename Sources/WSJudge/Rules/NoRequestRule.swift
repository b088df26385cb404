import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// A client that has connected sends an opening handshake (RFC 6455, 4.1).
    ///
    /// 1. There is a request, and it is HTTP.
    /// 2. It asks for a WebSocket connection, so that the runner could accept it. The runner accepts requests with
    ///    other flaws; other rules report those.
    /// 3. A client that never connects gives no information about the protocol, unless the scenario lists that outcome.
    static let noRequestRule = Rule(
        name: "no-request",
        requirements: ["RFC6455-4.1-18", "RFC6455-4.1-19"],
        roles: [.client],
        part: .connection
    ) { subject in
        let mayNeverConnect = subject.scenario.behaviour.contains { $0.pattern == .neverConnects }
        if subject.reaction == .neverConnected, mayNeverConnect {
            return []
        }
        // On a stream of HTTP/2 there is a request, or there would be no stream.
        guard !subject.timeline.isOnStream else { return [] }
        let stray = subject.timeline.strayOctets
        let isRequest = stray.isEmpty || !subject.timeline.requests.isEmpty
        let (key, reason): (ReasonKey, String)
        if subject.timeline.requests.isEmpty {
            switch subject.timeline.end {
            case .finished, .truncated, .reset:
                (key, reason) =
                    stray.isEmpty
                    ? (.noRequest, "ended the connection without an opening handshake")
                    : (.requestCutShort, "ended the connection before its opening handshake was complete")
            case .notConnected(let why), .notSecured(let why): (key, reason) = (.neverConnected, why)
            case .closedHere, nil:
                (key, reason) =
                    stray.isEmpty
                    ? (.noRequest, "sent no opening handshake in time")
                    : (
                        .requestCutShort,
                        "sent no complete opening handshake: \(WireLog.quoted(Array(stray.prefix(24))))"
                    )
            }
        } else if !subject.isOpened, !subject.answersOnItsOwn {
            (key, reason) = (
                .noHandshakeAsked, "sent a request that is no opening handshake, so that it could not be accepted"
            )
        } else {
            return []
        }
        return [
            Finding(
                rule: "no-request",
                axis: .behaviour,
                verdict: subject.wasConnected ? .fail : .inconclusive,
                requirement: isRequest ? "RFC6455-4.1-18" : "RFC6455-4.1-19",
                reason: reason,
                evidence: stray.isEmpty ? [] : [Evidence(.received, offset: 0, length: UInt64(stray.count))],
                key: key
            )
        ]
    }
}
