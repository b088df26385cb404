import WSProtocol
package import WSScenario

extension Catalogue {
    /// The scenarios that show before and after a run that the target works, and what its limit is.
    ///
    /// They cannot be selected.
    package enum Controls {
        /// A text message comes back, and the closing handshake works.
        package static let echo = Scenario(
            id: "control/echo",
            title: "A text message comes back",
            requirements: ["RFC6455-6.1-05"],
            needs: .echo,
            script: [.send(FrameToSend(.text, .text("control")))],
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.events([.message(.text, .text("control"))]))],
            closing: [.conforms(.peerReplies(codes: nil))]
        )

        /// A Ping is answered, and the closing handshake works.
        package static let ping = Scenario(
            id: "control/ping",
            title: "A Ping is answered",
            requirements: ["RFC6455-5.5.2-02"],
            needs: .nothing,
            script: [.send(FrameToSend(.ping, .text("control")))],
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.events([.pong(.text("control"))]))],
            closing: [.conforms(.peerReplies(codes: nil))]
        )

        /// A text of this many octets comes back, which shows whether the peer accepts it.
        static func text(length: Int, isCompressed: Bool) -> Scenario {
            let text = SizedText(length: length, ending: .match)
            var sweep = LimitSweep(quickTrials: 1, fullTrials: 1, trial: 0)
            sweep.limit = length
            return Scenario(
                id: "control/limit-\(length)",
                title: "A text of \(length) octets comes back",
                requirements: [],
                needs: .echo,
                phase: .load,
                compression: isCompressed ? CompressionNeed() : nil,
                limitSweep: sweep,
                opening: isCompressed ? .negotiating(CompressionOpening()) : .ordinary,
                script: isCompressed ? text.steps(isFragmented: false) : [.send(FrameToSend(.text, text.content))],
                conclusion: .closeWhenComplete,
                behaviour: [.conforms(.events([text.echo]))],
                closing: [.conforms(.anything)]
            )
        }
    }
}
