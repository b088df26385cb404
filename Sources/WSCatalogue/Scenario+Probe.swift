import WSProtocol
import WSScenario

/// Violations with a Ping, a text and a Close frame behind them in the same write, none of which may be processed.
extension Scenario {
    /// The body of the Ping behind a violation.
    static let probePing = Payload.text("behind the violation")

    /// The code of the Close frame behind a violation: a private one, so that an answer to this very frame shows.
    static let probeCode: UInt16 = 4001

    /// The violation of this scenario with the probe behind it.
    ///
    /// - Parameters:
    ///   - steps: how many steps of the script make up the violation; all of them when nil.
    ///   - title: what these steps send; the title of this scenario when nil.
    /// - Returns: the probe, whose id is that of this scenario and `/probe`.
    func probe(steps: Int? = nil, title: String? = nil) -> Scenario {
        let probe: [Step] = [
            .send(FrameToSend(.ping, Scenario.probePing)),
            .send(FrameToSend(.text, .text("behind the violation"))),
            // Raw, because the peer is expected to have failed the connection already.
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
    )
}
