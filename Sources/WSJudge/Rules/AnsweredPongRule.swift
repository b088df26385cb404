import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// A Pong needs no answer: a response to an unsolicited one "is not expected" (RFC 6455, 5.5.3).
    ///
    /// No keyword forbids unsolicited Pongs. So a Pong that repeats octets of one of our Pongs is tolerated, and an
    /// empty one is informational, because it may be a heartbeat.
    static let answeredPongRule = Rule(
        name: "answered-pong",
        requirements: ["RFC6455-5.5.3-03"],
        part: .frames
    ) { subject in
        let answers = subject.answersToPongs
        guard !answers.isEmpty else { return [] }
        let telling = answers.filter { !$0.payload.isEmpty }
        let count = telling.isEmpty ? answers.count : telling.count
        let pongs = count == 1 ? "a Pong with a Pong" : "\(count) Pongs with a Pong each"
        return [
            Finding(
                rule: "answered-pong",
                axis: .behaviour,
                verdict: telling.isEmpty ? .informational : .tolerated,
                requirement: "RFC6455-5.5.3-03",
                reason: "answered \(pongs)"
                    + (telling.isEmpty ? ", unless it was sent without regard to ours" : " of the same octets")
                    + "; none is expected, and two peers that do so would never come to an end (RFC 6455, 5.5.3)",
                evidence: subject.evidence(of: (telling.isEmpty ? answers : telling).map(\.index)),
                key: .answeredPong
            )
        ]
    }
}

extension Case {
    /// The peer's Pongs that match no Ping of ours, each with the payload of a Pong that we had sent.
    fileprivate var answersToPongs: [(payload: [UInt8], index: Int)] {
        var pings = OpenPings()
        var pongs = SentPongs()
        var answers: [(payload: [UInt8], index: Int)] = []
        for (index, entry) in timeline.entries.enumerated() {
            switch entry.kind {
            case .script(let reference):
                add(reference, to: &pings)
                add(reference, to: &pongs)
            case .extra(.ping, let payload): pings.add(payload)
            case .extra(.pong, let payload): pongs.add(payload)
            case .control(let frame) where frame.opcode == .pong:
                if !pings.answer(frame.payload), pongs.comesBack(frame.payload) {
                    answers.append((frame.payload, index))
                }
            default: break
            }
        }
        return answers
    }
}
