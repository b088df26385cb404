/// What a scenario sends, without the outcomes.
///
/// A recording contains it, because it refers to sent octets by step and frame, and to received octets by the payload
/// that they equal.
package struct Stimulus: Sendable, Hashable {
    /// What has to be agreed on for the script to be played; nil if it is played in any case.
    package var compression: CompressionNeed?
    /// How TLS is spoken; nil if as in every conversation.
    package var security: SecurityToSpeak?
    /// How HTTP/2 is spoken; nil if as in every conversation.
    package var stream: StreamToSpeak?
    /// How the conversation opens.
    package var opening: Opening
    /// The steps, in order.
    package var script: [Step]
    /// How the conversation ends after the script.
    package var conclusion: Conclusion
    /// How many connections play it at once.
    package var connections: Int
    /// Half of the stimulus, if times are compared; else nil.
    package var scalingBaseline: ScalingBaseline?
    /// The payloads that a recording may refer to, by index.
    package var payloads: [Payload]

    /// Creates a stimulus.
    package init(
        compression: CompressionNeed? = nil,
        security: SecurityToSpeak? = nil,
        stream: StreamToSpeak? = nil,
        opening: Opening = .ordinary,
        script: [Step],
        conclusion: Conclusion,
        connections: Int = 1,
        scalingBaseline: ScalingBaseline? = nil,
        payloads: [Payload] = []
    ) {
        self.compression = compression
        self.security = security
        self.stream = stream
        self.opening = opening
        self.script = script
        self.conclusion = conclusion
        self.connections = connections
        self.scalingBaseline = scalingBaseline
        self.payloads = payloads
    }
}

extension Scenario {
    /// The stimulus; its payloads depend on the role under test, because outcomes do.
    package var stimulus: Stimulus {
        Stimulus(
            compression: compression,
            security: security,
            stream: stream,
            opening: opening,
            script: script,
            conclusion: conclusion,
            connections: connections,
            scalingBaseline: scalingBaseline,
            payloads: referencePayloads
        )
    }

    /// The scenario with a recorded stimulus, to be judged by its own outcomes.
    ///
    /// The outcomes apply if the same octets were sent in the same order, at any pace, and if the payloads that the
    /// recording may refer to have the same indices. Payloads that were added later are compared octet by octet.
    ///
    /// - Returns: Nil if the outcomes do not apply.
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
    /// The stimulus without payloads and with a uniform pace; it decides whether outcomes apply.
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
        case .ordinary, .framesWithHandshake, .negotiating: return self
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
        // Where the octets are held back affects what may be answered before; how long does not.
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
            .ignoreClose, .endOutput, .reset, .sendOnConnection, .pingConnection, .echoLoop:
            return self
        }
    }
}
