import JudgeTestSupport
import WSJudge
import WSKernels
import WSProtocol
import WSScenario
import WSTranscript

/// Conversations made of replies to a script, each a letter, and what is said of them.
struct ReplySequences {
    /// A reply, or something else that happens.
    struct Reply: Sendable {
        let letter: Character
        let happens: @Sendable (inout Recording) -> Void

        init(_ letter: Character, _ happens: @escaping @Sendable (inout Recording) -> Void) {
            self.letter = letter
            self.happens = happens
        }

        /// A text from the peer.
        static func text(_ letter: Character, _ text: String) -> Self {
            Self(letter) { $0.receive(.text, Array(text.utf8)) }
        }

        /// A Pong from the peer.
        static func pong(_ letter: Character, _ text: String) -> Self {
            Self(letter) { $0.receive(.pong, Array(text.utf8)) }
        }
    }

    /// How a conversation ends.
    struct Ending {
        let name: String
        /// The most replies before it.
        let most: Int
        let happens: (inout Recording) -> Void

        init(_ name: String, most: Int, _ happens: @escaping (inout Recording) -> Void) {
            self.name = name
            self.most = most
            self.happens = happens
        }

        /// Nothing more comes in time, and the peer answers our Close.
        static func silence(_ most: Int) -> Self {
            Self("silence", most: most) {
                $0.mark(.gaveUp(.deadline))
                $0.sendClose(1001)
                $0.receiveClose(1001)
                $0.end()
            }
        }

        /// It takes too long, though more is coming.
        static func time(_ most: Int) -> Self {
            Self("too long", most: most) {
                $0.milliseconds = 12_345
                $0.mark(.gaveUp(.tookTooLong))
                $0.sendClose(1000)
                $0.end(.closedHere)
            }
        }

        /// The peer closes first.
        static func close(_ code: UInt16, _ most: Int) -> Self {
            Self("Close \(code)", most: most) {
                $0.receiveClose(code)
                $0.sendClose(1000)
                $0.end()
            }
        }

        /// The peer ends TCP.
        static func drop(_ most: Int) -> Self { Self("end of TCP", most: most) { $0.end() } }

        /// We close with 1000, as after the last expected event.
        static func ours(_ most: Int) -> Self {
            Self("our Close", most: most) {
                $0.sendClose(1000)
                $0.receiveClose(1000)
                $0.end()
            }
        }
    }

    var scenario: Scenario
    var replies: [Reply]
    var endings: [Ending]
    /// What happens before the replies, instead of sending the script.
    var opened: (Scenario) -> Recording = { scenario in
        var recording = Recording.opened(scenario)
        recording.sendScript()
        return recording
    }

    /// Every sequence of at most so many replies.
    private func sequences(_ most: Int) -> [[Reply]] {
        var all: [[Reply]] = [[]]
        var latest: [[Reply]] = [[]]
        for _ in 0..<most {
            latest = latest.flatMap { sequence in replies.map { sequence + [$0] } }
            all += latest
        }
        return all
    }

    /// For each ending what is found, the gravest first, and the sequences of which it is said.
    var text: String {
        var text = "# \(scenario.id)\n"
        for ending in endings {
            var groups: [String: [String]] = [:]
            var details = ""
            for sequence in sequences(ending.most) {
                var recording = opened(scenario)
                for reply in sequence { reply.happens(&recording) }
                ending.happens(&recording)
                let judgement = Judge.judge(scenario, recording.transcript)
                details += judgement.details
                let found = judgement.findings.map { finding in
                    "\(finding.verdict) \(finding.requirement) \(finding.reasonKey): \(finding.reason)"
                }
                let said = found.isEmpty ? "pass" : found.joined(separator: "\n    ")
                let name = sequence.isEmpty ? "-" : String(sequence.map(\.letter))
                groups[said, default: []].append(name)
            }
            text += "\n\(ending.name), and everything else as \(String(StableHash.fnv1a64(details.utf8), radix: 16))\n"
            for (said, names) in groups.sorted(by: { ($0.value.count, $0.key) > ($1.value.count, $1.key) }) {
                text += "  \(said)\n"
                for start in stride(from: 0, to: names.count, by: 24) {
                    text += "      \(names.dropFirst(start).prefix(24).joined(separator: " "))\n"
                }
            }
        }
        return text
    }
}
