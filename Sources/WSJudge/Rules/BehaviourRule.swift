import WSKernels
import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// Compares what the peer did with the outcomes that the scenario lists.
    ///
    /// 1. The first listed outcome that matches gives its grade.
    /// 2. Anything that is not listed is a failure. That includes silence and surplus messages.
    /// 3. If the scenario sends its own request, the answer to it is compared. A server that says it is too busy gives
    ///    no information about the protocol.
    /// 4. If the scenario answers a client in its own way, the client's reaction is compared. If the client neither
    ///    sends anything nor ends the connection, the case cannot be judged.
    /// 5. In a load scenario, expected events that came after the deadline are late, and no requirement has a time
    ///    limit for them. In other scenarios they count as missing, because our giving up may have caused them.
    /// 6. If a Pong is missing and one with other octets came, the finding names the wrong Pong.
    /// 7. If the conversation took too long while the peer made progress, what is missing may only be late.
    static let behaviourRule = Rule(
        name: "behaviour",
        requirements: ["RFC6455-7.1.7-05", "RFC6455-5.5.3-01"],
        clientRequirements: ["RFC6455-7.1.7-05", "RFC6455-7.1.7-03", "RFC6455-5.5.3-01", "RFC7692-5.1-01"]
    ) { subject in
        if let reaction = subject.reaction { return Judge.reaction(reaction, of: subject) }
        if let findings = Judge.streamReaction(of: subject) { return findings }
        guard subject.isOpened else { return subject.opensOnItsOwn || subject.isUnsecured ? answer(subject) : [] }
        let counted = subject.counted
        let events = counted.map(\.event)
        for outcome in subject.scenario.behaviour {
            let progress = subject.comparison.progress(
                of: events,
                towards: outcome.pattern,
                script: subject.scenario.script
            )
            guard progress == .complete else { continue }
            guard outcome.grade != .conforms else { return [] }
            if outcome.grade == .violates, let wrong = wrongPong(subject) { return [wrong] }
            let isVerdictOfSilence = outcome.grade == .tolerated && outcome.pattern == .anything
            if outcome.grade == .violates || isVerdictOfSilence,
                let late = late(subject, counted) ?? subject.tookTooLong(after: counted)
            {
                return [late]
            }
            if outcome.grade == .violates, outcome.pattern == .anything,
                let early = subject.wrongAnswerBeforeViolation(counted)
            {
                return [early]
            }
            let key = subject.key(of: outcome, counted)
            return [
                Finding(
                    rule: "behaviour",
                    axis: .behaviour,
                    verdict: outcome.grade.verdict,
                    requirement: outcome.requirement ?? subject.requirement,
                    reason: outcome.grade == .violates ? subject.sentence(outcome.reason, counted) : outcome.reason,
                    evidence: subject.evidence(of: counted.map(\.index)),
                    key: key,
                    violated: subject.violated(by: key)
                )
            ]
        }
        return [late(subject, counted) ?? subject.tookTooLong(after: counted) ?? unlisted(subject, counted)]
    }

    /// The finding that a load was answered completely but late; nil if it was not late, or is still incomplete.
    private static func late(_ subject: Case, _ counted: [Case.Counted]) -> Finding? {
        let isLoad = subject.scenario.isLoad || subject.scenario.tags.contains(.robustness)
        guard isLoad, !subject.mustFail else { return nil }
        let patiently = subject.countedPatiently
        guard patiently.count > counted.count else { return nil }
        let events = patiently.map(\.event)
        let isWhole = subject.scenario.behaviour.contains { outcome in
            guard outcome.grade == .conforms, outcome.pattern.events?.isEmpty == false else { return false }
            let script = subject.scenario.script
            return subject.comparison.progress(of: events, towards: outcome.pattern, script: script) == .complete
        }
        guard isWhole else { return nil }
        let rest = patiently[counted.count...].map(\.index)
        return Finding(
            rule: "behaviour",
            axis: .behaviour,
            verdict: .tolerated,
            requirement: subject.requirement,
            reason: "answered all that was sent, but so late that nobody waited any more; no rule sets a time",
            evidence: subject.evidence(of: Array(rest)),
            key: .answeredLate
        )
    }

    /// The findings from a server's answer to a scenario's own request.
    private static func answer(_ subject: Case) -> [Finding] {
        guard subject.wasConnected || subject.isUnsecured else { return [] }
        let evidence = [Evidence(.received, offset: 0, length: subject.timeline.receivedCount)]
        for outcome in subject.scenario.behaviour where outcome.pattern.fits(subject.answer) {
            guard outcome.grade != .conforms else { return [] }
            let isBusy = outcome.grade == .violates && subject.saysItIsBusy
            return [
                Finding(
                    rule: "behaviour",
                    axis: .behaviour,
                    verdict: isBusy ? .inconclusive : outcome.grade.verdict,
                    requirement: outcome.requirement ?? subject.requirement,
                    reason: "\(subject.answer.sentence): \(outcome.reason)",
                    evidence: evidence,
                    key: isBusy ? .busy : outcome.key ?? subject.answer.key(in: subject)
                )
            ]
        }
        return [
            Finding(
                rule: "behaviour",
                axis: .behaviour,
                verdict: .fail,
                requirement: subject.requirement,
                reason: subject.answer.sentence,
                evidence: evidence,
                key: subject.answer.key(in: subject)
            )
        ]
    }

    /// The findings from a client's reaction to a scenario's own answer.
    private static func reaction(_ reaction: ClientReaction, of subject: Case) -> [Finding] {
        let outcome = subject.scenario.behaviour.first { $0.pattern.fits(reaction) }
        if case .closed = reaction, outcome?.grade == .conforms { return closedUnopened(reaction, subject) }
        if outcome?.grade == .conforms { return [] }
        // The rule about requests reports that no client connected.
        if reaction == .neverConnected, outcome == nil { return [] }
        let isUnseen = reaction == .silent && outcome.map { $0.grade == .violates } ?? true
        let reason =
            isUnseen
            ? ", so nothing shows what it made of our answer"
            : outcome.map { $0.reason.isEmpty ? "" : ": \($0.reason)" } ?? ""
        return [
            Finding(
                rule: "behaviour",
                axis: .behaviour,
                verdict: isUnseen ? .inconclusive : outcome?.grade.verdict ?? .fail,
                requirement: outcome?.requirement ?? subject.requirement,
                reason: reaction.sentence + reason,
                evidence: subject.timeline.isOnStream
                    ? [] : [Evidence(.sent, offset: 0, length: UInt64(subject.timeline.answer.count))],
                key: isUnseen ? .reactionUnseen : outcome?.key ?? reaction.key
            )
        ]
    }

    /// The finding that a client refused our answer with a Close frame (RFC 6455, 7.1.7).
    ///
    /// A Close frame with an error code belongs to an open connection, but no keyword forbids it here. A client that
    /// reads octets behind a refused answer as frames does the same.
    private static func closedUnopened(_ reaction: ClientReaction, _ subject: Case) -> [Finding] {
        if subject.scenario.requirements.contains("RFC7692-5.1-01"), case .closed(let code) = reaction {
            return code == CloseCode.mandatoryExtension ? [] : [closedWithAnotherCode(reaction, subject)]
        }
        return [
            Finding(
                rule: "behaviour",
                axis: .behaviour,
                verdict: .tolerated,
                requirement: "RFC6455-7.1.7-03",
                reason: "\(reaction.sentence): a Close frame is for connections that have come about (RFC 6455, 7.1.7)",
                evidence: subject.closingEvidence,
                key: .closedUnopened
            )
        ]
    }

    /// The finding that a client that cannot go on with agreed parameters did not say so by its Close frame.
    private static func closedWithAnotherCode(_ reaction: ClientReaction, _ subject: Case) -> Finding {
        Finding(
            rule: "behaviour",
            axis: .behaviour,
            verdict: .tolerated,
            requirement: "RFC7692-5.1-01",
            reason: "\(reaction.sentence): a client that cannot go on with the agreed parameters closes with 1010 "
                + "(RFC 7692, 5.1)",
            evidence: subject.closingEvidence,
            key: .closeCodeOther
        )
    }

    /// The finding that a Pong has other octets than its Ping; nil if there is none.
    private static func wrongPong(_ subject: Case) -> Finding? {
        guard !subject.mustFail, let wrong = subject.wrongPong else { return nil }
        return Finding(
            rule: "behaviour",
            axis: .behaviour,
            verdict: .fail,
            requirement: "RFC6455-5.5.3-01",
            reason: wrong.sentence,
            evidence: subject.evidence(of: [wrong.index]),
            key: .pongPayloadWrong
        )
    }

    private static func unlisted(_ subject: Case, _ counted: [Case.Counted]) -> Finding {
        if let wrong = wrongPong(subject) { return wrong }
        let extra = subject.firstUnexpected(counted)
        let described = extra.map { subject.describe($0.event) }
        let reason: String
        let requirement: String
        let key = subject.observedKey(counted)
        let unexpectedEvidence = extra.map { subject.evidence(of: [$0.index]) }
        if subject.mustFail, let described {
            reason = "went on after a violation that has to fail the connection: sent \(described)"
            requirement = "RFC6455-7.1.7-05"
        } else if let described {
            reason = "sent \(described) where \(subject.expectation(after: counted)) was due"
            requirement = subject.requirementOfEcho(after: counted)
        } else {
            reason = "\(subject.expectation(after: counted)) did not come\(subject.silence)"
            requirement = subject.requirementOfEcho(after: counted)
        }
        return Finding(
            rule: "behaviour",
            axis: .behaviour,
            verdict: .fail,
            requirement: requirement,
            reason: reason,
            evidence: unexpectedEvidence ?? subject.stimulusEvidence,
            key: key,
            violated: subject.violated(by: key)
        )
    }
}

extension Case {
    /// The listed reason, preceded by the unexpected event that the peer sent.
    func sentence(_ reason: String, _ counted: [Counted]) -> String {
        guard let extra = firstUnexpected(counted) else { return reason }
        return "sent \(describe(extra.event)): \(reason)"
    }

    /// The finding that a valid message got a wrong echo, which says nothing about the violation after it.
    func wrongAnswerBeforeViolation(_ counted: [Counted]) -> Finding? {
        let expected = expectedOrder(counted)
        guard mustFail || scenario.conclusion == .awaitEnd, let extra = firstUnexpected(counted),
            let place = counted.firstIndex(where: { $0.index == extra.index }), place < expected.count,
            case .message = expected[place], case .message = extra.event
        else { return nil }
        let rule = scenario.requirements.first { ["RFC6455-6.2-01", "RFC6455-6.2-04"].contains($0) }
        return Finding(
            rule: "behaviour",
            axis: .behaviour,
            verdict: .fail,
            requirement: rule ?? requirement,
            reason: "sent \(describe(extra.event)) where \(expectation(after: counted)) was due",
            evidence: evidence(of: [extra.index]),
            key: .echoWrong
        )
    }

    /// The payload of a Pong in quotes, for a reason; empty if the payload is.
    private func excerpt(_ octets: [UInt8]) -> String {
        octets.isEmpty ? "" : ", \(WireLog.quoted(octets))"
    }

    /// The first event that is not what was expected at its place.
    func firstUnexpected(_ counted: [Counted]) -> Counted? {
        let expected = expectedOrder(counted)
        if let loop = scenario.echoLoop, expected.contains(where: { if case .echoes = $0 { true } else { false } }) {
            return counted.enumerated().first { index, item in
                index >= loop.count(at: effort)
                    || !comparison.isEqual(item.event, .message(loop.opcode, loop.payload(ofMessage: index)))
            }?.element
        }
        for (position, item) in counted.enumerated() {
            guard position < expected.count, comparison.isEqual(item.event, expected[position]) else {
                // An unforeseen wait is no act of the peer; what the peer did after it says more.
                return counted[position...].first { if case .stillOpen = $0.event { false } else { true } } ?? item
            }
        }
        return nil
    }

    /// The next expected event; nil if all have come.
    func dueEvent(after counted: [Counted]) -> ExpectedEvent? {
        let expected = expectedOrder(counted)
        if case .echoes = expected.first {
            let wrong = firstUnexpected(counted).flatMap { extra in counted.firstIndex { $0.index == extra.index } }
            return wrong ?? counted.count < scenario.echoLoop?.count(at: effort) ?? .max ? expected.first : nil
        }
        let position = counted.enumerated().first { place, item in
            place >= expected.count || !comparison.isEqual(item.event, expected[place])
        }?.offset
        let place = position ?? counted.count
        return expected.indices.contains(place) ? expected[place] : nil
    }

    /// The next expected event, for a reason.
    func expectation(after counted: [Counted]) -> String {
        let expected = expectedOrder(counted)
        if case .echoes(let opcode, let payload) = dueEvent(after: counted) {
            let wrong = firstUnexpected(counted)?.index
            let place = counted.firstIndex { $0.index == wrong } ?? counted.count
            return "echo \(place + 1) of the \(opcode.name) message of \(OctetCount.text(payload.count))"
        }
        guard let due = dueEvent(after: counted) else { return "nothing" }
        switch due {
        case .message(let opcode, let payload), .echoes(let opcode, let payload):
            // Among several messages, what a short one says is easier to find than its length.
            let isOneOfMany = payload.count <= 60 && expected.count(where: \.isMessage) > 1
            let name = isOneOfMany ? excerpt(payload.octets) : ""
            return "the echo of the \(opcode.name) message of \(OctetCount.text(payload.count))\(name)"
        case .pong(let payload):
            return "the Pong of the Ping with \(OctetCount.text(payload.count))\(excerpt(payload.octets))"
        case .numberedPongs(let count):
            return "the Pongs of \(count) Pings"
        case .stillOpen:
            return "an open connection"
        }
    }

    /// What ended the wait, for a reason.
    var silence: String {
        if hasWaitedInVain { return " in time" }
        if let code = timeline.peerClose.map({ $0.code.map(String.init) ?? "no code" }) {
            return ": the peer sent Close with \(code) instead\(denial)"
        }
        if isEndedByPeer { return ": the peer ended \(connection) instead" }
        return " in time"
    }

    /// What ended the wait: a Close frame, the end of TCP, or nothing but our patience.
    var interruption: Interruption {
        if hasWaitedInVain { return .none }
        if timeline.peerClose != nil { return .close }
        return isEndedByPeer ? .end : .none
    }

    /// What a peer did instead of answering.
    enum Interruption: Sendable {
        /// It sent a Close frame.
        case close
        /// It ended TCP.
        case end
        /// Nothing.
        case none
    }

    /// Whether the wait timed out before the peer ended the conversation.
    private var hasWaitedInVain: Bool {
        let deadline = timeline.firstIndex { if case .mark(.gaveUp(.deadline)) = $0 { true } else { false } }
        guard let deadline else { return false }
        return timeline.peerCloseIndex.map { deadline < $0 } ?? true
    }

    /// Describes an event in words.
    func describe(_ event: ObservedEvent) -> String {
        switch event {
        case .message(let opcode, let length, let payload):
            let isCompared = scenario.messageType != nil && payload == nil
            let isOfTurn = payload != nil && scenario.echoLoop?.turn != nil
            let same = isCompared ? " that is not what was sent" : isOfTurn ? " that was sent at another place" : ""
            return "a \(opcode.name) message of \(OctetCount.text(length))\(same)"
        case .pong(let octets): return "a Pong of \(OctetCount.text(octets.count))\(excerpt(octets))"
        case .stillOpen: return "nothing at all"
        }
    }

    /// The octets of these timeline entries.
    func evidence(of indices: [Int]) -> [Evidence] {
        indices.suffix(4).compactMap { timeline.entries[$0].evidence }
    }
}

extension ExpectedEvent {
    fileprivate var isMessage: Bool { if case .message = self { true } else { false } }
}
