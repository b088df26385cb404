import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// Checks the answer to Extended CONNECT on a stream of HTTP/2 (RFC 8441, 5).
    ///
    /// 1. There is an answer, and its status is 2xx, because the run's control accepted the same request.
    /// 2. The stream goes on behind it: it has no END_STREAM.
    /// 3. Its subprotocol and its extensions fit what was offered, as with HTTP/1.1.
    /// 4. An answer that refuses a version lists 13, with which the control was accepted (RFC 6455, 4.4).
    /// 5. A failed connection, or a server that says it is too busy, gives no information about the protocol.
    static let streamOpeningRule = Rule(
        name: "stream-opening",
        requirements: Set(agreementRules.map(\.requirement)).union(openingRequirements),
        roles: [.server],
        part: .handshake
    ) { subject in
        guard subject.timeline.isOnStream else { return [] }
        // What a request of the scenario's own is answered with, its outcomes say.
        guard !subject.opensOnItsOwn else {
            return subject.isOpened ? disagreements(in: subject) : missingVersions(subject)
        }
        guard let answer = subject.timeline.streamAnswer else { return [noStreamAnswer(subject)] }
        let status = answer.status
        guard status.map({ (200...299).contains($0) }) ?? false else {
            let found = HeadText.excerpt(answer.values(of: ":status").first ?? "no :status")
            return [
                Finding(
                    rule: "stream-opening",
                    axis: .behaviour,
                    verdict: subject.isOurFault ? .informational : subject.saysItIsBusy ? .inconclusive : .fail,
                    requirement: status == 101 ? "RFC9113-8.6-01" : "RFC8441-5-10",
                    reason: "answered a valid Extended CONNECT with \(found) instead of 200",
                    evidence: [],
                    key: subject.saysItIsBusy ? .busy : .handshake,
                    kind: "status"
                )
            ]
        }
        guard !answer.endsStream else {
            return [
                Finding(
                    rule: "stream-opening",
                    axis: .behaviour,
                    verdict: .fail,
                    requirement: "RFC8441-5-10",
                    reason: "accepted Extended CONNECT and ended the stream with the same frame",
                    evidence: [],
                    key: .handshake,
                    kind: "end-stream"
                )
            ]
        }
        return disagreements(in: subject)
    }

    private static let openingRequirements: Set = ["RFC8441-5-10", "RFC9113-8.6-01", "RFC6455-4.4-01"]

    /// The finding that an answer refuses a version and does not say which one it takes.
    private static func missingVersions(_ subject: Case) -> [Finding] {
        guard let answer = subject.timeline.streamAnswer, let status = answer.status, (400...499).contains(status),
            subject.asksForAnotherVersion, subject.timeline.agreeingHead?.tokens(of: version).contains("13") == false
        else { return [] }
        return [
            Finding(
                rule: "stream-opening",
                axis: .behaviour,
                verdict: .fail,
                requirement: "RFC6455-4.4-01",
                reason: "refused a version with \(status) and does not list 13 in \(version)",
                evidence: [],
                key: .refusedWithoutVersion
            )
        ]
    }

    fileprivate static let version = "sec-websocket-version"

    /// The rules about what an answer agrees on, which are the same over HTTP/2.
    private static let agreementRules = HandshakeRule.allCases.filter { rule in
        rule.rawValue.hasPrefix("response-subprotocol") || rule.rawValue.hasPrefix("response-extension")
    }

    private static func disagreements(in subject: Case) -> [Finding] {
        guard let answer = subject.timeline.agreeingHead else { return [] }
        let request = subject.timeline.offeringHead
        let asked = HandshakeRequest(
            host: "",
            key: "",
            subprotocols: request.tokens(of: "Sec-WebSocket-Protocol"),
            extensions: request.values(of: "Sec-WebSocket-Extensions")
        )
        return HandshakeRules.checkResponse(answer, to: asked).filter { agreementRules.contains($0.rule) }
            .map { problem in
                Finding(
                    rule: "stream-opening",
                    axis: .behaviour,
                    verdict: subject.isOurFault ? .informational : problem.rule.verdict,
                    requirement: problem.rule.requirement,
                    reason: problem.sentence.replacing("the 101", with: "the response"),
                    evidence: [],
                    key: .handshake,
                    kind: problem.rule.rawValue
                )
            }
    }

    private static func noStreamAnswer(_ subject: Case) -> Finding {
        let (key, reason): (ReasonKey, String) =
            switch subject.timeline.end {
            case .notConnected(let reason), .notSecured(let reason): (.unreachable, reason)
            case .finished, .truncated, .reset:
                (.endedWithoutAnswer, "ended the stream without any answer to the request")
            case .closedHere, nil: (.leftUnanswered, "did not answer the Extended CONNECT in time")
            }
        return Finding(
            rule: "stream-opening",
            axis: .behaviour,
            verdict: subject.isOurFault ? .informational : subject.wasConnected ? .fail : .inconclusive,
            requirement: "RFC8441-5-10",
            reason: reason,
            evidence: [],
            key: key,
            kind: "no-answer"
        )
    }
}

extension Case {
    /// Whether our request differs from the ordinary one in the version alone, which is one that there might be.
    fileprivate var asksForAnotherVersion: Bool {
        guard let request = timeline.streamRequest, !request.endsStream else { return false }
        let pseudo = request.lines.map(\.name).filter { $0.hasPrefix(":") }
        let isOrdinary =
            pseudo.sorted() == [":authority", ":method", ":path", ":protocol", ":scheme"]
            && request.values(of: ":method") == ["CONNECT"] && request.values(of: ":protocol") == ["websocket"]
            && [["http"], ["https"]].contains(request.values(of: ":scheme")) && request.values(of: "host").isEmpty
        let versions = request.values(of: Judge.version)
        guard isOrdinary, versions.count == 1, versions != ["13"] else { return false }
        // RFC 6455, 4.3: 0 to 255 without leading zeros.
        return UInt8(versions[0]).map { String($0) == versions[0] } ?? false
    }
}
