import WSProtocol
import WSScenario

/// The policy for answers to an opening handshake: one place for each kind of request.
///
/// A server that drops the connection instead of answering with an error is tolerated throughout: RFC 6455, 4.2.1 has
/// it return a response, 10.7 lets it drop the connection and calls the status a recommendation. One that says nothing
/// at all and keeps the connection does neither.
struct HandshakePolicy {
    /// The requirement that decides.
    var rule: String
    /// What the peer may do.
    var behaviour: [Outcome<BehaviourPattern>]
    /// Whether a Ping follows a 101, which shows that the connection works.
    var sendsPing: Bool

    /// The Ping behind an accepted handshake.
    static let ping = Payload.text("after the handshake")
    /// What a client that is refused sees.
    static let errors = Array(400...599)

    private static let works = BehaviourPattern.events([.pong(ping)])

    // MARK: - To be refused

    /// A handshake that has to be refused with an error status, best with one of `statuses`.
    ///
    /// An accepted one breaks `rule` for the reason `why`.
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

    /// A handshake that has to be refused with an error status, and the connection closed then.
    ///
    /// `accepting` says how an accepted one is graded.
    static func mustRejectAndClose(
        _ why: String,
        best statuses: [Int],
        over rule: String,
        accepting grade: (BehaviourPattern, String, String) -> Outcome<BehaviourPattern> = {
            .violates($0, $1, cites: $2)
        }
    ) -> Self {
        // The id of a requirement is its document, its section and a number.
        let section = rule.split(separator: "-")[1]
        return Self(
            rule: rule,
            behaviour: [
                .conforms(.refusedAndClosed(statuses: statuses)),
                .violates(
                    .refused(statuses: statuses),
                    "the connection stayed open, though nobody knows where the request ends (RFC 9112, \(section))",
                    cites: rule
                ),
            ] + otherRefusals(statuses) + [grade(.accepted, why, rule), noAnswer],
            sendsPing: false
        )
    }

    /// A handshake that should be refused; to accept it misses a recommendation, or a duty of our reading.
    static func shouldReject(_ why: String, best statuses: [Int] = errors, cites rule: String? = nil) -> Self {
        Self(
            rule: "RFC6455-4.2.1-01",
            behaviour: [.conforms(.refused(statuses: statuses))] + otherRefusals(statuses) + [
                .tolerated(.accepted, why, cites: rule), noAnswer,
            ],
            sendsPing: false
        )
    }

    /// A request that is no handshake: any answer but 101 will do.
    ///
    /// `elsewhere` says of a 101 to the other protocol that the request names why it does not count; nil where it names
    /// none.
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

    /// A request with a method that is no GET: any answer but 101 will do, and RFC 9110 knows the best.
    static func notAccepted(
        _ why: String,
        best statuses: [Int],
        others grade: (BehaviourPattern) -> Outcome<BehaviourPattern>
    ) -> Self {
        Self(
            rule: "RFC6455-4.2.1-01",
            behaviour: [
                .conforms(.refused(statuses: statuses)), grade(.refused(statuses: nil)), drops,
                .violates(.accepted, why, cites: "RFC6455-4.2.1-01"), noAnswer,
            ],
            sendsPing: false
        )
    }

    // MARK: - To be accepted

    /// A handshake that is as valid as the one that the control was accepted with.
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

    /// A handshake that should be accepted; to refuse it misses a recommendation.
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

    /// A handshake that may be refused by policy, which is said and never counted.
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

    /// The same where the application may refuse it with a Close frame behind the 101, too, for the same reason.
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

    /// A handshake that names websocket in a list, from which a server may choose it and need not.
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

    /// A handshake that may be accepted and may be refused with one of these statuses; either is fine.
    static func either(_ statuses: [Int] = errors) -> Self {
        Self(
            rule: "RFC6455-4.2.1-01",
            behaviour: answered(statuses) + unusable(),
            sendsPing: true
        )
    }

    /// The same for a request that may look unfinished: who waits for the rest of it is told, with why it may.
    func orWaiting(_ why: String, cites rule: String) -> Self {
        var policy = self
        policy.behaviour = behaviour.map { outcome in
            outcome.pattern == .anything ? .informational(.anything, why, cites: rule) : outcome
        }
        return policy
    }

    /// An accepted handshake that works, or a refusal; what else may come is for the caller to grade.
    static func answered(_ statuses: [Int] = errors) -> [Outcome<BehaviourPattern>] {
        [.conforms(works), .conforms(.refused(statuses: statuses))] + otherRefusals(statuses)
    }

    /// A valid handshake that a server may decline with one of these statuses, but not without an answer in HTTP.
    ///
    /// `listed` are other answers; ending the connection without any breaks `rule`. Whoever accepts what it does not
    /// serve may show that in its own way.
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

    /// A handshake about which the text is ambiguous: accepting it is said and never counted, refusing it is fine.
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
    /// The status of a server's own failure is wrong whatever was too large. That another 4xx is given to a target is
    /// tolerated: the server may have measured the head as a whole, for which any 4xx will do (RFC 9110, 5.4). A
    /// connection that is reset may have carried an answer that our own octets still under way have wiped out.
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

    private static let drops = Outcome<BehaviourPattern>.tolerated(
        .unanswered,
        "an invalid handshake should be answered with an HTTP status (RFC 6455, 10.7)",
        cites: "RFC6455-10.7-04"
    )

    /// No answer at all, with the end of the connection or without.
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

    /// What is wrong with an accepted handshake that does not work, and with one that was never answered.
    static func unusable(
        _ why: String = "accepted the handshake and left the Ping behind it unanswered (RFC 6455, 5.5.2)",
        cites rule: String = "RFC6455-5.5.2-02"
    ) -> [Outcome<BehaviourPattern>] {
        [.violates(.accepted, why, cites: rule), noAnswer]
    }
}

extension Scenario {
    /// A scenario about the opening handshake.
    ///
    /// - Parameters:
    ///   - id: the id.
    ///   - title: one line that says what is tried.
    ///   - chapter: the entry of the list of ideas, if it has one.
    ///   - rules: the requirements behind the one that decides.
    ///   - tags: words to select by.
    ///   - request: what is sent.
    ///   - policy: what the peer may do.
    /// - Returns: the scenario, for servers.
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

    /// A scenario about the request of the opening handshake, with the parts of ``handshake(_:_:_:_:tags:sends:_:)``.
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
