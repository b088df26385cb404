import WSProtocol

/// The pending Pings that a Pong can answer.
///
/// Each Pong answers one Ping with its payload, in any order; any other Pong is unsolicited (RFC 6455, 5.5.3).
package struct OpenPings: Sendable {
    private var counts: [[UInt8]: Int] = [:]

    /// Creates the state before the first Ping.
    package init() {}

    /// Adds a Ping that was sent.
    package mutating func add(_ payload: [UInt8]) {
        counts[payload, default: 0] += 1
    }

    /// Adds the Pings among these frames of a run; does nothing if the run consists of other frames.
    package mutating func add(_ run: FrameRun, frames: Range<Int>) {
        let frames = frames.clamped(to: 0..<run.count)
        guard run.frame.opcode == .ping, !frames.isEmpty else { return }
        if run.isNumbered {
            for index in frames { add(run.payload(ofFrame: index).octets) }
        } else {
            counts[run.frame.payload.octets, default: 0] += frames.count
        }
    }

    /// Whether a Ping with this payload is pending.
    package func contains(_ payload: [UInt8]) -> Bool { counts[payload] != nil }

    /// Whether no Ping is pending.
    package var isEmpty: Bool { counts.isEmpty }

    /// Whether a Pong without a Ping looks like a wrong answer to a pending one.
    ///
    /// That is so if it has the length of a pending Ping, or if one payload is a part of the other.
    package func mayBeMeant(by pong: [UInt8]) -> Bool {
        guard !pong.isEmpty else { return false }
        return counts.keys.contains { ping in
            !ping.isEmpty && (ping.count == pong.count || ping.starts(with: pong) || pong.starts(with: ping))
        }
    }

    /// Removes the pending Ping that a Pong answers.
    ///
    /// - Returns: Whether there was one.
    package mutating func answer(_ payload: [UInt8]) -> Bool {
        guard let count = counts[payload] else { return false }
        counts[payload] = count > 1 ? count - 1 : nil
        return true
    }
}
