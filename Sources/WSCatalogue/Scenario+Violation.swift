import WSProtocol
import WSScenario

extension Scenario {
    /// Creates a scenario of frames over which the peer has to fail the connection without an answer.
    ///
    /// - Parameters:
    ///   - id: The id.
    ///   - title: One line that says what is tried.
    ///   - rule: The requirement that the frames violate.
    ///   - others: Further requirements that they violate.
    ///   - frames: The frames, sent in one write.
    ///   - chapter: The entry in the list of ideas; nil for none.
    ///   - closing: How the connection may end.
    /// - Returns: The scenario, for both roles.
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
