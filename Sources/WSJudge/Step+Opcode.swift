import WSProtocol
import WSScenario

extension Step {
    /// The opcode of the frame with this index that the step sends; nil if it sends no frame, or octets of one.
    func opcode(ofFrame index: Int) -> Opcode? {
        switch self {
        case .send(let frame): frame.opcode
        case .sendMessage(let message): index == 0 ? message.opcode : .continuation
        case .sendRun(let run): run.frame.opcode
        case .startClosingHandshake: .close
        case .beginFrame(_, let opcode, _): opcode
        case .echoLoop(let loop): loop.opcode
        case .continueFrame, .barrier, .quiesce, .awaitPong, .awaitClose, .sendOctets, .pause, .pauseReading,
            .ignorePings, .ignoreClose, .endOutput, .reset, .sendOnConnection, .pingConnection:
            nil
        }
    }
}
