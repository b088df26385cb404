import WSProtocol
package import WSScenario

extension Catalogue {
    /// Lengths in a form that no sender may use; what a receiver does with them has no rule.
    package enum Lengths {
        /// A length in a longer form than it needs.
        static func nonMinimal(_ encoding: PayloadLengthEncoding, bits: Int, lengths: [Int]) -> [Scenario] {
            lengths.map { length in
                let frame = FrameToSend(.text, .repeating("*", length: length), lengthEncoding: encoding)
                return Scenario(
                    id: "length/non-minimal-\(bits)-bit-for-\(length)",
                    title: "Text message of \(length) octets whose length is written in \(bits) bits",
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

        /// The top bit of a 64-bit length, above the number of octets that follow.
        static let topBitSet = oversized(
            "length/top-bit-set",
            "64-bit length with its top bit set, and as many octets as its other bits say",
            claimedLength: 0x8000_0000_0000_0000 + UInt64(greeting.count)
        )

        /// A length that is −1 to whoever reads it with a sign.
        static let allBitsSet = oversized(
            "length/all-bits-set",
            "64-bit length with all its bits set, and a few octets",
            claimedLength: .max
        )

        /// Every scenario of this file.
        package static let all: [Scenario] =
            nonMinimal(.bits16, bits: 16, lengths: [0, 1, 125])
            + nonMinimal(.bits64, bits: 64, lengths: [0, 125, 126, 65_535])
            + [topBitSet, allBitsSet]

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
                    // Time for a peer that refuses the length to say so; whoever waits for the octets waits for ever.
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
    }
}
