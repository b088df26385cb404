import WSCatalogue
import WSFuzzing
package import WSProtocol
package import WSScenario

extension FuzzConversation {
    /// What the role under test can do, on which the outcomes of a conversation depend.
    package struct Peer: Sendable, Hashable {
        /// The role under test.
        package var role: Role
        /// The types of the messages that the application echoes.
        package var echoes: Set<Opcode>
        /// The transport of the connections; not every conversation means something on each.
        package var transport: Transport

        /// Creates a description.
        package init(role: Role = .server, echoes: Set<Opcode> = [.text, .binary], transport: Transport = .tcp) {
            self.role = role
            self.echoes = echoes
            self.transport = transport
        }
    }

    /// The scenario that plays the conversation, with the outcomes that a model of RFC 6455 gives; nil if it has none.
    ///
    /// - Parameters:
    ///   - id: The id of the scenario.
    ///   - peer: What is under test.
    /// - Returns: Nil if the connection would have to be ended in a way that the transport does not have, and for an
    ///   unusual handshake whose case is not in the catalogue.
    package func scenario(_ id: String, for peer: Peer) -> Scenario? {
        guard let scenario = handshake.map({ $0.scenario(id) }) ?? framesScenario(id, for: peer) else { return nil }
        return scenario.transports.contains(peer.transport) ? scenario : nil
    }

    private func framesScenario(_ id: String, for peer: Peer) -> Scenario {
        var kept = self
        kept.bound()
        let reading = kept.reading(for: peer)
        kept.frames.removeSubrange(reading.frames...)
        return .generated(
            id,
            kept.title(reading.fate),
            script: kept.script(reading.fate, sentBy: peer.role.opposite),
            answers: reading.events,
            fate: reading.fate,
            isCompressed: isCompressed
        )
    }

    /// What a receiver makes of the frames, and how many of them are worth sending.
    struct Reading: Sendable, Hashable {
        var events: [ExpectedEvent]
        var fate: GeneratedFate
        var frames: Int
    }

    /// Reads the frames with a model of RFC 6455 in both ways in which it may check text.
    func reading(for peer: Peer) -> Reading {
        let (octets, ends) = stream(sentBy: peer.role.opposite)
        let early = outcome(of: octets, .atOnce, peer)
        let late = outcome(of: octets, .atEndOfMessage, peer)
        let isInsideFrame = isIncomplete(octets)
        let all = Reading(events: [], fate: .open(isInsideFrame: isInsideFrame), frames: frames.count)
        let events = events(of: late)
        let hasEcho = events.allSatisfy { event in
            if case .message(let opcode, _) = event { peer.echoes.contains(opcode) } else { true }
        }
        guard hasEcho, early.leftOpenAt == nil, late.leftOpenAt == nil, hasOnlyBindingRefusals(early),
            hasOnlyBindingRefusals(late)
        else { return all }
        switch (early.failure, late.failure) {
        case (nil, nil): break
        case (let first?, let last?):
            // A frame that is not complete need not be looked at.
            guard last.frameEnd <= octets.count, first.frameEnd <= octets.count else { return unfinished(events) }
            let count = (ends.firstIndex { $0 >= last.frameEnd } ?? ends.count - 1) + 1
            let codes = (early.refusals + late.refusals).map(\.failure.codes)
            let rules = first.rules.union(last.rules)
            return Reading(
                events: events,
                fate: .fails(rules, codes: codes.reduce(first.codes.union(last.codes)) { $0.union($1) }),
                frames: min(frames.count, rules.isDisjoint(with: Self.ofContent) ? framesBehind(count) : count)
            )
        // The text is wrong already, and its message is not complete.
        case (_?, nil), (nil, _?): return all
        }
        if let closed = late.closedAt {
            guard let index = ends.firstIndex(of: closed), frames[index].opcode == .close, frames[index].isExact else {
                return all
            }
            let body = frames[index].payload.octets
            let code = body.count < 2 ? nil : UInt16(body[0]) << 8 | UInt16(body[1])
            return Reading(events: events, fate: .closes(code: code), frames: index + 1)
        }
        return isInsideFrame ? unfinished(events) : Reading(events: events, fate: .complete, frames: frames.count)
    }

    /// What may show only when the application takes the message, so that a Ping behind it may be answered before.
    ///
    /// RFC 6455, 8.1 sets no moment for looking at text.
    private static let ofContent: Set<ViolationRule> = [.invalidUTF8, .truncatedUTF8, .invalidDeflate]

    private func unfinished(_ events: [ExpectedEvent]) -> Reading {
        Reading(events: events, fate: .unfinished, frames: frames.count)
    }

    private func outcome(of octets: [UInt8], _ check: TextCheck, _ peer: Peer) -> ReferenceModel.Outcome {
        var settings = ReferenceModel.Settings(sender: peer.role.opposite, textCheck: check)
        // These bind the sender alone, or are younger than many receivers.
        settings.open = [.nonMinimalLength, .lengthTopBit, .closeCodeUndefined]
        if isCompressed { settings.compression = SenderCompression(windowBits: 8, keepsContext: false) }
        return ReferenceModel.outcome(of: octets, settings)
    }

    /// Whether a receiver can refuse the frames only over what it has to fail the connection for later.
    private func hasOnlyBindingRefusals(_ outcome: ReferenceModel.Outcome) -> Bool {
        outcome.refusals.allSatisfy { refusal in
            outcome.failure.map { refusal.failure.rules.isSubset(of: $0.rules) } ?? false
        }
    }

    private func events(of outcome: ReferenceModel.Outcome) -> [ExpectedEvent] {
        outcome.events.compactMap { event in
            switch event {
            case .message(let opcode, let payload): .message(opcode, .octets(payload))
            case .control(.ping, let payload): .pong(.octets(payload))
            case .control, .close, .frame: nil
            }
        }
    }

    private func isIncomplete(_ octets: [UInt8]) -> Bool {
        let (frames, rest) = WireFrame.read(octets)
        return !rest.isEmpty || frames.last.map { UInt64($0.payload.count) < $0.declaredLength } ?? false
    }

    /// How many frames go out if a violation is complete with so many: a few behind it show whether the peer goes on.
    private func framesBehind(_ count: Int) -> Int {
        var end = count
        // A Close frame could be answered instead of the violation.
        while end < min(frames.count, count + 2), frames[end].opcode != .close { end += 1 }
        return end
    }

    private func script(_ fate: GeneratedFate, sentBy sender: Role) -> [Step] {
        frames.enumerated().map { index, frame in
            if case .closes = fate, index == frames.count - 1, frame.isWellFormedClose(sentBy: sender) {
                return .startClosingHandshake(body: frame.payload, pacing: frame.pacing)
            }
            return .send(frame)
        }
    }

    private func title(_ fate: GeneratedFate) -> String {
        let what = frames.count == 1 ? "1 generated frame" : "\(frames.count) generated frames"
        let compressed = isCompressed ? ", permessage-deflate agreed" : ""
        return "\(what)\(compressed): \(fate.words)"
    }
}

extension GeneratedFate {
    fileprivate var words: String {
        switch self {
        case .complete: "nothing is wrong with them"
        case .fails(let rules, _):
            ViolationRule.allCases.filter(rules.contains).map(\.summary).joined(separator: "; ")
        case .closes(let code?): "the last one is Close with \(code)"
        case .closes(nil): "the last one is Close without a code"
        case .unfinished: "the last one is not complete"
        case .open: "no text says what becomes of them"
        }
    }
}
