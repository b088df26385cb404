package import WSProtocol

/// The echoes that a scenario needs from the peer's application.
extension Scenario {
    /// The types of the messages that the application has to echo; empty if none is needed.
    package var neededEchoes: Set<Opcode> {
        guard needs == .echo else { return [] }
        let due = expectedEvents.compactMap { event -> Opcode? in
            switch event {
            case .message(let opcode, _), .echoes(let opcode, _): opcode
            case .pong, .numberedPongs, .stillOpen: nil
            }
        }
        return Set(due.isEmpty ? sentMessages.map(\.opcode).filter { $0 != .continuation } : due)
    }

    /// The largest message whose echo the scenario expects, in a form that can be sent again alone.
    ///
    /// If it expects no echo, the largest message that it sends; nil if it sends none.
    package var largestMessage: MessageShape? {
        let due = expectedEvents.compactMap { event -> MessageShape? in
            switch event {
            case .message(let opcode, let payload), .echoes(let opcode, let payload):
                MessageShape(opcode: opcode, payload: payload, frames: mostFrames)
            case .pong, .numberedPongs, .stillOpen: nil
            }
        }
        let all = due.isEmpty && !expectedEvents.isEmpty ? sentMessages : due
        return all.max { $0.payload.count < $1.payload.count }
    }

    /// The message that a Close frame behind `count` echoes refuses.
    ///
    /// That is the one whose echo is due next. If all have come, it is the one that the script does not send to its
    /// end, because its first fragments can exceed a limit; if there is none, the largest. Nil if the scenario sends
    /// none.
    package func refusedMessage(behind count: Int) -> MessageShape? {
        let due = expectedEvents.compactMap { event -> MessageShape? in
            guard case .message(let opcode, let payload) = event else { return nil }
            return MessageShape(opcode: opcode, payload: payload, frames: mostFrames)
        }
        if due.indices.contains(count) { return due[count] }
        return joinedMessages.last { !$0.isWhole } ?? largestMessage
    }

    /// The messages that the script sends frame by frame, each with all fragments that it sends of it.
    private var joinedMessages: [MessageShape] {
        var messages: [MessageShape] = []
        for case .send(let frame) in script where !frame.opcode.isControl {
            if frame.opcode != .continuation {
                messages.append(
                    MessageShape(opcode: frame.opcode, payload: frame.payload, frames: 1, isWhole: frame.fin)
                )
            } else if var message = messages.popLast() {
                message.payload = .octets(message.payload.octets + frame.payload.octets)
                message.frames += 1
                message.isWhole = frame.fin
                messages.append(message)
            }
        }
        return messages
    }

    /// Whether the script sends messages, even in part.
    package var sendsMessages: Bool { !sentMessages.isEmpty }

    /// Whether the script may send a message; arbitrary octets may contain one, too.
    package var maySendMessages: Bool {
        sendsMessages || script.contains { if case .sendOctets = $0 { true } else { false } }
    }

    /// The messages that the script begins, with the payload that their step contains.
    private var sentMessages: [MessageShape] {
        script.compactMap { step in
            switch step {
            case .send(let frame) where !frame.opcode.isControl:
                MessageShape(opcode: frame.opcode, payload: frame.payload, frames: mostFrames)
            case .sendRun(let run) where !run.frame.opcode.isControl:
                MessageShape(opcode: run.frame.opcode, payload: run.frame.payload, frames: mostFrames)
            case .sendMessage(let message):
                MessageShape(opcode: message.opcode, payload: message.payload, frames: mostFrames)
            case .echoLoop(let loop): MessageShape(opcode: loop.opcode, payload: loop.payload, frames: 1)
            case .beginFrame(_, let opcode, _) where !opcode.isControl:
                MessageShape(opcode: opcode, payload: .empty, frames: mostFrames)
            default: nil
            }
        }
    }

    /// The largest number of frames of a message in the script.
    private var mostFrames: Int {
        var most = 1
        var open = 0
        func take(_ count: Int, _ opcode: Opcode, fin: Bool) {
            guard !opcode.isControl else { return }
            open += count
            most = max(most, open)
            if fin { open = 0 }
        }
        for step in script {
            switch step {
            case .send(let frame): take(1, frame.opcode, fin: frame.fin)
            case .sendRun(let run): take(run.frame.fin ? 1 : run.count, run.frame.opcode, fin: run.frame.fin)
            case .sendMessage(let message): most = max(most, message.frameCount)
            case .beginFrame(let fin, let opcode, _): take(1, opcode, fin: fin)
            default: break
            }
        }
        return most
    }
}

/// The type, the payload and the number of frames of a message.
package struct MessageShape: Sendable, Hashable {
    /// Text or binary; a broken script may have another opcode.
    package var opcode: Opcode
    /// The whole message.
    package var payload: Payload
    /// The number of frames.
    package var frames: Int
    /// Whether it is sent to its end, so that its echo shows that it was taken.
    package var isWhole: Bool

    /// Creates a shape.
    package init(opcode: Opcode, payload: Payload, frames: Int, isWhole: Bool = true) {
        self.opcode = opcode
        self.payload = payload
        self.frames = frames
        self.isWhole = isWhole
    }
}
