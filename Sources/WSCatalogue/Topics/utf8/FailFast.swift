import WSProtocol
package import WSScenario

extension Catalogue {
    /// Text messages that turn invalid half-way, with a pause to see when the peer notices.
    package enum FailFast {
        /// Three fragments, cut between code points.
        static let framesBetween = inFrames("between-code-points", cut: 0, autobahn: "6.4.1")

        /// Three fragments, cut inside the invalid sequence.
        static let framesInside = inFrames("inside-code-point", cut: 1, autobahn: "6.4.2")

        /// Three pieces of one frame, cut between code points.
        static let piecesBetween = inPieces("between-code-points", cut: 0, autobahn: "6.4.3")

        /// Three pieces of one frame, cut inside the invalid sequence.
        static let piecesInside = inPieces("inside-code-point", cut: 1, autobahn: "6.4.4")

        /// Every scenario of this file.
        package static let all: [Scenario] = [framesBetween, framesInside, piecesBetween, piecesInside]

        // The second letter is U+1F79, written as an escape because editors like to normalise it to U+03CC.
        private static let valid = Array("\u{3BA}\u{1F79}\u{3C3}\u{3BC}\u{3B5}".utf8)
        /// The first number behind the last code point.
        private static let invalid = utf8Pattern(0x11_0000, length: 4)
        private static let rest = Array("edited".utf8)

        /// The three parts: all valid so far, then beyond repair, then the rest.
        ///
        /// With a `cut` above zero the first part ends that far inside the sequence, where it may still become valid,
        /// and the second has only the octet that decides.
        private static func parts(cut: Int) -> [Payload] {
            let decisive = cut == 0 ? invalid.count : cut + 1
            return [
                .octets(valid + invalid[..<cut]),
                .octets(Array(invalid[cut..<decisive])),
                .octets(invalid[decisive...] + rest),
            ]
        }

        private static func inFrames(_ slug: String, cut: Int, autobahn number: String) -> Scenario {
            let parts = parts(cut: cut)
            return scenario(
                "frames-\(slug)",
                "Text of three fragments that turns invalid in the second, cut \(phrase(cut))",
                [
                    .send(FrameToSend(.text, parts[0], fin: false)),
                    .barrier(tag: "A", pings: 1),
                    .send(FrameToSend(.continuation, parts[1], fin: false)),
                    // Some peers close on the next turn of their event loop only, hence two round trips.
                    .barrier(tag: "B", pings: 2),
                    .send(FrameToSend(.continuation, parts[2])),
                ],
                autobahn: number
            )
        }

        private static func inPieces(_ slug: String, cut: Int, autobahn number: String) -> Scenario {
            let parts = parts(cut: cut)
            return scenario(
                "pieces-\(slug)",
                "Text frame in three pieces that turns invalid in the second, cut \(phrase(cut))",
                [
                    .beginFrame(fin: false, opcode: .text, length: parts.reduce(0) { $0 + $1.count }),
                    .continueFrame(parts[0]),
                    .quiesce(tag: "A"),
                    .continueFrame(parts[1]),
                    .quiesce(tag: "B"),
                    .continueFrame(parts[2]),
                    .send(FrameToSend(.continuation)),
                ],
                autobahn: number
            )
        }

        private static func phrase(_ cut: Int) -> String {
            cut == 0 ? "between code points" : "inside the sequence"
        }

        private static func scenario(
            _ slug: String,
            _ title: String,
            _ script: [Step],
            autobahn number: String
        ) -> Scenario {
            let atOnce: [ExpectedEvent] = [.stillOpen(tag: "A")]
            let late: [ExpectedEvent] = [.stillOpen(tag: "A"), .stillOpen(tag: "B")]
            return Scenario(
                id: "utf8/fail-fast/\(slug)",
                title: title,
                requirements: .failingText + ["RFC6455-5.6-02", "RFC6455-5.4-10"],
                needs: .nothing,
                autobahn: .invalidText(
                    number,
                    [AutobahnExpectation("OK", atOnce), AutobahnExpectation("NON-STRICT", late)],
                    killAfter: 3000
                ),
                script: script,
                conclusion: .peerFails(lateBarrier: false),
                behaviour: [
                    .conforms(.events(atOnce)),
                    .informational(
                        .events(late),
                        "failed the connection only after the whole message; RFC 6455, 8.1 sets no moment",
                        cites: "RFC6455-8.1-01"
                    ).because(.failedLate),
                    .violates(
                        .events([]),
                        "failed the connection while the message could still become valid (RFC 6455, 5.6)",
                        cites: "RFC6455-5.4-10"
                    ).because(.failedTooEarly),
                    .violates(
                        .anything,
                        "answered a message whose text is not valid UTF-8 (RFC 6455, 8.1)",
                        cites: "RFC6455-8.1-01"
                    ),
                ],
                closing: .fails(with: 1007)
            )
        }
    }
}
