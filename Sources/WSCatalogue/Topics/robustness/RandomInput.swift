import WSKernels
import WSProtocol
package import WSScenario

extension Catalogue {
    /// Octets by chance and frames with one wrong bit, the same in every run; our own decoder says what is due.
    package enum RandomInput {
        /// Random octets, of which the first header already breaks a rule.
        static func octets() -> [Scenario] {
            var result: [Scenario] = []
            var seed: UInt64 = 0x11_0800
            while result.count < 8 {
                seed += 1
                var generator = SplitMix64(seed: seed)
                let octets = (0..<10_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
                guard let rule = StreamOracle(octets).ruleInFirstHeader, rule.bindsReceivers else { continue }
                let number = result.count + 1
                result.append(
                    Scenario(
                        id: "robustness/random-octets/\(number)",
                        title: "Ten thousand random octets, set \(number): at first, \(rule.summary)",
                        requirements: ["RFC6455-10.7-01", "RFC6455-7.1.7-02", "RFC6455-10.7-03"],
                        targets: [.server],
                        needs: .nothing,
                        purpose: .robustness,
                        chapter: "LIM-08",
                        script: [.sendOctets(octets)],
                        conclusion: .peerFails(lateBarrier: false),
                        behaviour: .fails,
                        closing: .failsOrDrops(with: rule.closeCode)
                    )
                )
            }
            return result
        }

        /// Three messages, with one bit of the second frame's header turned.
        static func turnedBits() -> [Scenario] {
            let frames = ["first", "second", "third"].enumerated().map { index, text in
                var octets: [UInt8] = []
                let payload = Array(text.utf8)
                FrameHeader(
                    opcode: .binary,
                    maskingKey: MaskingKey(rawValue: 0x3A5C_91E7 + UInt32(index)),
                    payloadLength: UInt64(payload.count)
                ).encode(payload: payload.span, into: &octets)
                return octets
            }
            // The two octets of flags, opcode and length; the key is tried elsewhere.
            return (0..<16).compactMap { bit in
                var octets = frames.flatMap(\.self)
                octets[frames[0].count + bit / 8] ^= 0x80 >> UInt8(bit % 8)
                return turned(bit, octets)
            }
        }

        /// Every scenario of this file.
        package static let all: [Scenario] = octets() + turnedBits()

        private static func turned(_ bit: Int, _ octets: [UInt8]) -> Scenario? {
            let oracle = StreamOracle(octets)
            let echoes = oracle.messages.map { ExpectedEvent.message($0.opcode, .octets($0.payload)) }
            var scenario = Scenario(
                id: "robustness/turned-bit/\(bit)",
                title: "Three binary messages, bit \(bit) of the second one's header turned: \(oracle.summary)",
                requirements: .failing("RFC6455-6.2-01"),
                targets: [.server],
                needs: .echo,
                purpose: .robustness,
                chapter: "LIM-09",
                script: [.sendOctets(octets)],
                conclusion: .closeWhenComplete,
                behaviour: .answers(echoes),
                closing: .answersNormalClose
            )
            switch oracle.outcome {
            case .complete: break
            case .violation(let rule) where !rule.bindsReceivers: return nil
            case .violation(let rule):
                scenario.requirements = .failing(rule.requirementOfReceivers, "RFC6455-6.2-01")
                scenario.conclusion = .peerFails(lateBarrier: false)
                scenario.behaviour = .fails(after: echoes)
                scenario.closing = .fails(with: rule.closeCode)
            case .unfinished:
                scenario.requirements = ["RFC6455-6.2-01", "RFC6455-7.2.1-02"]
                scenario.tags = [.robustness]
                scenario.script.append(.endOutput)
                scenario.conclusion = .awaitEnd
                scenario.behaviour = .fails(after: echoes)
                scenario.closing = .endsAfterFIN
            }
            return scenario
        }
    }
}

extension ViolationRule {
    /// Whether a receiver has to fail the connection over it; 5.2 binds the sender of a length alone.
    fileprivate var bindsReceivers: Bool { self != .nonMinimalLength && self != .lengthTopBit }
}
