import WSProtocol
import WSScenario

/// The policy for what a client does with the answer to its opening handshake: one place for each kind of answer.
///
/// A client that has to refuse an answer ends the connection and sends no frame; nothing else of it can be seen. A
/// client that accepts one shows that by answering a Ping.
struct ResponsePolicy {
    /// The requirement that decides.
    var rule: String
    /// What else it rests on.
    var others: [String] = []
    /// What the client may do.
    var behaviour: [Outcome<BehaviourPattern>]
    /// Whether the script goes on with a Ping, because the answer may be accepted.
    var sendsPing: Bool
    /// Whether the text leaves open what follows, so that nothing that does is a fault.
    var isLeftOpen = false

    /// The Ping behind an answer that may be accepted.
    static let ping = Payload.text("after the handshake")
    /// What makes a connection one that works.
    static let works = BehaviourPattern.events([.pong(ping)])

    /// The word to select by for what is left open: a matter of size, or of the text.
    var tag: Scenario.Tag { rule == "RFC6455-10.4-01" ? .robustness : .ambiguous }

    // MARK: - To be refused

    /// An answer that fails the connection; to accept it breaks `rule` for the reason `why`.
    static func mustFail(_ why: String, over rule: String = "RFC6455-4.1-55") -> Self {
        Self(
            rule: rule,
            behaviour: [.conforms(.failsHandshake), .violates(.anything, why, cites: rule)],
            sendsPing: false
        )
    }

    /// An answer that should be refused; to accept it misses a duty of our reading alone.
    static func shouldFail(_ why: String, over rule: String = "RFC6455-4.1-55") -> Self {
        Self(
            rule: rule,
            behaviour: [
                .conforms(.failsHandshake), .tolerated(works, why, cites: rule), leavesPingUnanswered,
            ],
            sendsPing: true
        )
    }

    /// An answer that the letter refuses and another text allows; whatever is made of it is said and never counted.
    static func mayAccept(_ why: String, over rule: String = "RFC6455-4.1-55") -> Self {
        Self(
            rule: rule,
            behaviour: [.conforms(.failsHandshake), .informational(.anything, why, cites: rule)],
            sendsPing: true,
            isLeftOpen: true
        )
    }

    // MARK: - To be accepted

    /// An answer that is as valid as any other; to refuse it breaks `rule`.
    static func mustAccept(_ why: String, over rule: String = "RFC6455-4.1-57") -> Self {
        Self(
            rule: rule,
            behaviour: [
                .conforms(works), .violates(.failsHandshake, why, cites: rule), leavesPingUnanswered,
            ],
            sendsPing: true
        )
    }

    /// An answer that should be accepted; to refuse it misses a recommendation.
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

    /// An answer that a client may refuse for a reason of its own, which is said and never counted.
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

    /// An answer that is larger than most: accepted, or refused to be on the safe side.
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

    /// An answer that may be accepted and may be refused; either is fine, and no text says what else may follow.
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

    /// Who neither refuses an answer nor answers the Ping behind it.
    private static let leavesPingUnanswered = Outcome<BehaviourPattern>.violates(
        .anything,
        "took the handshake for accepted and left the Ping behind it unanswered (RFC 6455, 5.5.2)",
        cites: "RFC6455-5.5.2-02"
    )
}

extension Scenario {
    /// A scenario about what a client makes of the answer to its opening handshake.
    ///
    /// - Parameters:
    ///   - id: the id.
    ///   - title: one line that says what is tried.
    ///   - chapter: the entry of the list of ideas, if it has one.
    ///   - rules: the requirements behind the one that decides.
    ///   - driver: what the client's driver has to do besides connecting.
    ///   - tags: words to select by.
    ///   - references: the defects that it shows.
    ///   - response: what is sent.
    ///   - policy: what the client may do.
    /// - Returns: the scenario, for clients.
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
        // Refusing means to end the connection, too.
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

    /// A scenario about the answer's head, with the parts of ``answer(_:_:_:_:driver:tags:references:sends:_:)``.
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
