import WSProtocol

/// The Pongs that we sent and that have not come back.
///
/// Some peers answer each Pong with one like it. That is an unsolicited Pong, which is allowed (RFC 6455, 5.5.3), and
/// no wrong answer to a Ping.
package struct SentPongs: Sendable {
    private var counts: [[UInt8]: Int] = [:]

    /// How many different payloads are kept, because a peer can make us send any number of Pongs with its Pings.
    private static let mostPayloads = 4096

    /// Creates the state before the first Pong.
    package init() {}

    /// Adds Pongs that were sent.
    package mutating func add(_ payload: [UInt8], count: Int = 1) {
        guard count > 0, counts[payload] != nil || counts.count < Self.mostPayloads else { return }
        counts[payload, default: 0] += count
    }

    /// Adds the Pongs among these frames of a run; does nothing if the run consists of other frames.
    package mutating func add(_ run: FrameRun, frames: Range<Int>) {
        guard run.frame.opcode == .pong else { return }
        let frames = frames.clamped(to: 0..<run.count)
        guard run.isNumbered else { return add(run.frame.payload.octets, count: frames.count) }
        for index in frames { add(run.payload(ofFrame: index).octets) }
    }

    /// Removes the sent Pong that one of the peer's equals.
    ///
    /// - Returns: Whether there was one.
    package mutating func comesBack(_ payload: [UInt8]) -> Bool {
        guard let count = counts[payload] else { return false }
        counts[payload] = count > 1 ? count - 1 : nil
        return true
    }
}
