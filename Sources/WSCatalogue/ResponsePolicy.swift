import WSProtocol
import WSScenario

/// The outcomes for how a client reacts to the answer to its opening handshake; each kind is defined once.
///
/// A client that has to refuse an answer ends the connection without a frame; nothing else can be observed. A client
/// that accepts one shows that by answering a Ping.
struct ResponsePolicy {
    /// The main requirement.
    var rule: String
    /// The further requirements.
    var others: [String] = []
    /// The possible outcomes.
    var behaviour: [Outcome<BehaviourPattern>]
    /// Whether a Ping follows, because the answer may be accepted.
    var sendsPing: Bool
    /// Whether the text leaves open what follows, so that nothing after the answer is a violation.
    var isLeftOpen = false

    /// The payload of the Ping after an answer that may be accepted.
    static let ping = Payload.text("after the handshake")
    /// The events of a working connection.
    static let works = BehaviourPattern.events([.pong(ping)])

    /// The tag for what is left open: a matter of size, or of the text.
    var tag: Scenario.Tag { rule == "RFC6455-10.4-01" ? .robustness : .ambiguous }

    // MARK: - To be refused

    /// An answer over which the connection has to be failed; accepting it violates `rule`, for the reason `why`.
    static func mustFail(_ why: String, over rule: String = "RFC6455-4.1-55") -> Self {
        Self(
            rule: rule,
            behaviour: [.conforms(.failsHandshake), .violates(.anything, why, cites: rule)],
            sendsPing: false
        )
    }

    /// An answer that should be refused; accepting it misses a duty that only our reading sees.
    static func shouldFail(_ why: String, over rule: String = "RFC6455-4.1-55") -> Self {
        Self(
            rule: rule,
            behaviour: [
                .conforms(.failsHandshake), .tolerated(works, why, cites: rule), leavesPingUnanswered,
            ],
            sendsPing: true
        )
    }

    /// An answer that RFC 6455 literally refuses and another text allows; accepting it is informational.
    static func mayAccept(_ why: String, over rule: String = "RFC6455-4.1-55") -> Self {
        Self(
            rule: rule,
            behaviour: [.conforms(.failsHandshake), .informational(.anything, why, cites: rule)],
            sendsPing: true,
            isLeftOpen: true
        )
    }

    // MARK: - To be accepted

    /// An answer that is as valid as any other; refusing it violates `rule`.
    static func mustAccept(_ why: String, over rule: String = "RFC6455-4.1-57") -> Self {
        Self(
            rule: rule,
            behaviour: [
                .conforms(works), .violates(.failsHandshake, why, cites: rule), leavesPingUnanswered,
            ],
            sendsPing: true
        )
    }

    /// An answer that should be accepted; refusing it misses a recommendation.
    static func shouldAccept(_ why: String, cites rule: String) -> Self {
        Self(
            rule: "RFC6455-4.1-57",
            others: [rule],
            behaviour: [
                .conforms(works), .tolerated(.failsHandshake, why, cites: rule), leavesPingUnanswered,
            ],
            sendsPing: true
        )
    }

    /// An answer that a client may refuse for its own reasons; refusing it is informational.
    static func mayRefuse(_ why: String, cites rule: String) -> Self {
        Self(
            rule: "RFC6455-4.1-57",
            others: [rule],
            behaviour: [
                .conforms(works), .informational(.failsHandshake, why, cites: rule), leavesPingUnanswered,
            ],
            sendsPing: true
        )
    }

    /// An answer that is larger than most; it may be accepted, or refused as a precaution.
    static let large = Self(
        rule: "RFC6455-10.4-01",
        behaviour: [
            .conforms(works),
            .informational(
                .failsHandshake,
                "refused a response that is too large for it, which protects it (RFC 6455, 10.4)",
                cites: "RFC6455-10.4-01"
            ),
            .tolerated(
                .anything,
                "neither refused a large response nor went on with it (RFC 6455, 10.4)",
                cites: "RFC6455-10.4-01"
            ),
        ],
        sendsPing: true,
        isLeftOpen: true
    )

    /// An answer that may be accepted or refused; both conform, and no text says what else may follow.
    static func either(_ otherwise: String, over rule: String = "RFC6455-4.1-55") -> Self {
        Self(
            rule: rule,
            behaviour: [
                .conforms(works), .conforms(.failsHandshake), .informational(.anything, otherwise, cites: rule),
            ],
            sendsPing: true,
            isLeftOpen: true
        )
    }

    /// The same policy with a key for its own reason, because its requirement has other reasons elsewhere.
    func because(_ key: ReasonKey) -> Self {
        let why = behaviour.first { $0.grade == .violates }?.reason
        var policy = self
        for index in behaviour.indices where behaviour[index].reason == why { policy.behaviour[index].key = key }
        return policy
    }

    /// The client neither refuses the answer nor answers the Ping after it.
    private static let leavesPingUnanswered = Outcome<BehaviourPattern>.violates(
        .anything,
        "took the handshake for accepted and left the Ping behind it unanswered (RFC 6455, 5.5.2)",
        cites: "RFC6455-5.5.2-02"
    ).because(.fellSilentOnAnswer)
}

extension Scenario {
    /// Creates a scenario about a client's reaction to the answer to its opening handshake.
    ///
    /// - Parameters:
    ///   - id: The id.
    ///   - title: One line that says what is tried.
    ///   - chapter: The entry in the list of ideas; nil for none.
    ///   - rules: The requirements after the main one.
    ///   - driver: What the client's driver has to do besides connecting.
    ///   - tags: Words for selecting it.
    ///   - references: The defects that it detects.
    ///   - response: The response.
    ///   - policy: The possible outcomes.
    /// - Returns: The scenario, for clients.
    static func answer(
        _ id: String,
        _ title: String,
        _ chapter: String?,
        _ rules: [String] = [],
        driver: DriverNeed = .connect,
        tags: [Scenario.Tag] = [],
        references: [KnownDefect] = [],
        sends response: ResponseToSend,
        _ policy: ResponsePolicy
    ) -> Scenario {
        // Refusing includes ending the connection.
        let failing = policy.sendsPing ? [] : ["RFC6455-7.1.7-01", "RFC6455-7.2.1-01"]
        var requirements = [policy.rule]
        for rule in policy.others + rules + failing where !requirements.contains(rule) { requirements.append(rule) }
        return Scenario(
            id: id,
            title: title,
            requirements: requirements,
            targets: [.client],
            needs: .nothing,
            driver: driver,
            tags: [.handshake] + (policy.isLeftOpen ? [policy.tag] : []) + tags,
            chapter: chapter,
            references: references,
            opening: .response(response),
            script: policy.sendsPing ? [.send(FrameToSend(.ping, ResponsePolicy.ping))] : [],
            conclusion: policy.sendsPing ? .closeWhenComplete : .peerFails(lateBarrier: true),
            behaviour: policy.behaviour,
            // A refused handshake has no closing; an accepted one is closed like any other.
            closing: policy.sendsPing && !policy.isLeftOpen ? .answersNormalClose : .anyEnd
        )
    }

    /// Creates a scenario about the answer's head, as ``answer(_:_:_:_:driver:tags:references:sends:_:)`` does.
    static func openingResponse(
        _ slug: String,
        _ title: String,
        _ chapter: String,
        _ rules: [String],
        _ template: ResponseTemplate,
        _ policy: ResponsePolicy
    ) -> Scenario {
        answer("handshake/response/\(slug)", title, chapter, rules, sends: template.response(), policy)
    }
}
