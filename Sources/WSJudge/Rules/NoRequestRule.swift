import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// Once connected, a client sends an opening handshake (RFC 6455, 4.1).
    ///
    /// 1. There is a request, and it is HTTP.
    /// 2. A client that never came shows nothing, unless it may refuse the address that its driver was to open.
    /// 3. It asks for a WebSocket connection, so that the runner has accepted it; other flaws do not keep a client from
    ///    being tested, and other rules tell them.
    static let noRequestRule = Rule(
        name: "no-request",
        requirements: ["RFC6455-4.1-18", "RFC6455-4.1-19"],
        roles: [.client]
    ) { subject in
        if case .notConnected(let reason) = subject.timeline.end {
            return subject.scenario.mayStayAway ? [] : [neverCame(reason, subject)]
        }
        let stray = subject.timeline.strayOctets
        let isRequest = stray.isEmpty || !subject.timeline.requests.isEmpty
        let reason: String
        if subject.timeline.requests.isEmpty {
            switch subject.timeline.end {
            case .finished, .reset:
                reason =
                    stray.isEmpty
                    ? "ended the connection without an opening handshake"
                    : "ended the connection before its opening handshake was complete"
            case .closedHere, .notConnected, nil:
                reason =
                    stray.isEmpty
                    ? "sent no opening handshake in time"
                    : "sent no complete opening handshake: \(WireLog.quoted(Array(stray.prefix(24))))"
            }
        } else if !subject.isOpened, !subject.answersOnItsOwn {
            reason = "sent a request that is no opening handshake, so that it could not be accepted"
        } else {
            return []
        }
        return [
            Finding(
                rule: "no-request",
                axis: .behaviour,
                verdict: .fail,
                requirement: isRequest ? "RFC6455-4.1-18" : "RFC6455-4.1-19",
                reason: reason,
                evidence: stray.isEmpty ? [] : [Evidence(.received, offset: 0, length: UInt64(stray.count))]
            )
        ]
    }

    /// What can be said of a client that did not connect.
    private static func neverCame(_ reason: String, _ subject: Case) -> Finding {
        Finding(
            rule: "no-request",
            axis: .behaviour,
            verdict: .inconclusive,
            requirement: subject.requirement,
            reason: reason,
            evidence: []
        )
    }
}
