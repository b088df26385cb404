import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// Checks the answer to the opening handshake (RFC 6455, 4.2.2).
    ///
    /// 1. There is an answer, and it is HTTP.
    /// 2. Its status is 101, because the run's control accepted the same request.
    /// 3. It has the fields of 4.2.2, and Sec-WebSocket-Accept fits the key that was sent.
    /// 4. A scenario's own request may be refused, with any version; the scenario's outcomes say whether it should be.
    /// 5. A failed connection attempt, or a server that says it is too busy, gives no information about the protocol.
    /// 6. If we sent frames together with the request, we broke 4.1 ourselves, so problems of the answer do not count.
    /// 7. If a request has several keys, it is undefined which of them Sec-WebSocket-Accept has to fit.
    static let handshakeRule = Rule(
        name: "handshake",
        requirements: handshakeRequirements,
        roles: [.server],
        part: .handshake
    ) { $0.handshakeFindings }

    /// The findings in a case; empty if a client is under test.
    static func findingsOfHandshake(_ subject: Case) -> [Finding] {
        guard subject.roleUnderTest == .server, !subject.isUnsecured, !subject.timeline.isOnStream else { return [] }
        guard subject.timeline.response != nil else {
            return subject.opensOnItsOwn && subject.wasConnected ? [] : [noAnswer(subject)]
        }
        return subject.handshakeProblems.compactMap { problem in
            if subject.opensOnItsOwn, !subject.isOpened, problem.rule != .responseStatusLine { return nil }
            if problem.rule == .responseAcceptWrong, subject.sentSeveralKeys { return nil }
            return Finding(
                rule: "handshake",
                axis: .behaviour,
                verdict: subject.verdict(of: problem),
                requirement: problem.rule.requirement,
                reason: problem.sentence,
                evidence: [Evidence(.received, offset: subject.responseOffset + UInt64(problem.offset), length: 1)],
                key: subject.verdict(of: problem) == .inconclusive ? .busy : .handshake,
                kind: problem.rule.rawValue
            )
        }
    }

    private static let handshakeRequirements = Set(
        HandshakeRule.allCases.filter { $0.rawValue.hasPrefix("response-") }.map(\.requirement)
    ).union(["RFC6455-4.2.2-01"])

    private static func noAnswer(_ subject: Case) -> Finding {
        let stray = subject.timeline.strayOctets
        let (key, reason): (ReasonKey, String) =
            switch subject.timeline.end {
            case .notConnected(let reason), .notSecured(let reason): (.unreachable, reason)
            case .finished where stray.isEmpty, .truncated where stray.isEmpty, .reset where stray.isEmpty:
                (.endedWithoutAnswer, "closed the connection without any answer to the opening handshake")
            case .finished, .truncated, .reset:
                (.answerCutShort, "closed the connection before its answer to the opening handshake was complete")
            case .closedHere where stray.isEmpty, nil:
                (.leftUnanswered, "did not answer the opening handshake in time")
            case .closedHere where stray.starts(with: Array("HTTP/".utf8)):
                (.answerCutShort, "did not complete its answer to the opening handshake in time")
            case .closedHere:
                (
                    .answeredNoHTTP,
                    "answered the opening handshake with something that is not HTTP: "
                        + WireLog.quoted(Array(stray.prefix(24)))
                )
            }
        return Finding(
            rule: "handshake",
            axis: .behaviour,
            verdict: subject.isOurFault ? .informational : subject.wasConnected ? .fail : .inconclusive,
            requirement: "RFC6455-4.2.2-01",
            reason: reason,
            evidence: stray.isEmpty ? [] : [Evidence(.received, offset: 0, length: UInt64(stray.count))],
            key: key,
            kind: "no-answer"
        )
    }

    /// The problems of a server's answer to the request that was sent.
    static func handshakeProblems(in timeline: Timeline) -> [HandshakeProblem] {
        guard let response = timeline.response else { return [] }
        let head = HTTPHead(kind: .request, raw: timeline.request)
        let asked = HandshakeRequest(
            host: head.values(of: "Host").first ?? "",
            key: head.values(of: "Sec-WebSocket-Key").first ?? "",
            subprotocols: head.tokens(of: "Sec-WebSocket-Protocol"),
            extensions: head.values(of: "Sec-WebSocket-Extensions")
        )
        return HandshakeRules.checkResponse(response, to: asked)
    }
}

extension Case {
    /// Whether the tester broke the handshake itself by sending frames before the answer (RFC 6455, 4.1).
    var isOurFault: Bool { scenario.opening == .framesWithHandshake && roleUnderTest == .server }

    /// The offset of the final answer, after the interim ones.
    var responseOffset: UInt64 {
        for entry in timeline.entries.reversed() {
            if case .response = entry.kind { return entry.evidence?.offset ?? 0 }
        }
        return 0
    }

    /// Whether there was a connection to send octets over.
    var wasConnected: Bool {
        switch timeline.end {
        case .notConnected, .notSecured: false
        case .finished, .truncated, .reset, .closedHere, nil: true
        }
    }

    /// The verdict for a problem of the answer in this case.
    fileprivate func verdict(of problem: HandshakeProblem) -> Verdict {
        if isOurFault { return .informational }
        return saysItIsBusy ? .inconclusive : problem.rule.verdict
    }

    /// Whether the answer reports overload or an unavailable backend, and nothing contradicts that.
    var saysItIsBusy: Bool {
        guard timeline.firstIndex(where: { if case .mark(.notBusy) = $0 { true } else { false } }) == nil else {
            return false
        }
        let status = timeline.streamAnswer?.status ?? timeline.response.flatMap { StatusLine($0)?.code }
        return status.map { [429, 502, 503, 504].contains($0) } ?? false
    }

    /// Whether the request has more than one Sec-WebSocket-Key line.
    fileprivate var sentSeveralKeys: Bool {
        HTTPHead(kind: .request, raw: timeline.request).fields(named: "Sec-WebSocket-Key").count > 1
    }
}

extension HandshakeRule {
    /// The verdict for a problem of a response.
    ///
    /// The single steps of 4.2.2 have no keyword, but the MUST before the list makes them binding, so breaking one
    /// fails.
    var verdict: Verdict {
        switch self {
        // RFC 6455, 4.1 requires exactly "websocket", while RFC 9110 allows a list.
        case .responseUpgradeList: .informational
        // No text says whether the case of these names matters.
        case .responseSubprotocolOtherCase, .responseExtensionOtherCase: .informational
        default: .fail
        }
    }
}

extension HandshakeProblem {
    /// The problem as a sentence about the peer.
    var sentence: String {
        let found = HeadText.excerpt(detail)
        return switch rule {
        case .responseStatusLine:
            "answered the opening handshake with something that has no HTTP status line: \(found)"
        case .responseVersion: "answered the opening handshake in \(found); 101 needs HTTP/1.1"
        case .responseStatus: "answered a valid opening handshake with \(found) instead of 101"
        case .responseUpgradeMissing, .responseConnectionMissing, .responseAcceptMissing: "the 101 has \(found)"
        case .responseUpgradeWrong: "the Upgrade of the 101 is not websocket: \(found)"
        case .responseUpgradeList: "the Upgrade of the 101 names more than websocket: \(found)"
        case .responseConnectionWrong: "the Connection of the 101 has no token Upgrade: \(found)"
        case .responseAcceptWrong: "the Sec-WebSocket-Accept of the 101 does not answer the key: \(found)"
        case .responseAcceptRepeated, .responseSubprotocolRepeated: "the 101 has \(found), where one is allowed"
        case .responseSubprotocolUnasked: "the 101 names the subprotocol \(found), though none was asked for"
        case .responseSubprotocolNotOffered: "the 101 names the subprotocol \(found), which was not asked for"
        case .responseSubprotocolOtherCase:
            "the 101 names the subprotocol \(found), which was asked for in another case"
        case .responseSubprotocolEmpty, .responseExtensionEmpty:
            "in the 101, \(found); it is left out where there is none"
        case .responseSubprotocolNotToken: "the Sec-WebSocket-Protocol of the 101 is not the name of one: \(found)"
        case .responseExtensionNotOffered: "the 101 accepts the extension \(found), which was not offered"
        case .responseExtensionOtherCase: "the 101 accepts the extension \(found), which was offered in another case"
        case .responseExtensionMalformed: "the Sec-WebSocket-Extensions of the 101 is outside its grammar: \(found)"
        case .responseContentLength, .responseTransferEncoding: "the 101 has \(found), which no 101 has"
        case .requestLine: "asked with something that has no HTTP request line: \(found)"
        case .requestMethod: "asked with \(found) instead of GET"
        case .requestVersion: "asked in \(found); an opening handshake needs HTTP/1.1"
        case .requestHostMissing, .requestProtocolVersionMissing, .requestKeyMissing: "the request has \(found)"
        case .requestHostRepeated, .requestProtocolVersionRepeated, .requestKeyRepeated:
            "the request has \(found), where one is allowed"
        case .requestHostInvalid: "the Host of the request is none: \(found)"
        case .requestUpgrade where found.hasPrefix("no "), .requestConnection where found.hasPrefix("no "):
            "the request has \(found)"
        case .requestUpgrade: "the Upgrade of the request does not name websocket: \(found)"
        case .requestConnection: "the Connection of the request has no token Upgrade: \(found)"
        case .requestProtocolVersion: "the Sec-WebSocket-Version of the request is not 13: \(found)"
        case .requestKeyInvalid: "the Sec-WebSocket-Key of the request is not the base64 of 16 octets: \(found)"
        case .requestSubprotocolMalformed: "the Sec-WebSocket-Protocol of the request is no list of tokens: \(found)"
        case .requestSubprotocolRepeated: "the Sec-WebSocket-Protocol of the request names one twice: \(found)"
        case .requestExtensionMalformed: "the Sec-WebSocket-Extensions of the request is outside its grammar: \(found)"
        }
    }
}
