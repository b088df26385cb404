import WSProtocol
package import WSScenario

extension Catalogue {
    /// Violations with a Ping, a text and a Close frame behind them in the same write, none of which may be processed.
    package enum Probes {
        /// A reserved bit.
        static let reservedBit = probe(ReservedBits.rsv3Text)
        /// A reserved opcode of a data frame.
        static let reservedDataOpcode = probe(Opcodes.reserved3)
        /// A reserved opcode of a control frame.
        static let reservedControlOpcode = probe(Opcodes.reserved11)
        /// A control frame that is too long.
        static let tooLongPing = probe(Pings.tooLong)
        /// A fragmented control frame, without the continuation behind it.
        static let fragmentedPing = probe(BrokenFragmentation.fragmentedPing, steps: 1, "Ping that is not final")
        /// A start inside a message.
        static let textInsideText = probe(BrokenFragmentation.textInsideText)

        /// A continuation without a message, without the text behind it.
        static let orphan = probe(BrokenFragmentation.finalOrphan()[0], steps: 1, "Continuation without a message")
        /// A Close frame that is not final.
        static let closeNotFinal: Scenario = {
            var scenario = probe(ControlFrames.closeNotFinal)
            scenario.closing = scenario.closing.ofOurClose
            return scenario
        }()

        /// Invalid UTF-8; who looks at text only when the application takes the message may see the Ping, and even the
        /// Close frame, first.
        static let invalidText: Scenario = {
            var scenario = probe(InvalidText.surrogateInText)
            scenario.behaviour.insert(
                .informational(
                    .events([.pong(pingBody)]),
                    "answered a Ping behind invalid text before it failed the connection; RFC 6455, 8.1 sets no moment",
                    cites: "RFC6455-8.1-01"
                ),
                at: 1
            )
            let closesFirst = Outcome<ClosingPattern>.informational(
                .peerCloses(codes: [privateCode]),
                "a Close frame behind invalid text was answered before the text was looked at; RFC 6455, 8.1 sets no "
                    + "moment",
                cites: "RFC6455-8.1-01"
            )
            scenario.closing = .fails(with: 1007, [closesFirst], over: "RFC6455-8.1-01")
            return scenario
        }()

        /// A frame without a mask.
        static let unmasked: Scenario = {
            var scenario = probe(Masking.unmaskedText)
            scenario.closing = .failsUnmasked([answersClose])
            return scenario
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] = [
            reservedBit, reservedDataOpcode, reservedControlOpcode, tooLongPing, fragmentedPing, textInsideText,
            invalidText, unmasked, orphan, closeNotFinal,
        ]

        private static let pingBody = Payload.text("behind the violation")

        /// A private code, so that an answer to this very Close frame is known by it.
        private static let privateCode: UInt16 = 4001

        private static let answersClose = Outcome<ClosingPattern>.violates(
            .peerCloses(codes: [privateCode]),
            "answered the Close frame behind the violation (RFC 6455, 7.1.7)",
            cites: "RFC6455-7.1.7-05"
        )

        /// The first steps of a scenario, all when nil, with the probe behind them; the title is of what they send.
        private static func probe(
            _ base: Scenario,
            steps: Int? = nil,
            _ title: String? = nil
        ) -> Scenario {
            let rest: [Step] = [
                .send(FrameToSend(.ping, pingBody)),
                .send(FrameToSend(.text, .text("behind the violation"))),
                // Raw, because the peer is expected to have failed the connection already.
                .send(FrameToSend(.close, .closeBody(privateCode))),
            ]
            return Scenario(
                id: base.id + "/probe",
                title: (title ?? base.title) + ", with a Ping, a text and a Close frame behind it",
                // Our Close frame crosses the peer's.
                requirements: ["RFC6455-7.1.7-05"] + base.requirements.filter { $0 != "RFC6455-7.1.7-05" }
                    + ["RFC6455-5.5.1-15"],
                targets: base.targets,
                needs: base.needs,
                tags: [.probe],
                chapter: "CLO-19",
                script: base.script.prefix(steps ?? base.script.count) + rest,
                conclusion: .peerFails(lateBarrier: false),
                behaviour: .failsIgnoringTheRest,
                closing: .fails(with: 1002, [answersClose], over: base.requirements.first)
            )
        }
    }
}
