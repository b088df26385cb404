package import WSLink
import WSProtocol
import WSScenario
package import WSTranscript

/// The connection of HTTP/2 on whose stream the conversation is.
extension ConversationMachine {
    package var carrierWish: LinkCarrierWish {
        var wish = LinkCarrierWish.usual
        guard let stream = scenario.stream else { return wish }
        wish.settings = stream.settings.map { ($0.identifier, $0.value) }
        wish.givesCredit = stream.givesCredit
        wish.afterwards = stream.afterwards
        wish.asksAfterwards = true
        guard settings.role == .client else { return wish }
        var other = scenario
        // The recorded conversation alone decides about the connection.
        other.stream = nil
        wish.companions = (0..<stream.companions).map { _ in
            var companion = ConversationMachine(scenario: other, settings: settings)
            companion.recordsCarrier = false
            return companion
        }
        if stream.exceedsLimit {
            let (companion, settings) = (other, settings)
            wish.atLimit = (
                StreamToSpeak.mostStreams,
                {
                    var machine = ConversationMachine(scenario: companion, settings: settings)
                    machine.recordsCarrier = false
                    return machine
                }
            )
        }
        return wish
    }

    package mutating func linkCarrier(_ event: LinkCarrierEvent, at now: LinkInstant) {
        guard recordsCarrier else { return }
        switch event {
        case .sent(let parts): recorder.carrier(parts.map { CarrierPart($0) }, isSent: true, at: now.nanoseconds)
        case .received(let parts): recorder.carrier(parts.map { CarrierPart($0) }, isSent: false, at: now.nanoseconds)
        case .settled(let most): facts.mostStreams = most
        case .stream(let id): recorder.carrierStream(id)
        case .left: break
        case .ended(let end): recorder.carrierEnded(TranscriptEnd(end), at: now.nanoseconds)
        }
    }

    package mutating func linkCarrierAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        guard case .carrier = wait else { return }
        lastActivity = now
        wait = nil
        actions.append(.cancelTimer(Timer.wait))
        advanceScript(now, &actions)
    }

    /// How a link ended, for a scenario about HTTP/2: where the server ends the connection, it was reached before.
    func asSeen(_ end: LinkEnd) -> LinkEnd {
        guard scenario.stream != nil, stage != .dialling, case .notConnected = end else { return end }
        return .truncated
    }

    /// Sends PING on the connection; without an answer the script goes on after a while.
    mutating func pingCarrier(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        flush(&actions)
        stepIndex += 1
        wait = .carrier
        actions.append(.pingCarrier)
        if !settings.asksNothing { actions.append(.setTimer(Timer.wait, at: now + Pacing.autobahnWait)) }
    }
}

extension CarrierPart {
    /// Takes over a part of what a link tells of its connection.
    package init(_ part: LinkCarrierPart) {
        switch part {
        case .octets(let octets): self = .octets(octets)
        case .data(let count): self = .data(count)
        }
    }
}

extension TranscriptEnd {
    /// Takes over how a link ended.
    init(_ end: LinkEnd) {
        switch end {
        case .notConnected(let reason): self = .notConnected(reason)
        case .notSecured(let reason): self = .notSecured(reason)
        case .finished: self = .finished
        case .truncated: self = .truncated
        case .reset: self = .reset
        case .closedHere: self = .closedHere
        }
    }
}
