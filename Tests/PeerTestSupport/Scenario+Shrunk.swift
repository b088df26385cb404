package import WSScenario

extension Payload {
    /// The payload with at most so many octets, when it is a repetition or sample data.
    package func shrunk(to most: Int) -> Payload {
        switch self {
        case .repeating(let unit, let length) where length > most: return .repeating(unit: unit, length: most)
        case .sample(var slice) where slice.length > most:
            // Text stays text.
            slice.length = most / SampleData.grain * SampleData.grain
            return .sample(slice)
        case .octets, .repeating, .sample: return self
        }
    }
}

/// How many frames a run has at most once it is shrunk.
private let mostFramesOfARun = 1_000

extension Scenario {
    /// The scenario with shorter runs and every repeated payload cut to at most so many octets, in what is sent and
    /// what is expected.
    ///
    /// The shapes of the load scenarios stay, the megabytes go; a debug build would take minutes over them.
    package func shrunk(to most: Int = 200_000) -> Scenario {
        // What is compressed by hand keeps its length, inflated, too.
        if compression != nil, echoLoop == nil { return self }
        var scenario = self
        scenario.script = script.map { $0.shrunk(to: most) }
        if case .request(var request) = opening {
            // Requests are delivered octet by octet, too.
            request.padding = request.padding.shrunk(to: min(most, 8_000))
            scenario.opening = .request(request)
        }
        for index in behaviour.indices {
            scenario.behaviour[index].pattern = behaviour[index].pattern.shrunk(to: most)
        }
        scenario.autobahn?.expected = (autobahn?.expected ?? []).map { expectation in
            AutobahnExpectation(expectation.outcome, expectation.events.map { $0.shrunk(to: most) })
        }
        return scenario
    }
}

extension Step {
    fileprivate func shrunk(to most: Int) -> Step {
        switch self {
        case .send(var frame):
            frame.payload = frame.payload.shrunk(to: most)
            return .send(frame)
        case .sendMessage(var message):
            message.payload = message.payload.shrunk(to: most)
            return .sendMessage(message)
        case .echoLoop(var loop):
            loop.payload = loop.payload.shrunk(to: most)
            return .echoLoop(loop)
        case .sendRun(var run):
            if !run.isNumbered { run.frame.payload = run.frame.payload.shrunk(to: min(most, 8_000)) }
            run.count = min(run.count, mostFramesOfARun)
            return .sendRun(run)
        case .startClosingHandshake, .beginFrame, .continueFrame, .barrier, .quiesce, .awaitPong, .awaitClose,
            .sendOctets, .pause, .pauseReading, .ignorePings, .ignoreClose, .endOutput, .reset, .sendOnConnection,
            .pingConnection:
            return self
        }
    }
}

extension ExpectedEvent {
    fileprivate func shrunk(to most: Int) -> ExpectedEvent {
        switch self {
        case .message(let opcode, let payload): .message(opcode, payload.shrunk(to: most))
        case .echoes(let opcode, let payload): .echoes(opcode, payload.shrunk(to: most))
        case .numberedPongs(let count): .numberedPongs(min(count, mostFramesOfARun))
        case .pong, .stillOpen: self
        }
    }
}

extension BehaviourPattern {
    fileprivate func shrunk(to most: Int) -> BehaviourPattern {
        switch self {
        case .events(let events): .events(events.map { $0.shrunk(to: most) })
        case .pongsAhead(let events): .pongsAhead(events.map { $0.shrunk(to: most) })
        case .anyOrder(let events): .anyOrder(events.map { $0.shrunk(to: most) })
        case .someOf(let events): .someOf(events.map { $0.shrunk(to: most) })
        case .withoutEarlierPongs(let events, let inOrder):
            .withoutEarlierPongs(events.map { $0.shrunk(to: most) }, inOrder: inOrder)
        case .anything, .refused, .refusedAndClosed, .unanswered, .notHTTP, .unsecured, .accepted, .declinedByClose,
            .failsHandshake, .neverConnects, .agreesToCompression, .resetsStream, .endsConnection:
            self
        }
    }
}
