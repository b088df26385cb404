import WSKernels
import WSProtocol
package import WSScenario

extension Catalogue {
    /// One message over and over, cut into fragments and segments by chance, the same in every run.
    package enum RandomFragments {
        /// Ten cuts of the same message for each seed.
        static func cuts() -> [Scenario] {
            (1...5).map { seed in
                var generator = SplitMix64(seed: 0x0F46_0000 + UInt64(seed))
                let isText = seed % 2 == 1
                // Letters of one to four octets, so that fragments end inside some.
                let octets: [UInt8] =
                    isText
                    ? Array(String(repeating: "aé€😀", count: 30).utf8)
                    : (0..<300).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
                let opcode: Opcode = isText ? .text : .binary
                let script = (0..<10).flatMap { _ in message(octets, opcode, &generator) }
                return Scenario(
                    id: "fragmentation/random/\(seed)",
                    title:
                        "The same \(opcode.name) message in ten random fragmentations and segmentations, set \(seed)",
                    requirements: [
                        "RFC6455-5.4-10", "RFC6455-5.4-16", "RFC6455-5.4-03", "RFC6455-5.4-06", "RFC6455-6.2-01",
                    ],
                    needs: .echo,
                    chapter: "FRG-06",
                    script: script,
                    conclusion: .closeWhenComplete,
                    behaviour: .answers(Array(repeating: .message(opcode, .octets(octets)), count: 10)),
                    closing: .answersNormalClose
                )
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = cuts()

        private static func message(
            _ octets: [UInt8],
            _ opcode: Opcode,
            _ generator: inout SplitMix64
        ) -> [Step] {
            let count = Int(generator.next() % 12)
            // Two cuts at the same place leave an empty fragment.
            let cuts = (0..<count).map { _ in Int(generator.next() % UInt64(octets.count + 1)) }.sorted()
            let borders = [0] + cuts + [octets.count]
            let pacings: [WritePacing] = [.together, .separately, .pieces(7), .split(at: 3), .firstOctets(4)]
            return (0...count).map { index in
                .send(
                    FrameToSend(
                        index == 0 ? opcode : .continuation,
                        .octets(Array(octets[borders[index]..<borders[index + 1]])),
                        fin: index == count,
                        pacing: pacings[Int(generator.next() % UInt64(pacings.count))]
                    )
                )
            }
        }
    }
}
