/// Replaces the frames of a correct endpoint with those of an endpoint with defects.
struct FrameSpoiler: Sendable {
    private let defects: Set<ModelDefect>
    /// Pongs that are held back until another frame follows.
    private var held: [OutgoingFrame] = []

    /// The most Pongs held back, so that a flood of Pings does not fill the memory.
    private static let mostHeld = 1_000

    init(_ defects: Set<ModelDefect>) {
        self.defects = defects
    }

    /// The frames to send now.
    mutating func frames(insteadOf frame: OutgoingFrame) -> [OutgoingFrame] {
        var frames: [OutgoingFrame]
        switch frame.purpose {
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
        frames = frames.flatMap { $0.spoiled(by: defects) }
        return frames
    }

    /// The frames to send when all octets of a read were processed.
    mutating func framesAtEndOfInput() -> [OutgoingFrame] {
        guard !held.isEmpty, defects.contains(.answersOnlyLastPing) else { return [] }
        let frames = held.flatMap { $0.spoiled(by: defects) }
        held.removeAll()
        return frames
    }
}
