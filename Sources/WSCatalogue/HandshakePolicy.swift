import WSProtocol
import WSScenario

/// The outcomes for answers to an opening handshake; each kind of request is defined once.
///
/// A server that drops the connection instead of answering with an error is tolerated: RFC 6455, 4.2.1 requires a
/// response, but 10.7 allows dropping the connection and calls the status a recommendation. Silence on an open
/// connection is neither.
struct HandshakePolicy {
    /// The main requirement.
    var rule: String
    /// The possible outcomes.
    var behaviour: [Outcome<BehaviourPattern>]
    /// Whether a Ping follows a 101, to show that the connection works.
    var sendsPing: Bool

    /// The payload of the Ping after an accepted handshake.
    static let ping = Payload.text("after the handshake")
    /// The error statuses.
    static let errors = Array(400...599)

    private static let works = BehaviourPattern.events([.pong(ping)])

    // MARK: - To be refused

    /// A handshake that has to be refused with an error status, preferably with one of `statuses`.
    ///
    /// Accepting it violates `rule`, for the reason `why`.
    static func mustReject(
        _ why: String,
        best statuses: [Int] = errors,
        over rule: String = "RFC6455-4.2.1-01"
    ) -> Self {
        Self(
            rule: rule,
            behaviour: [.conforms(.refused(statuses: statuses))] + otherRefusals(statuses) + [
                .violates(.accepted, why, cites: rule), noAnswer,
            ],
            sendsPing: false
        )
    }

    /// A handshake that has to be refused with an error status, after which the connection has to be closed.
    ///
    /// `accepting` is the outcome for accepting it.
    static func mustRejectAndClose(
        _ why: String,
        best statuses: [Int],
        over rule: String,
        accepting grade: (BehaviourPattern, String, String) -> Outcome<BehaviourPattern> = {
            .violates($0, $1, cites: $2)
        }
    ) -> Self {
        // The id of a requirement consists of its document, its section and a number.
        let section = rule.split(separator: "-")[1]
        return Self(
            rule: rule,
            behaviour: [
                .conforms(.refusedAndClosed(statuses: statuses)),
                .violates(
                    .refused(statuses: statuses),
                    "the connection stayed open, though nobody knows where the request ends (RFC 9112, \(section))",
                    cites: rule
                ).because(.connectionLeftOpen),
            ] + otherRefusals(statuses) + [grade(.accepted, why, rule), noAnswer],
            sendsPing: false
        )
    }

    /// A handshake that should be refused; accepting it misses a recommendation, or a duty that only our reading sees.
    static func shouldReject(_ why: String, best statuses: [Int] = errors, cites rule: String? = nil) -> Self {
        Self(
            rule: "RFC6455-4.2.1-01",
            behaviour: [.conforms(.refused(statuses: statuses))] + otherRefusals(statuses) + [
                .tolerated(.accepted, why, cites: rule), noAnswer,
            ],
            sendsPing: false
        )
    }

    /// A request that is not a handshake: any answer except 101 conforms.
    ///
    /// `elsewhere` says why a 101 to another protocol that the request names does not count; nil if it names none.
    static func notAccepted(
        _ why: String,
        over rule: String = "RFC6455-4.2.1-01",
        switching elsewhere: String? = nil
    ) -> Self {
        let switched = elsewhere.map { why in
            [Outcome<BehaviourPattern>.informational(.refused(statuses: [101]), why, cites: "RFC9110-7.8-03")]
        }
        return Self(
            rule: rule,
            behaviour: (switched ?? []) + [
                .conforms(.refused(statuses: nil)), drops, .violates(.accepted, why, cites: rule), noAnswer,
            ],
            sendsPing: false
        )
    }

    /// A request with another method than GET: any answer except 101 conforms, and RFC 9110 has the best one.
    static func notAccepted(
        _ why: String,
        best statuses: [Int],
        others grade: (BehaviourPattern) -> Outcome<BehaviourPattern>
    ) -> Self {
        Self(
            rule: "RFC6455-4.2.1-01",
            behaviour: [
                .conforms(.refused(statuses: statuses)), grade(.refused(statuses: nil)), drops,
                .violates(.accepted, why, cites: "RFC6455-4.2.1-01").because(.acceptedOtherMethod), noAnswer,
            ],
            sendsPing: false
        )
    }

    // MARK: - To be accepted

    /// A handshake that is as valid as the one that was accepted as the control.
    static func mustAccept(_ why: String, over rule: String = "RFC6455-4.2.2-01") -> Self {
        Self(
            rule: rule,
            behaviour: [
                .conforms(works),
                .violates(.refused(statuses: nil), why, cites: rule),
                .violates(.unanswered, why, cites: rule),
            ] + unusable(),
            sendsPing: true
        )
    }

    /// A handshake that should be accepted; refusing it misses a recommendation.
    static func shouldAccept(_ why: String, cites rule: String) -> Self {
        Self(
            rule: "RFC6455-4.2.1-01",
            behaviour: [
                .conforms(works),
                .tolerated(.refused(statuses: nil), why, cites: rule),
                .tolerated(.unanswered, why, cites: rule),
            ] + unusable(),
            sendsPing: true
        )
    }

    /// A handshake that may be refused by policy; refusing it is informational.
    static func mayRefuse(_ why: String, cites rule: String) -> Self {
        Self(
            rule: "RFC6455-4.2.1-01",
            behaviour: [
                .conforms(works), .informational(.refused(statuses: errors), why, cites: rule),
                .tolerated(.refused(statuses: nil), why, cites: rule), drops,
            ] + unusable(),
            sendsPing: true
        )
    }

    /// The same policy if the application may also refuse it with a Close frame after the 101.
    func orClosing(cites rule: String) -> Self {
        let declined = Outcome<BehaviourPattern>.informational(
            .declinedByClose,
            "an application may refuse a handshake in this way, too; what a server does not serve is better declined in "
                + "HTTP (RFC 6455, 4.2.2)",
            cites: rule
        )
        var policy = self
        policy.behaviour.insert(declined, at: 1)
        return policy
    }

    /// A handshake that names websocket in a list; a server may choose it, but need not.
    static func mayOverlook(_ why: String, cites rule: String) -> Self {
        Self(
            rule: "RFC6455-4.2.1-01",
            behaviour: [
                .conforms(works), .informational(.refused(statuses: nil), why, cites: rule), drops,
            ] + unusable(),
            sendsPing: true
        )
    }

    // MARK: - Left open

    /// A handshake that may be accepted, or refused with one of these statuses; both conform.
    static func either(_ statuses: [Int] = errors) -> Self {
        Self(
            rule: "RFC6455-4.2.1-01",
            behaviour: answered(statuses) + unusable(),
            sendsPing: true
        )
    }

    /// The same policy for a request that may look incomplete: waiting for the rest is informational.
    func orWaiting(_ why: String, cites rule: String) -> Self {
        var policy = self
        policy.behaviour = behaviour.map { outcome in
            outcome.pattern == .anything ? .informational(.anything, why, cites: rule) : outcome
        }
        return policy
    }

    /// The outcomes for a working connection and for a refusal; the caller adds the others.
    static func answered(_ statuses: [Int] = errors) -> [Outcome<BehaviourPattern>] {
        [.conforms(works), .conforms(.refused(statuses: statuses))] + otherRefusals(statuses)
    }

    /// A valid handshake that a server may decline with one of these statuses, but not without an answer in HTTP.
    ///
    /// `listed` are outcomes for other answers; ending the connection without an answer violates `rule`. A server that
    /// accepts something that it does not serve may show that in its own way.
    static func mayDecline(_ statuses: [Int], over rule: String, _ listed: Outcome<BehaviourPattern>...) -> Self {
        let unanswered = Outcome<BehaviourPattern>.violates(
            .unanswered,
            "a server that will not accept a valid handshake says so with an HTTP error (RFC 6455, 4.2.2)",
            cites: rule
        )
        return Self(
            rule: rule,
            behaviour: [.conforms(works), .conforms(.refused(statuses: statuses))] + listed + [
                unanswered,
                .informational(
                    .accepted,
                    "accepted a handshake and did not go on with it; what it does not serve is declined in HTTP "
                        + "(RFC 6455, 4.2.2)",
                    cites: rule
                ),
                noAnswer,
            ],
            sendsPing: true
        )
    }

    /// A handshake about which the text is ambiguous: accepting it is informational, refusing it conforms.
    static func refusedOrInformational(_ why: String, cites rule: String) -> Self {
        Self(
            rule: "RFC6455-4.2.1-01",
            behaviour: [
                .conforms(.refused(statuses: errors)), plainHTTP, drops,
                .informational(.accepted, why, cites: rule), noAnswer,
            ],
            sendsPing: false
        )
    }

    /// A request that is larger than most: refused with one of `statuses`, or accepted.
    ///
    /// A status for the server's own failure is always wrong. Another 4xx than that for the target is tolerated: the
    /// server may have measured the whole head, for which any 4xx conforms (RFC 9110, 5.4). If a connection is reset,
    /// our own octets may have destroyed an answer.
    static func large(_ statuses: [Int], _ otherwise: String, over rule: String) -> Self {
        Self(
            rule: "RFC6455-4.2.1-01",
            behaviour: [
                .conforms(works), .conforms(.refused(statuses: statuses)),
                .violates(.refused(statuses: Array(500...599)), otherwise, cites: rule),
                .tolerated(.refused(statuses: nil), otherwise, cites: rule),
                .informational(
                    .unanswered,
                    "dropped a request that is too large for it without a response, as it may (RFC 6455, 10.7)",
                    cites: "RFC6455-10.7-04"
                ),
            ] + unusable(),
            sendsPing: true
        )
    }

    // MARK: - Parts

    /// The same policy with a key for its own reason, because its requirement has other reasons elsewhere.
    func because(_ key: ReasonKey) -> Self {
        let why = behaviour.first { $0.grade == .violates }?.reason
        var policy = self
        for index in behaviour.indices where behaviour[index].reason == why { policy.behaviour[index].key = key }
        return policy
    }

    private static let drops = Outcome<BehaviourPattern>.tolerated(
        .unanswered,
        "an invalid handshake should be answered with an HTTP status (RFC 6455, 10.7)",
        cites: "RFC6455-10.7-04"
    ).because(.endedWithoutAnswer)

    /// No answer at all, with or without the end of the connection.
    static let dropsOrFails = [drops, noAnswer]

    private static let plainHTTP = Outcome<BehaviourPattern>.tolerated(
        .refused(statuses: nil),
        "an invalid handshake is answered with an error status, unless the upgrade is ignored altogether "
            + "(RFC 6455, 4.2.1; RFC 9110, 7.8)",
        cites: "RFC6455-4.2.1-01"
    )

    private static func otherRefusals(_ best: [Int]) -> [Outcome<BehaviourPattern>] {
        guard best.count <= 4 else { return [plainHTTP, drops] }
        let otherError = Outcome<BehaviourPattern>.tolerated(
            .refused(statuses: errors),
            "the status for this is \(best.map(String.init).joined(separator: " or ")) (RFC 9110, 15.5)",
            cites: "RFC6455-10.7-04"
        )
        return [otherError, plainHTTP, drops]
    }

    private static let noAnswer = Outcome<BehaviourPattern>.violates(
        .anything,
        "every handshake is answered with an HTTP response, or the connection ended (RFC 6455, 4.2.1)",
        cites: "RFC6455-4.2.1-01"
    )

    /// The violations of accepting a handshake without a working connection, and of never answering.
    static func unusable(
        _ why: String = "accepted the handshake and left the Ping behind it unanswered (RFC 6455, 5.5.2)",
        cites rule: String = "RFC6455-5.5.2-02",
        as key: ReasonKey = .acceptedAndFellSilent
    ) -> [Outcome<BehaviourPattern>] {
        [.violates(.accepted, why, cites: rule).because(key), noAnswer]
    }
}

extension Scenario {
    /// Creates a scenario about the opening handshake.
    ///
    /// - Parameters:
    ///   - id: The id.
    ///   - title: One line that says what is tried.
    ///   - chapter: The entry in the list of ideas; nil for none.
    ///   - rules: The requirements after the main one.
    ///   - tags: Words for selecting it.
    ///   - request: The request.
    ///   - policy: The possible outcomes.
    /// - Returns: The scenario, for servers.
    static func handshake(
        _ id: String,
        _ title: String,
        _ chapter: String?,
        _ rules: [String] = [],
        tags: [Scenario.Tag] = [],
        sends request: RequestToSend,
        _ policy: HandshakePolicy
    ) -> Scenario {
        Scenario(
            id: id,
            title: title,
            requirements: [policy.rule] + rules.filter { $0 != policy.rule },
            targets: [.server],
            needs: .nothing,
            tags: [.handshake] + tags,
            chapter: chapter,
            opening: .request(request),
            script: policy.sendsPing ? [.send(FrameToSend(.ping, HandshakePolicy.ping))] : [],
            conclusion: .closeWhenComplete,
            behaviour: policy.behaviour,
            // A refused handshake has no closing; an accepted one is closed like any other.
            closing: policy.sendsPing ? .answersNormalClose : [.conforms(.anything)]
        )
    }

    /// Creates a scenario about the request, with the parts of ``handshake(_:_:_:_:tags:sends:_:)``.
    static func openingRequest(
        _ slug: String,
        _ title: String,
        _ chapter: String,
        _ rules: [String],
        _ template: HandshakeTemplate,
        _ policy: HandshakePolicy
    ) -> Scenario {
        handshake("handshake/request/\(slug)", title, chapter, rules, sends: template.request(), policy)
    }
}
