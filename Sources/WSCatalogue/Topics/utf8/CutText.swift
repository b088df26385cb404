import WSProtocol
package import WSScenario

extension Catalogue {
    /// Valid text that is cut inside letters, or that a peer may be tempted to change; binary data that is not UTF-8.
    package enum CutText {
        /// A letter of each length, cut at each place by a frame, by a segment, and by a frame with a Ping between.
        static func cuts() -> [Scenario] {
            ["é", "€", "😀"].flatMap { letter in
                let octets = Array(letter.utf8)
                return (1..<octets.count).flatMap { place in cuts(octets, at: place) }
            }
        }

        /// A byte order mark, which is a code point like any other.
        static let byteOrderMark = echoed("byte-order-mark-first", "Text that begins with U+FEFF", "\u{FEFF}text")

        /// The same letters in two forms, which are equal after normalisation.
        static let combiningMarks = echoed(
            "combining-marks",
            "Text with letters both composed and decomposed",
            "e\u{301} \u{E9} \u{1100}\u{1161} \u{AC00} \u{212B} A\u{30A}"
        )

        /// Much text of the longest form.
        static let mebibyte: Scenario = {
            let payload = Payload.repeating("😀", length: 1_048_576)
            return echoing(
                "utf8/1-mebibyte-of-4-octets",
                "Text of 1 MiB in which every letter has four octets",
                [.send(FrameToSend(.text, payload))],
                [.message(.text, payload)],
                chapter: "UTF-05"
            )
        }()

        /// A Ping that is not UTF-8, inside a text that is.
        static let notTextInPing: Scenario = {
            let body = Payload.octets([0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80])
            return echoing(
                "utf8/invalid-in-ping-inside-text",
                "Text in two fragments cut inside a letter, and between them a Ping that is not UTF-8",
                [
                    .send(FrameToSend(.text, .octets([0xE2, 0x82]), fin: false)),
                    .send(FrameToSend(.ping, body)),
                    .send(FrameToSend(.continuation, .octets([0xAC]))),
                ],
                [.pong(body), .message(.text, .text("€"))],
                chapter: "UTF-08"
            )
        }()

        /// A binary message that is not UTF-8, in fragments.
        static let notTextInBinary = echoing(
            "utf8/invalid-in-fragmented-binary",
            "Binary message in two fragments that is not UTF-8",
            [
                .send(FrameToSend(.binary, .octets([0xFF, 0xC0, 0xE2]), fin: false)),
                .send(FrameToSend(.continuation, .octets([0x80, 0xED, 0xA0, 0x80]))),
            ],
            [.message(.binary, .octets([0xFF, 0xC0, 0xE2, 0x80, 0xED, 0xA0, 0x80]))],
            chapter: "UTF-08"
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            cuts() + [byteOrderMark, combiningMarks, mebibyte, notTextInPing, notTextInBinary]

        private static func cuts(_ letter: [UInt8], at place: Int) -> [Scenario] {
            let text = Array("before ".utf8) + letter + Array(" after".utf8)
            let cut = 7 + place
            let (first, second) = (Array(text[..<cut]), Array(text[cut...]))
            let message = ExpectedEvent.message(.text, .octets(text))
            let id = "utf8/cut/\(letter.count)-octets-at-\(place)"
            let title = "Letter of \(letter.count) octets cut behind octet \(place) by"
            let start = Step.send(FrameToSend(.text, .octets(first), fin: false))
            let end = Step.send(FrameToSend(.continuation, .octets(second)))
            // The header of a masked frame of this length has six octets.
            var segments = echoing(
                id + "/segments",
                "\(title) the end of a segment",
                [.send(FrameToSend(.text, .octets(text), pacing: .split(at: 6 + cut)))],
                [message],
                chapter: "UTF-02"
            )
            segments.targets = [.server]
            return [
                segments,
                echoing(id + "/frames", "\(title) the end of a frame", [start, end], [message], chapter: "UTF-02"),
                echoing(
                    id + "/ping",
                    "\(title) the end of a frame, with a Ping between",
                    [start, .send(FrameToSend(.ping, .text("between"))), end],
                    [.pong(.text("between")), message],
                    chapter: "UTF-02"
                ),
            ]
        }

        private static func echoed(_ slug: String, _ title: String, _ text: String) -> Scenario {
            let payload = Payload.octets(Array(text.utf8))
            return echoing(
                "utf8/\(slug)",
                title,
                [.send(FrameToSend(.text, payload))],
                [.message(.text, payload)],
                chapter: "UTF-05"
            )
        }

        private static func echoing(
            _ id: String,
            _ title: String,
            _ script: [Step],
            _ events: [ExpectedEvent],
            chapter: String
        ) -> Scenario {
            Scenario(
                id: id,
                title: title,
                requirements: [
                    "RFC6455-5.4-10", "RFC6455-8.1-04", "RFC6455-5.6-02", "RFC6455-5.6-03", "RFC6455-6.2-01",
                ],
                needs: .echo,
                chapter: chapter,
                script: script,
                conclusion: .closeWhenComplete,
                behaviour: events.count == 1 ? .answers(events) : .answersWithPongs(events),
                closing: .answersNormalClose
            )
        }
    }
}
