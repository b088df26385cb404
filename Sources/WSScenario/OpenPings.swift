import WSProtocol

/// Pings that are out and not answered: what a Pong can be the answer to.
///
/// Each Pong answers one Ping of its payload, whatever the order; one more was not asked for (RFC 6455, 5.5.3).
package struct OpenPings: Sendable {
    private var counts: [[UInt8]: Int] = [:]

    /// Creates the state before the first Ping.
    package init() {}

    /// Counts a Ping that is sent.
    package mutating func add(_ payload: [UInt8]) {
        counts[payload, default: 0] += 1
    }

    /// Counts the Pings among some frames of a run; none where its frames are no Pings.
    package mutating func add(_ run: FrameRun, frames: Range<Int>) {
        let frames = frames.clamped(to: 0..<run.count)
        guard run.frame.opcode == .ping, !frames.isEmpty else { return }
        if run.isNumbered {
            for index in frames { add(run.payload(ofFrame: index).octets) }
        } else {
            counts[run.frame.payload.octets, default: 0] += frames.count
        }
    }

    /// Whether a Ping with this payload waits for its Pong.
    package func contains(_ payload: [UInt8]) -> Bool { counts[payload] != nil }

    /// Whether no Ping waits for its Pong.
    package var isEmpty: Bool { counts.isEmpty }

    /// Whether a Pong that fits no Ping looks like the answer to one: as long as its Ping, or one a part of the other.
    package func mayBeMeant(by pong: [UInt8]) -> Bool {
        guard !pong.isEmpty else { return false }
        return counts.keys.contains { ping in
            !ping.isEmpty && (ping.count == pong.count || ping.starts(with: pong) || pong.starts(with: ping))
        }
    }

    /// Takes out the Ping that a Pong answers.
    ///
    /// - Returns: whether there was one.
    package mutating func answer(_ payload: [UInt8]) -> Bool {
        guard let count = counts[payload] else { return false }
        counts[payload] = count > 1 ? count - 1 : nil
        return true
    }
}
