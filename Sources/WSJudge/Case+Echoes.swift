import WSProtocol
import WSScenario

extension Case {
    /// The requirement that is broken where the next echo is missing, or another message came in its place.
    ///
    /// 1. An uncompressed message among compressed ones is delivered as it is.
    /// 2. The first message refers to no earlier one, so that what it shows has nothing to do with the window.
    /// 3. Where a client has accepted an answer, its echoes show no more of what it had to accept.
    ///
    /// Anything else breaks the scenario's main requirement, and so does what the scenario does not list.
    func requirementOfEcho(after counted: [Counted]) -> String {
        guard scenario.compression != nil, let place = placeOfMissingMessage(counted),
            let frame = firstFrames.dropFirst(place).first
        else { return requirement }
        let inflating = "RFC7692-6.2-01"
        let other =
            if frame.rsv & 4 == 0 {
                "RFC7692-6.2-02"
            } else if requirement == "RFC6455-4.1-57" || place == 0 && Self.ofWindows.contains(requirement) {
                inflating
            } else {
                requirement
            }
        return scenario.requirements.contains(other) ? other : requirement
    }

    /// What a receiver keeps of earlier messages.
    private static let ofWindows: Set = [
        "RFC7692-7.2.2-03", "RFC7692-7.2.2-05", "RFC7692-7.2.2-07", "RFC7692-7.2.2-09",
    ]

    /// The number of the message whose echo is missing, among the messages of the script.
    private func placeOfMissingMessage(_ counted: [Counted]) -> Int? {
        let expected = expectedOrder(counted)
        let place = zip(counted, expected).prefix { comparison.isEqual($0.event, $1) }.count
        guard place < expected.count, case .message = expected[place] else { return nil }
        return expected[..<place].count { if case .message = $0 { true } else { false } }
    }

    /// The frames with which the messages of the script begin, up to the first step that sends several at once.
    private var firstFrames: [FrameToSend] {
        var frames: [FrameToSend] = []
        for step in scenario.script {
            switch step {
            case .send(let frame) where frame.opcode == .text || frame.opcode == .binary: frames.append(frame)
            case .sendMessage, .sendRun, .echoLoop, .beginFrame, .sendOctets: return frames
            default: break
            }
        }
        return frames
    }
}
