import WSProtocol
import WSScenario

/// Violations followed by a Ping, a text and a Close frame in the same write, none of which may be processed.
extension Scenario {
    /// The payload of the Ping after a violation.
    static let probePing = Payload.text("behind the violation")

    /// The code of the Close frame after a violation: a private one, so that an answer to it can be recognised.
    static let probeCode: UInt16 = 4001

    /// Creates the scenario with this one's violation and a probe after it.
    ///
    /// - Parameters:
    ///   - steps: How many steps of the script form the violation; nil for all of them.
    ///   - title: What these steps send; nil for the title of this scenario.
    /// - Returns: The probe, whose id is this scenario's followed by `/probe`.
    func probe(steps: Int? = nil, title: String? = nil) -> Scenario {
        let probe: [Step] = [
            .send(FrameToSend(.ping, Scenario.probePing)),
            .send(FrameToSend(.text, .text("behind the violation"))),
            // It is sent as a plain frame, because the peer should already have failed the connection.
            .send(FrameToSend(.close, .closeBody(Scenario.probeCode))),
        ]
        return Scenario(
            id: id + "/probe",
            title: (title ?? self.title) + ", with a Ping, a text and a Close frame behind it",
            // Our Close frame crosses the peer's.
            requirements: ["RFC6455-7.1.7-05"] + requirements.filter { $0 != "RFC6455-7.1.7-05" }
                + ["RFC6455-5.5.1-15"],
            targets: targets,
            needs: needs,
            tags: [.probe],
            chapter: "CLO-19",
            script: script.prefix(steps ?? script.count) + probe,
            conclusion: .peerFails(lateBarrier: false),
            behaviour: .failsIgnoringTheRest,
            closing: .fails(with: 1002, [.answersProbe], over: requirements.first)
        )
    }
}

extension Outcome<ClosingPattern> {
    /// The peer answered the Close frame of a probe.
    static let answersProbe = Outcome.violates(
        .peerCloses(codes: [Scenario.probeCode]),
        "answered the Close frame behind the violation (RFC 6455, 7.1.7)",
        cites: "RFC6455-7.1.7-05"
    ).because(.wentOnAfterViolation)
}
