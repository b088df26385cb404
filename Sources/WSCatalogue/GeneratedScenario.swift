package import WSProtocol
package import WSScenario

/// What a receiver has to make of generated frames, as a model of RFC 6455 says.
package enum GeneratedFate: Sendable, Hashable {
    /// Nothing is wrong, and every frame is complete.
    case complete
    /// A complete frame breaks these rules, so that the connection has to be failed, best with one of these codes.
    case fails(Set<ViolationRule>, codes: Set<UInt16>)
    /// The last frame is a valid Close frame with this code; nil for none.
    case closes(code: UInt16?)
    /// The last frame is incomplete, and nothing but the end of the connection follows.
    case unfinished
    /// No text says what becomes of it, so that only the survival of the target counts.
    case open(isInsideFrame: Bool)
}

/// Generated scenarios, with the outcomes that written ones have.
///
/// A generated conversation can have several right outcomes. Where the texts leave one open, it is allowed here, so
/// that a correct peer is never accused.
extension Scenario {
    /// Creates a scenario of generated frames.
    ///
    /// - Parameters:
    ///   - id: The id.
    ///   - title: One line that says what is sent.
    ///   - script: The steps that send the frames.
    ///   - events: What an echo endpoint answers to what comes before a violation, a Close frame or the end.
    ///   - fate: What has to become of the connection.
    ///   - isCompressed: Whether permessage-deflate is negotiated, and the frames need it.
    /// - Returns: The scenario, for both roles.
    package static func generated(
        _ id: String,
        _ title: String,
        script: [Step],
        answers events: [ExpectedEvent],
        fate: GeneratedFate,
        isCompressed: Bool
    ) -> Scenario {
        var scenario = Scenario(
            id: id,
            title: title,
            requirements: [],
            needs: events.contains(where: \.isMessage) ? .echo : .nothing,
            purpose: .robustness,
            compression: isCompressed ? CompressionNeed() : nil,
            opening: isCompressed ? .negotiating(CompressionOpening()) : .ordinary,
            script: script,
            conclusion: .closeWhenComplete,
            behaviour: .survives,
            closing: .anyEnd
        )
        switch fate {
        case .complete:
            scenario.requirements = answering(events, script, isCompressed)
            scenario.behaviour = .answersWithPongs(events)
            scenario.closing = .answersNormalClose
        case .fails(let rules, let codes):
            // A wrong echo of what came before the violation has nothing to do with that.
            scenario.requirements = failing(rules) + (events.contains(where: \.isMessage) ? ["RFC6455-6.2-01"] : [])
            scenario.conclusion = .peerFails(lateBarrier: true)
            // An empty Pong may be a heartbeat, and does not count where the peer has to fail the connection.
            scenario.behaviour = .fails(after: events.filter { $0 != .pong(.empty) })
            scenario.closing = .failsGenerated(with: codes, over: rules)
        case .closes(let code):
            scenario.requirements = ["RFC6455-5.5.1-07", "RFC6455-6.2-01", "RFC6455-5.5.1-10"]
            scenario.conclusion = .awaitEnd
            scenario.behaviour = .mayAnswerBeforeClose(events)
            scenario.closing = .answersClose(with: Array(Set([code ?? CloseCode.noStatus, 1000, 1005])).sorted())
        case .unfinished:
            scenario.requirements = ["RFC6455-6.2-01", "RFC6455-7.2.1-02"]
            scenario.script.append(.endOutput)
            scenario.conclusion = .awaitEnd
            scenario.behaviour = .mayAnswerBeforeEnd(events)
            // The frame may be a Close frame, whose answer the end is then.
            scenario.closing = .endsAfterFIN + [Outcome<ClosingPattern>].endsAfterFIN.answeringOurClose
        case .open(let isInsideFrame):
            scenario.requirements = ["RFC6455-10.7-01"]
            guard isInsideFrame else { break }
            scenario.script.append(.endOutput)
            scenario.conclusion = .awaitEnd
        }
        return scenario
    }

    /// The requirements that answers to valid frames meet, the decisive one first.
    private static func answering(_ events: [ExpectedEvent], _ script: [Step], _ isCompressed: Bool) -> [String] {
        let hasPong = events.contains { if case .pong = $0 { true } else { false } }
        let isFragmented = script.contains { if case .send(let frame) = $0 { !frame.fin } else { false } }
        let inside = hasControlInside(script) ? ["RFC6455-5.4-08"] : []
        let ofMessages =
            !events.contains(where: \.isMessage)
            ? [] : isCompressed ? ["RFC6455-6.2-01", "RFC7692-6.2-01"] : ["RFC6455-6.2-01"]
        return inside + ofMessages + (hasPong ? ["RFC6455-5.5.2-02", "RFC6455-5.5.3-01"] : [])
            + (isFragmented ? ["RFC6455-5.4-03", "RFC6455-5.4-10"] : []) + ["RFC6455-5.5.1-07"]
    }

    /// Whether a control frame stands between two fragments.
    private static func hasControlInside(_ script: [Step]) -> Bool {
        var isOpen = false
        for case .send(let frame) in script {
            if frame.opcode.isControl, isOpen { return true }
            if !frame.opcode.isControl { isOpen = !frame.fin }
        }
        return false
    }

    /// The requirements on what breaks these rules, that of the first rule before the others.
    private static func failing(_ rules: Set<ViolationRule>) -> [String] {
        let broken = ViolationRule.allCases.filter(rules.contains).map { rule in
            // That incoming data is validated says nothing of the kind of violation.
            rule.requirementOfReceivers == "RFC6455-10.7-01" ? rule.requirement : rule.requirementOfReceivers
        }
        var all: [String] = .failing(broken.first ?? "RFC6455-7.1.7-02")
        for id in broken where !all.contains(id) { all.append(id) }
        return all
    }
}

extension ExpectedEvent {
    fileprivate var isMessage: Bool { if case .message = self { true } else { false } }
}

extension [Outcome<BehaviourPattern>] {
    /// The peer answers what came before our Close frame, as far as it still does.
    ///
    /// An application that answers after its protocol layer has answered the Close frame cannot send any more.
    fileprivate static func mayAnswerBeforeClose(_ events: [ExpectedEvent]) -> Self {
        answersWithPongs(events) + [
            .informational(
                .someOf(events),
                "answered Close before it had answered all that came before; an endpoint may delay its Close frame for a "
                    + "message and need not (RFC 6455, 5.5.1)",
                cites: "RFC6455-5.5.1-10"
            ).because(.failedBeforeAnswering),
            .violates(
                .anything,
                "sent something else than an answer to what came before Close (RFC 6455, 6.2)",
                cites: "RFC6455-6.2-01"
            ).because(.sentSomethingElse),
        ]
    }

    /// The peer answers what was complete before the connection ended, as far as it still does.
    fileprivate static func mayAnswerBeforeEnd(_ events: [ExpectedEvent]) -> Self {
        [.conforms(.events(events)), .conforms(.someOf(events))]
            + deliversNothing("a frame that was not complete").suffix(1)
    }
}

extension [Outcome<ClosingPattern>] {
    /// The peer fails the connection over these rules, before our own Close frame or instead of an answer to it.
    fileprivate static func failsGenerated(with codes: Set<UInt16>, over rules: Set<ViolationRule>) -> Self {
        let others = codes.sorted()
        let best = others.first ?? CloseCode.protocolError
        // 5.1 and 5.2 let the peer end the connection over a wrong mask without a Close frame.
        let ofMask: Self =
            rules.isDisjoint(with: [.unmaskedClientFrame, .maskedServerFrame]) ? [] : [.conforms(.peerDrops)]
        let outcomes = fails(with: best, [.conforms(.peerCloses(codes: others))] + ofMask)
        return outcomes + outcomes.answeringOurClose
    }
}
