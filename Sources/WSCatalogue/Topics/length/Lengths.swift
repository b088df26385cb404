import WSKernels
import WSProtocol
package import WSScenario

extension Catalogue {
    /// Lengths of every size and in every form, lengths that are not kept, and headers that are cut short.
    package enum Lengths {
        /// Every length of a short message, in one stream.
        static func everyLength() -> [Scenario] {
            [Opcode.text, .binary].map { opcode in
                messages(
                    "every-length-\(opcode.name)",
                    "A \(opcode.name) message of each length from 0 to 300",
                    opcode,
                    0...300
                )
            }
        }

        /// Every length around the border of the longest form.
        static func aroundTheBorder() -> [Scenario] {
            [Opcode.text, .binary].map { opcode in
                messages(
                    "around-65536-\(opcode.name)",
                    "A \(opcode.name) message of each length from 65530 to 65540",
                    opcode,
                    65_530...65_540
                )
            }
        }

        /// Lengths around both borders, the header an octet at a time.
        static func headerOctetWise() -> [Scenario] {
            [Opcode.text, .binary].map { opcode in
                messages(
                    "header-octet-wise-\(opcode.name)",
                    "Messages of \(opcode.name) around the borders of the length, headers an octet at a time",
                    opcode,
                    [0, 1, 124, 125, 126, 127, 128, 255, 256, 65_535, 65_536],
                    pacing: .firstOctets(14)
                )
            }
        }

        /// A length in a longer form than it needs.
        static func nonMinimal(_ encoding: PayloadLengthEncoding, bits: Int, lengths: [Int]) -> [Scenario] {
            lengths.map { length in
                let frame = FrameToSend(.text, .repeating("*", length: length), lengthEncoding: encoding)
                return Scenario(
                    id: "length/non-minimal-\(bits)-bit-for-\(length)",
                    title: "Text message of \(OctetCount.text(length)) whose length is written in \(bits) bits",
                    requirements: ["RFC6455-5.2-11", "RFC6455-5.2-10", "RFC6455-10.7-01", "RFC6455-7.4.1-13"],
                    needs: .nothing,
                    tags: [.ambiguous],
                    chapter: "LEN-01",
                    script: [.send(frame)],
                    conclusion: .peerFails(lateBarrier: true),
                    behaviour: .mayRefuseNonMinimalLength,
                    closing: .mayRefuseNonMinimalLength
                )
            }
        }

        /// Control frames whose length is in a longer form than it needs; what a receiver does with them has no rule.
        static func nonMinimalControl() -> [Scenario] {
            let frames: [(name: String, opcode: Opcode, payload: Payload)] = [
                ("ping", .ping, .text("Hello")), ("close", .close, .closeBody(1000)),
            ]
            let forms: [(bits: Int, encoding: PayloadLengthEncoding)] = [(16, .bits16), (64, .bits64)]
            return frames.flatMap { name, opcode, payload in
                forms.map { bits, encoding in
                    Scenario(
                        id: "length/non-minimal-\(bits)-bit-\(name)",
                        title:
                            "\(name == "ping" ? "Ping" : "Close") of \(payload.count) octets whose length is written "
                            + "in \(bits) bits",
                        requirements: ["RFC6455-5.2-11", "RFC6455-5.5-01", "RFC6455-10.7-01", "RFC6455-7.4.1-13"],
                        needs: .nothing,
                        tags: [.ambiguous],
                        chapter: "LEN-02",
                        script: [.send(FrameToSend(opcode, payload, lengthEncoding: encoding))],
                        conclusion: .peerFails(lateBarrier: true),
                        behaviour: .mayRefuseNonMinimalLength,
                        closing: opcode == .close
                            ? .mayRefuseNonMinimalLength.answeringOurClose : .mayRefuseNonMinimalLength
                    )
                }
            }
        }

        /// The top bit of a 64-bit length, above the number of octets that follow.
        static let topBitSet = oversized(
            "length/top-bit-set",
            "64-bit length with its top bit set, and as many octets as its other bits say",
            claimedLength: 0x8000_0000_0000_0000 + UInt64(greeting.count)
        )

        /// A length that is −1 when it is read as a signed number.
        static let allBitsSet = oversized(
            "length/all-bits-set",
            "64-bit length with all its bits set, and a few octets",
            claimedLength: .max
        )

        /// Frames that announce far more than comes.
        static func announced() -> [Scenario] {
            let lengths: [(slug: String, value: UInt64)] = [
                ("2-to-the-31", 1 << 31), ("2-to-the-32", 1 << 32), ("2-to-the-53-and-1", 1 << 53 + 1),
                ("2-to-the-62", 1 << 62),
            ]
            return lengths.map { slug, value in
                Scenario(
                    id: "length/announced-\(slug)",
                    title: "Frame that announces \(value) octets and brings ten, then FIN",
                    requirements: ["RFC6455-10.4-01", "RFC6455-5.2-08", "RFC6455-6.2-01", "RFC6455-7.4.1-09"],
                    needs: .nothing,
                    tags: [.robustness],
                    chapter: "LEN-04",
                    script: [
                        .send(FrameToSend(.binary, .octets(Array(0..<10)), claimedLength: value)),
                        // Gives a peer that refuses the length the time to say so.
                        .pause(milliseconds: 50),
                        .endOutput,
                    ],
                    conclusion: .awaitEnd,
                    behaviour: .deliversNothing("an announced frame of which ten octets came"),
                    closing: .endsAfterHugeLength
                )
            }
        }

        /// Headers that end with the connection.
        static func cutHeaders() -> [Scenario] {
            // A masked frame of 65536 octets has a header of fourteen.
            let header: [UInt8] = [0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 0x12, 0x34, 0x56, 0x78]
            return [1, 2, 3, 9, 13].map { count in
                Scenario(
                    id: "length/header-ends-after-\(count)-octet" + (count == 1 ? "" : "s"),
                    title: "FIN after \(count) octet\(count == 1 ? "" : "s") of a header of fourteen",
                    requirements: ["RFC6455-6.2-01", "RFC6455-7.2.1-02"],
                    targets: [.server],
                    needs: .nothing,
                    tags: [.robustness],
                    chapter: "LEN-07",
                    script: [.sendOctets(Array(header[..<count])), .endOutput],
                    conclusion: .awaitEnd,
                    behaviour: .deliversNothing("a frame of which not even the header came"),
                    closing: .endsAfterFIN
                )
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] =
            everyLength() + aroundTheBorder() + headerOctetWise()
            + nonMinimal(.bits16, bits: 16, lengths: [0, 1, 125])
            + nonMinimal(.bits64, bits: 64, lengths: [0, 125, 126, 65_535])
            + nonMinimalControl() + [topBitSet, allBitsSet] + announced() + cutHeaders()

        private static let greeting = Payload.text("Hello, world!")

        private static func oversized(_ id: String, _ title: String, claimedLength: UInt64) -> Scenario {
            Scenario(
                id: id,
                title: title,
                requirements: ["RFC6455-10.7-01", "RFC6455-5.2-09", "RFC6455-7.4.1-13"],
                needs: .nothing,
                tags: [.ambiguous],
                chapter: "LEN-03",
                script: [
                    .send(FrameToSend(.text, greeting, lengthEncoding: .bits64, claimedLength: claimedLength)),
                    // Gives a peer that refuses the length the time to say so; one that waits for the octets would
                    // never end.
                    .pause(milliseconds: 50),
                    .endOutput,
                ],
                conclusion: .awaitEnd,
                behaviour: [
                    .conforms(.events([])),
                    .tolerated(
                        .anything,
                        "read a 64-bit length without its top bit, which has to be zero (RFC 6455, 5.2)"
                    ),
                ],
                closing: [
                    .conforms(.peerCloses(codes: [1002, 1009])),
                    .informational(
                        .anything,
                        "a 64-bit length with its top bit set is best refused with Close 1002 or 1009; RFC 6455, 5.2 "
                            + "binds the sender alone"
                    ),
                ]
            )
        }

        private static func messages(
            _ slug: String,
            _ title: String,
            _ opcode: Opcode,
            _ lengths: some Sequence<Int>,
            pacing: WritePacing = .together
        ) -> Scenario {
            // The first octets differ from one length to the next, so that no echo is taken for another.
            let payloads = lengths.map { length -> Payload in
                let unit = (0..<95).map { UInt8(0x20 + ($0 + length) % 95) }
                return .repeating(unit: unit, length: length)
            }
            return Scenario(
                id: "length/\(slug)",
                title: title,
                requirements: [
                    "RFC6455-6.2-01", "RFC6455-5.2-06", "RFC6455-5.2-07", "RFC6455-5.2-08", "RFC6455-5.2-10",
                    "RFC6455-6.2-04", "RFC6455-5.1-08",
                ],
                needs: .echo,
                chapter: "LEN-05",
                script: payloads.map { .send(FrameToSend(opcode, $0, pacing: pacing)) },
                conclusion: .closeWhenComplete,
                behaviour: .answers(payloads.map { .message(opcode, $0) }),
                closing: .answersNormalClose
            )
        }
    }
}
