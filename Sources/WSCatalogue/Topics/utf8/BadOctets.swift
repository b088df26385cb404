import WSProtocol
package import WSScenario

extension Catalogue {
    /// Text with one fault: at each place that a fast validator may treat on its own, and of each kind, noticed early.
    package enum BadOctets {
        /// An octet that UTF-8 does not have, at the borders of the blocks in which validators work.
        static func places() -> [Scenario] {
            let places = [
                0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 23, 24, 31, 32, 33, 47, 48, 49, 63, 64, 65, 79, 80, 95, 96, 111,
                112,
                127, 128, 129, 130,
            ]
            return places.map { place in
                var octets = [UInt8](repeating: UInt8(ascii: "a"), count: 140)
                octets[place] = 0xFF
                return Scenario(
                    id: "utf8/bad-octet-at/\(place)",
                    title: "ASCII text of 140 octets with FF at place \(place)",
                    requirements: .failingText,
                    needs: .nothing,
                    chapter: "UTF-01",
                    script: [.send(FrameToSend(.text, .octets(octets)))],
                    conclusion: .peerFails(lateBarrier: true),
                    behaviour: .fails,
                    closing: .fails(with: 1007)
                )
            }
        }

        /// A letter cut in two by the end of a message; the octets that it lacks begin the next one.
        static let acrossMessages = Scenario(
            id: "utf8/letter-across-messages",
            title: "Text that ends inside a letter, and another that begins with the rest of it",
            requirements: .failingText + ["RFC6455-5.6-01"],
            needs: .nothing,
            chapter: "UTF-03",
            script: [
                .send(FrameToSend(.text, .octets([0xE2, 0x82]))), .send(FrameToSend(.text, .octets([0xAC]))),
            ],
            conclusion: .peerFails(lateBarrier: true),
            behaviour: .failsIgnoringTheRest,
            closing: .fails(with: 1007)
        )

        /// Each kind of fault in a fragment that is not the last.
        static func inFragments() -> [Scenario] {
            faults.map { slug, name, octets in
                early(
                    "fragment-\(slug)",
                    "Text whose first of two fragments has \(name)",
                    [
                        .send(FrameToSend(.text, .octets(Array("valid ".utf8) + octets), fin: false)),
                        // Some peers close on the next turn of their event loop only, hence two round trips.
                        .barrier(tag: "A", pings: 2),
                        .send(FrameToSend(.continuation, .text("end"))),
                    ]
                )
            }
        }

        /// Each kind of fault in a frame that is not complete.
        static func inUnfinishedFrames() -> [Scenario] {
            faults.map { slug, name, octets in
                let start = Array("valid ".utf8) + octets
                return early(
                    "frame-\(slug)",
                    "Text frame of which a piece with \(name) comes first, then the rest",
                    [
                        .beginFrame(fin: true, opcode: .text, length: start.count + 3),
                        .continueFrame(.octets(start)),
                        .quiesce(tag: "A"),
                        .continueFrame(.text("end")),
                    ]
                )
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = places() + [acrossMessages] + inFragments() + inUnfinishedFrames()

        /// One fault of each kind (RFC 3629, 3 and 4), behind which no text can become valid.
        private static let faults: [(slug: String, name: String, octets: [UInt8])] = [
            ("lone-continuation", "a lone continuation octet", [0x80]),
            ("overlong-2", "an overlong form of two octets", [0xC0, 0xAF]),
            ("overlong-3", "an overlong form of three octets", [0xE0, 0x80, 0xAF]),
            ("surrogate", "a surrogate", [0xED, 0xA0, 0x80]),
            ("beyond-unicode", "a number beyond U+10FFFF", [0xF4, 0x90, 0x80, 0x80]),
            ("five-octets", "a form of five octets", [0xF8, 0x88, 0x80, 0x80, 0x80]),
            ("ff", "the octet FF", [0xFF]),
            ("cut-short", "a letter cut short", [0xE2, 0x82, 0x41]),
        ]

        private static func early(_ slug: String, _ title: String, _ script: [Step]) -> Scenario {
            Scenario(
                id: "utf8/fail-fast/\(slug)",
                title: title,
                requirements: .failingText,
                needs: .nothing,
                chapter: "UTF-04",
                script: script,
                conclusion: .peerFails(lateBarrier: false),
                behaviour: .failsFast(before: "A"),
                closing: .fails(with: 1007)
            )
        }
    }
}
