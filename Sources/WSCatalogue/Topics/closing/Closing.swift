import WSProtocol
package import WSScenario

extension Catalogue {
    /// Our Close frame by itself: its body, its form, and the pieces that it may come in.
    package enum Closing {
        /// A Close frame without a body.
        static let emptyBody = Scenario.startsClosing(
            "empty-body",
            "Close frame without a body",
            .answeringClose("RFC6455-7.4-01", "RFC6455-7.1.5-01", "RFC6455-5.5.1-12"),
            [.startClosingHandshake(body: .empty)],
            autobahn: .closed("7.3.1", codes: [1000]),
            chapter: "CLO-06"
        )

        /// A body of one octet cannot hold a code.
        static let oneBytePayload = malformed(
            "one-byte-payload",
            "Close frame with a body of one octet",
            "RFC6455-5.5.1-02",
            .text("a"),
            autobahn: "7.3.2"
        )

        /// A body of one octet, behind the header in a segment of its own.
        static let oneBytePayloadSplit = malformed(
            "one-byte-payload-split",
            "Close frame with a body of one octet, cut behind the two octets of its header",
            "RFC6455-5.5.1-02",
            .text("a"),
            // From a client, the second segment has the masking key and the body.
            pacing: .split(at: 2)
        )

        /// A code alone.
        static let codeAlone = Scenario.startsClosing(
            "code-alone",
            "Close 1000 without a reason",
            .answeringClose("RFC6455-5.5.1-01"),
            [normalClose],
            autobahn: .closed("7.3.3", codes: [1000])
        )

        /// A code and a reason.
        static let codeAndReason = Scenario.startsClosing(
            "code-and-reason",
            "Close 1000 with a reason",
            .answeringClose("RFC6455-5.5.1-03", "RFC6455-7.1.6-01"),
            [.startClosingHandshake(body: .closeBody(1000, reason: Array("Hello World!".utf8)))],
            autobahn: .closed("7.3.4", codes: [1000])
        )

        /// The longest reason that fits.
        static let longestReason = Scenario.startsClosing(
            "reason-of-123-octets",
            "Close 1000 with a reason of 123 octets, the most that fit",
            .answeringClose("RFC6455-5.5.1-03", "RFC6455-7.1.6-01"),
            [.startClosingHandshake(body: .closeBody(1000, reason: stars(123)))],
            autobahn: .closed("7.3.5", codes: [1000])
        )

        /// A reason of one octet more, which makes the control frame too long.
        static let tooLongReason = malformed(
            "reason-of-124-octets",
            "Close 1000 with a reason of 124 octets, one too many",
            "RFC6455-5.5-01",
            .closeBody(1000, reason: stars(124)),
            autobahn: "7.3.6"
        )

        /// A reason that is not UTF-8.
        static let invalidReason = Scenario(
            id: "closing/invalid-utf8-reason",
            title: "Close 1000 with a reason that is not UTF-8",
            requirements: ["RFC6455-5.5.1-07", "RFC6455-8.1-02", "RFC6455-7.1.6-01", "RFC6455-7.1.7-03"],
            needs: .nothing,
            autobahn: .closed("7.5.1", codes: [1002, 1007], isClean: false),
            script: [
                .startClosingHandshake(
                    body: .closeBody(
                        1000,
                        reason: Array("\u{3BA}\u{1F79}\u{3C3}\u{3BC}\u{3B5}".utf8) + utf8Octets(0xD800)
                            + Array("edited".utf8)
                    )
                )
            ],
            conclusion: .awaitEnd,
            behaviour: .silence,
            closing: .answersInvalidReason
        )

        /// A Close frame an octet at a time.
        static let octetWise = Scenario.startsClosing(
            "octet-wise",
            "Close 1000 with a reason, written one octet at a time",
            .answeringClose("RFC6455-6.2-01", "RFC6455-7.1.1-01"),
            [.startClosingHandshake(body: reasonInPieces, pacing: .pieces(1))],
            chapter: "CLO-10"
        )

        /// A Close frame cut at each place that a reader may wait at.
        static func cut() -> [Scenario] {
            let places = [(1, "inside the header"), (2, "behind the header"), (7, "inside the code")]
            return places.map { place, name in
                Scenario.startsClosing(
                    "cut-at-\(place)",
                    "Close 1000 with a reason, cut into two segments \(name)",
                    .answeringClose("RFC6455-6.2-01", "RFC6455-7.1.1-01"),
                    [.startClosingHandshake(body: reasonInPieces, pacing: .split(at: place))],
                    chapter: "CLO-10"
                )
            }
        }

        /// A Close frame that is not final.
        static let notFinal = Scenario.violation(
            "closing/not-final",
            "Close 1000 without FIN",
            "RFC6455-5.5-02",
            [FrameToSend(.close, .closeBody(1000), fin: false)],
            chapter: "CTL-01",
            closing: .failsOverMalformedClose()
        )

        /// A Close frame that is too long, its length in the longest form.
        static let tooLong = Scenario.violation(
            "closing/126-octets-in-64-bit",
            "Close 1000 with a body of 126 octets, one too many, its length in 64 bits",
            "RFC6455-5.5-01",
            [
                FrameToSend(
                    .close,
                    .closeBody(1000, reason: Array(repeating: UInt8(ascii: "*"), count: 124)),
                    lengthEncoding: .bits64
                )
            ],
            chapter: "CTL-01",
            closing: .failsOverMalformedClose()
        )

        /// The Close frame without FIN and a probe behind it, whose own Close frame is the second one.
        static let notFinalProbe: Scenario = {
            var scenario = notFinal.probe()
            scenario.closing = scenario.closing.ofOurClose
            return scenario
        }()

        /// Every scenario of this file.
        package static let all: [Scenario] =
            [
                emptyBody, oneBytePayload, oneBytePayloadSplit, codeAlone, codeAndReason, longestReason, tooLongReason,
                invalidReason, octetWise, notFinal, notFinalProbe, tooLong,
            ] + cut()

        private static let normalClose = Step.startClosingHandshake(body: .closeBody(1000))

        private static func stars(_ count: Int) -> [UInt8] {
            Array(repeating: UInt8(ascii: "*"), count: count)
        }

        private static func malformed(
            _ slug: String,
            _ title: String,
            _ rule: String,
            _ body: Payload,
            pacing: WritePacing = .together,
            autobahn number: String? = nil
        ) -> Scenario {
            .startsClosing(
                slug,
                title,
                .failing(rule),
                [.startClosingHandshake(body: body, pacing: pacing)],
                autobahn: number.map { .closed($0, codes: [1002], isClean: false) },
                closing: .failsOverMalformedClose()
            )
        }

        private static let reasonInPieces = Payload.closeBody(1000, reason: Array("in pieces".utf8))
    }
}
