/// Replaces the frames of a correct endpoint with those of an endpoint with defects.
struct FrameSpoiler: Sendable {
    private let defects: Set<ModelDefect>
    /// Pongs that are held back until another frame follows.
    private var held: [OutgoingFrame] = []

    /// Echoes of compressed messages that wait for the end of the read.
    private var late: [OutgoingFrame] = []

    /// The most Pongs held back, so that a flood of Pings does not fill the memory.
    private static let mostHeld = 1_000

    init(_ defects: Set<ModelDefect>) {
        self.defects = defects
    }

    /// The frames to send now, compressed where that was agreed on.
    mutating func frames(
        insteadOf frame: OutgoingFrame,
        _ compression: inout MessageCompression?
    ) -> [OutgoingFrame] {
        var frames: [OutgoingFrame]
        switch frame.purpose {
        case .echo where defects.contains(.echoesCompressedLate) && frame.answersCompressed:
            late.append(frame)
            return []
        case .pong where defects.contains(.answersOnlyLastPing):
            held = [frame]
            return []
        case .pong where defects.contains(.pongAfterEcho) && held.count < Self.mostHeld:
            held.append(frame)
            return []
        case .echo where defects.contains(.pongAfterEcho): frames = [frame] + held
        default: frames = held + [frame]
        }
        held.removeAll()
        return frames.flatMap { $0.spoiled(by: defects, &compression) }
    }

    /// The frames to send when all octets of a read were processed.
    mutating func framesAtEndOfInput(_ compression: inout MessageCompression?) -> [OutgoingFrame] {
        var frames = late
        late.removeAll()
        if defects.contains(.answersOnlyLastPing) {
            frames += held
            held.removeAll()
        }
        return frames.flatMap { $0.spoiled(by: defects, &compression) }
    }
}
