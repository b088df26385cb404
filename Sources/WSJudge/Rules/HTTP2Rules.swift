import WSHTTP2
import WSProtocol
import WSScenario
import WSTranscript

/// Rules about every connection of HTTP/2 that carries a conversation, a group of ``HTTP2Rule`` each.
///
/// 1. A violation of which the receiver has to make an error fails, and so does one of a MUST that names the sender.
/// 2. Any other is tolerated: who receives it may or has to ignore it.
/// 3. What is not in the record, because there was too much of it, is no finding.
extension Judge {
    /// The form of frames: lengths, flags, padding, streams, field blocks (RFC 9113, 4 and 6).
    static let http2FramesRule = rule(
        "http2-frames",
        [
            .reservedBit, .unusedFlag, .frameTooLarge, .frameTooShort, .priorityLength, .resetStreamLength,
            .settingsLength, .settingsAckPayload, .pingLength, .windowUpdateLength, .paddingTooLong, .paddingNotZero,
            .streamMissing, .streamUnexpected, .fieldBlockInterrupted, .continuationWithoutBlock, .fieldBlockInvalid,
        ]
    )

    /// Settings, and acknowledgments of SETTINGS and PING (RFC 9113, 6.5 and 6.7; RFC 8441, 3).
    static let http2SettingsRule = rule(
        "http2-settings",
        [
            .firstFrameNotSettings, .enablePushValue, .enablePushByServer, .initialWindowSizeValue, .maxFrameSizeValue,
            .enableConnectProtocolValue, .enableConnectProtocolWithdrawn, .settingsAckUnexpected, .pingAckUnexpected,
        ],
        ofClients: [
            .firstFrameNotSettings, .enablePushValue, .initialWindowSizeValue, .maxFrameSizeValue,
            .enableConnectProtocolValue, .enableConnectProtocolWithdrawn, .settingsAckUnexpected, .pingAckUnexpected,
        ]
    )

    /// The answers to SETTINGS and PING (RFC 9113, 6.5.3 and 6.7).
    ///
    /// Where the connection ended before we ended it, or with an error in GOAWAY, nothing is missed. A client may end
    /// its connection with its last stream, and has other streams whose frames are under way when the record of one
    /// ends; so nothing is said of clients.
    static let http2AnswersRule = Rule(
        name: "http2-answers",
        requirements: ["RFC9113-6.5.3-01", "RFC9113-6.7-01"],
        roles: [.server],
        part: .carrier
    ) { subject in
        guard let carrier = subject.timeline.carrier, carrier.end == nil || carrier.end == .closedHere,
            carrier.error == nil
        else { return [] }
        var findings: [Finding] = []
        // Who has ended the stream or answered a PING has read what came before.
        if carrier.unacknowledged.settings > 0, carrier.streamEnd == .endStream || carrier.hasAnsweredPing {
            findings.append(
                finding(
                    "http2-answers",
                    "RFC9113-6.5.3-01",
                    "did not acknowledge our SETTINGS",
                    .acknowledgmentMissing
                )
            )
        }
        if carrier.unacknowledged.pings > 0 {
            findings.append(
                finding("http2-answers", "RFC9113-6.7-01", "left a PING frame unanswered", .acknowledgmentMissing)
            )
        }
        return findings
    }

    /// The connection lives on where a stream has ended (RFC 9113, 5.4).
    ///
    /// 1. It is looked at where the scenario asks for that behind the end of the stream.
    /// 2. That a server ends it is tolerated, because it may at any time (5.4.1); it should say so with GOAWAY.
    /// 3. Where the scenario makes an error of the stream, the server may take it for one of the connection.
    /// 4. A client that needs it no more may end it in any way but with an error.
    static let http2ConnectionRule = Rule(
        name: "http2-connection",
        requirements: ["RFC9113-5.4.1-01", "RFC9113-5.4.2-01"],
        part: .carrier
    ) { subject in
        guard subject.scenario.stream != nil, let carrier = subject.timeline.carrier,
            carrier.outlivedStream || subject.answersOnItsOwn, let code = subject.brokenOff,
            subject.answersOnItsOwn || subject.streamReaction != .connectionEnded(code)
        else { return [] }
        let how = code.map { "with \($0.name)" } ?? "without GOAWAY"
        let may = subject.scenario.behaviour.contains { outcome in
            outcome.grade == .informational && outcome.pattern == .endsConnection(withError: code != nil)
        }
        return [
            Finding(
                rule: "http2-connection",
                axis: .closing,
                verdict: may ? .informational : .tolerated,
                requirement: code == nil ? "RFC9113-5.4.1-01" : "RFC9113-5.4.2-01",
                reason: "ended the whole connection \(how) behind the end of one stream",
                evidence: [],
                key: .connectionEnded
            )
        ]
    }

    /// The states of streams (RFC 9113, 5.1, 6.6 and 6.8).
    static let http2StreamsRule = rule(
        "http2-streams",
        [
            .streamIDParity, .streamIDNotIncreasing, .goAwayIncreased, .frameOnIdleStream, .frameOnReservedStream,
            .frameAfterEndStream, .frameOnClosedStream, .frameAfterReset, .pushPromiseDisabled, .pushPromiseState,
            .promisedStreamInvalid,
        ],
        ofClients: [
            .streamIDParity, .streamIDNotIncreasing, .tooManyStreams, .streamAfterGoAway, .goAwayIncreased,
            .frameOnIdleStream, .frameAfterEndStream, .frameOnClosedStream, .frameAfterReset, .pushPromiseByClient,
        ],
        more: ["RFC8441-5-10", "RFC9113-5.1.2-02"]
    ) { subject in
        if subject.scenario.stream?.exceedsLimit == true { return excess(subject) }
        guard let carrier = subject.timeline.carrier, let stream = subject.scenario.stream, stream.companions > 0,
            subject.isOpened, carrier.acceptedStreams <= stream.companions
        else { return [] }
        let counts = "\(carrier.acceptedStreams) of \(stream.companions + 1)"
        return [
            finding(
                "http2-streams",
                "RFC8441-5-10",
                "accepted \(counts) WebSockets on one connection, within its own limit of streams",
                .refused
            )
        ]
    }

    /// What became of a stream beyond the server's limit (RFC 9113, 5.1.2).
    ///
    /// 1. It is reset with REFUSED_STREAM or PROTOCOL_ERROR, or the error is taken for one of the connection.
    /// 2. Another code, or an answer that refuses the request, is tolerated: nothing was served.
    private static func excess(_ subject: Case) -> [Finding] {
        guard let carrier = subject.timeline.carrier, subject.isOpened, carrier.excessStream != nil,
            carrier.brokenOff == nil
        else { return [] }
        let rule = "RFC9113-5.1.2-02"
        if carrier.hasServedExcess {
            let reason = "served a stream beyond its own MAX_CONCURRENT_STREAMS (RFC 9113, 5.1.2)"
            return [finding("http2-streams", rule, reason, .wentOnAfterViolation)]
        }
        let how: String
        switch carrier.excessEnd {
        case .reset(.refusedStream), .reset(.protocolError): return []
        case .reset(let code): how = "reset it with \(code.name)"
        case .endStream: how = "answered the request on it"
        case nil:
            let reason = "neither refused nor served a stream beyond its own MAX_CONCURRENT_STREAMS (RFC 9113, 5.1.2)"
            return [finding("http2-streams", rule, reason, .leftUnanswered)]
        }
        var tolerated = finding(
            "http2-streams",
            rule,
            "\(how), where a stream beyond its own MAX_CONCURRENT_STREAMS is due REFUSED_STREAM (RFC 9113, 5.1.2)",
            .streamReset
        )
        tolerated.verdict = .tolerated
        return [tolerated]
    }

    /// Flow control (RFC 9113, 5.2 and 6.9).
    static let http2WindowsRule = rule(
        "http2-windows",
        [
            .windowIncrementZero, .streamWindowExceeded, .connectionWindowExceeded, .windowOverflow,
            .initialWindowOverflow,
        ]
    )

    /// Messages: the order of their parts, and their fields (RFC 9113, 8; RFC 9110, 9.3.6).
    static let http2MessagesRule = rule(
        "http2-messages",
        [
            .dataBeforeHeaders, .headersOnTunnel, .trailersWithoutEnd, .interimWithEnd, .upperCaseName, .invalidName,
            .invalidValue, .connectionField, .teValue, .pseudoAfterField, .pseudoUndefined, .pseudoRepeated,
            .pseudoMissing, .statusInvalid, .statusSwitchingProtocols, .contentLengthInConnect,
            .contentLengthInvalid, .contentLengthMismatch,
        ],
        ofClients: [
            .dataBeforeHeaders, .headersOnTunnel, .trailersWithoutEnd, .upperCaseName, .invalidName, .invalidValue,
            .connectionField, .teValue, .pseudoAfterField, .pseudoUndefined, .pseudoRepeated, .pseudoMissing,
            .pathEmpty, .authorityInvalid, .connectPseudo, .protocolWithoutConnect, .extendedConnectPseudo,
            .protocolNotEnabled, .webSocketScheme, .contentLengthInvalid, .contentLengthMismatch,
        ]
    )

    private static func rule(
        _ name: String,
        _ group: Set<HTTP2Rule>,
        ofClients: Set<HTTP2Rule>? = nil,
        more: Set<String> = [],
        _ others: @escaping @Sendable (Case) -> [Finding] = { _ in [] }
    ) -> Rule {
        let ofClients = ofClients ?? group
        return Rule(
            name: name,
            requirements: more.union(group.compactMap(\.requirement)),
            clientRequirements: Set(ofClients.compactMap(\.requirement)),
            part: .carrier
        ) { subject in
            let group = subject.roleUnderTest == .server ? group : ofClients
            let found = (subject.timeline.carrier?.violations ?? []).filter { group.contains($0.rule) }
            return found.compactMap { violation in
                violation.rule.requirement.map { requirement in
                    Finding(
                        rule: name,
                        axis: .behaviour,
                        verdict: violation.isHeldAgainstItsSender ? .fail : .tolerated,
                        requirement: requirement,
                        reason: "sent \(violation.detail) (\(violation.rule.citation))",
                        evidence: [],
                        key: .http2,
                        kind: violation.rule.rawValue
                    )
                }
            } + others(subject)
        }
    }

    private static func finding(
        _ rule: String,
        _ requirement: String,
        _ reason: String,
        _ key: ReasonKey
    ) -> Finding {
        Finding(
            rule: rule,
            axis: .behaviour,
            verdict: .fail,
            requirement: requirement,
            reason: reason,
            evidence: [],
            key: key
        )
    }
}

extension HTTP2Violation {
    /// Whether the sender breaks a MUST, and not only what the receiver may make an error of.
    fileprivate var isHeldAgainstItsSender: Bool {
        switch rule {
        case .contentLengthInConnect, .enableConnectProtocolValue, .enableConnectProtocolWithdrawn, .frameAfterReset,
            .statusInvalid, .statusSwitchingProtocols, .webSocketScheme:
            true
        default: due.isRequired
        }
    }
}

extension HTTP2Rule {
    /// The section in the form that reasons have.
    fileprivate var citation: String { reference.replacing(" section ", with: ", ") }
}
