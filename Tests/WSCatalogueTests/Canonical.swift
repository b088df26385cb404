import WSScenario

/// Brings values that send or expect the same octets into the same form.
extension Payload {
    /// Octets where they are few, the repeated unit where they are many.
    var canonical: Payload { count <= 4096 ? .octets(octets) : self }
}

extension Step {
    /// The step with canonical payloads.
    var canonical: Step {
        switch self {
        case .send(var frame):
            frame.payload = frame.payload.canonical
            return .send(frame)
        case .sendMessage(var message):
            message.payload = message.payload.canonical
            return .sendMessage(message)
        case .startClosingHandshake(let body, let pacing):
            return .startClosingHandshake(body: body.canonical, pacing: pacing)
        case .continueFrame(let payload): return .continueFrame(payload.canonical)
        case .awaitPong(let payload): return .awaitPong(payload.canonical)
        case .echoLoop(var loop):
            loop.payload = loop.payload.canonical
            return .echoLoop(loop)
        case .beginFrame, .barrier, .quiesce, .awaitClose, .sendRun, .sendOctets, .pause, .pauseReading, .ignorePings,
            .ignoreClose, .endOutput, .reset, .sendOnConnection, .pingConnection:
            return self
        }
    }
}

extension ExpectedEvent {
    /// The event with a canonical payload.
    var canonical: ExpectedEvent {
        switch self {
        case .message(let opcode, let payload): .message(opcode, payload.canonical)
        case .pong(let payload): .pong(payload.canonical)
        case .echoes(let opcode, let payload): .echoes(opcode, payload.canonical)
        case .numberedPongs, .stillOpen: self
        }
    }
}

extension AutobahnCase {
    /// The case with canonical payloads.
    var canonical: AutobahnCase {
        var result = self
        result.expected = expected.map { AutobahnExpectation($0.outcome, $0.events.map(\.canonical)) }
        return result
    }
}
