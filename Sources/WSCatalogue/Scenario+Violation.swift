import WSProtocol
import WSScenario

extension Scenario {
    /// Frames that break a rule, over which the peer has to fail the connection without an answer to any of them.
    ///
    /// - Parameters:
    ///   - id: the id.
    ///   - title: one line that says what is tried.
    ///   - rule: the requirement that the frames break.
    ///   - others: requirements that they break besides.
    ///   - frames: what is sent, in one write.
    ///   - chapter: the entry of the list of ideas, if it has one.
    ///   - closing: how the connection may end.
    /// - Returns: the scenario, for both sides.
    static func violation(
        _ id: String,
        _ title: String,
        _ rule: String,
        and others: [String] = [],
        _ frames: [FrameToSend],
        chapter: String? = nil,
        closing: [Outcome<ClosingPattern>] = .fails(with: 1002)
    ) -> Scenario {
        Scenario(
            id: id,
            title: title,
            requirements: .failing(rule) + others,
            needs: .nothing,
            chapter: chapter,
            script: frames.map { .send($0) },
            conclusion: .peerFails(lateBarrier: true),
            behaviour: .failsIgnoringTheRest,
            closing: closing
        )
    }
}
