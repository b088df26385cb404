/// What a scenario does to its peer, without a word on what may come back.
///
/// A recording keeps it, because the octets that were sent are named in it by step and frame, and received ones by the
/// payload that they equal.
package struct Stimulus: Sendable, Hashable {
    /// What goes out with the opening handshake.
    package var opening: Opening
    /// What is sent, in order.
    package var script: [Step]
    /// How the conversation is brought to its end after the script.
    package var conclusion: Conclusion
    /// How many connections play it at once.
    package var connections: Int
    /// The same at half its size, where the time of both is compared.
    package var scalingBaseline: ScalingBaseline?
    /// The payloads that a recording may refer to, in the order of their numbers.
    package var payloads: [Payload]

    /// Describes a stimulus.
    package init(
        opening: Opening = .ordinary,
        script: [Step],
        conclusion: Conclusion,
        connections: Int = 1,
        scalingBaseline: ScalingBaseline? = nil,
        payloads: [Payload] = []
    ) {
        self.opening = opening
        self.script = script
        self.conclusion = conclusion
        self.connections = connections
        self.scalingBaseline = scalingBaseline
        self.payloads = payloads
    }
}

extension Scenario {
    /// What it does to its peer; the side under test decides which outcomes, and with them which payloads, it has.
    package var stimulus: Stimulus {
        Stimulus(
            opening: opening,
            script: script,
            conclusion: conclusion,
            connections: connections,
            scalingBaseline: scalingBaseline,
            payloads: referencePayloads
        )
    }

    /// The scenario with a stimulus that was recorded, to be judged by its own outcomes.
    ///
    /// They apply where the same octets were sent in the same order, whatever their pace, and where the payloads that
    /// the recording may refer to still have their numbers; payloads that came later are compared octet by octet.
    ///
    /// - Returns: nil where the outcomes do not apply.
    package func played(as recorded: Stimulus) -> Scenario? {
        let own = stimulus
        guard own.payloads.starts(with: recorded.payloads), own.withoutPace == recorded.withoutPace else { return nil }
        var scenario = self
        scenario.opening = recorded.opening
        scenario.script = recorded.script
        return scenario
    }
}

extension Stimulus {
    /// The stimulus without payloads to refer to, and with one pace for all: what decides whether outcomes apply.
    fileprivate var withoutPace: Stimulus {
        var stimulus = self
        stimulus.opening = opening.withoutPace
        stimulus.script = script.map(\.withoutPace)
        stimulus.payloads = []
        return stimulus
    }
}

extension Opening {
    fileprivate var withoutPace: Opening {
        switch self {
        case .ordinary, .framesWithHandshake: return self
        case .request(var request):
            request.pacing = request.pacing.withoutPace
            request.ending = request.ending?.withoutPace
            return .request(request)
        case .response(var response):
            response.pacing = response.pacing.withoutPace
            response.ending = response.ending?.withoutPace
            return .response(response)
        }
    }
}

extension RequestToSend.Pacing {
    fileprivate var withoutPace: Self {
        switch self {
        case .whole, .pieces: .whole
        // Where the octets are held back decides what may be answered before; for how long does not.
        case .holdingBack(let last, _): .holdingBack(last: last, milliseconds: 0)
        case .awaitingContinue: self
        }
    }
}

extension RequestToSend.Ending {
    fileprivate var withoutPace: Self {
        switch self {
        case .endOutput: .endOutput(afterMilliseconds: 0)
        case .reset: .reset(afterMilliseconds: 0)
        }
    }
}

extension Step {
    fileprivate var withoutPace: Step {
        switch self {
        case .send(var frame):
            frame.pacing = .together
            return .send(frame)
        case .sendRun(var run):
            run.frame.pacing = .together
            return .sendRun(run)
        case .startClosingHandshake(let body, _): return .startClosingHandshake(body: body)
        case .barrier(let tag, _): return .barrier(tag: tag, pings: 0)
        case .pause: return .pause(milliseconds: 0)
        case .pauseReading: return .pauseReading(milliseconds: 0)
        case .sendMessage, .beginFrame, .continueFrame, .quiesce, .awaitPong, .awaitClose, .sendOctets, .ignorePings,
            .ignoreClose, .endOutput, .reset, .echoLoop:
            return self
        }
    }
}
