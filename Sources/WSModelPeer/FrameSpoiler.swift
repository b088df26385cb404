/// Turns the frames that a correct server would send into those that a server with defects sends.
struct FrameSpoiler: Sendable {
    private let defects: Set<ModelDefect>
    /// Pongs that wait for something to follow.
    private var held: [OutgoingFrame] = []

    /// A client that floods with Pings must not fill the memory.
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

    /// The frames to send when everything that arrived together has been read.
    mutating func framesAtEndOfInput() -> [OutgoingFrame] {
        guard !held.isEmpty, defects.contains(.answersOnlyLastPing) else { return [] }
        let frames = held.flatMap { $0.spoiled(by: defects) }
        held.removeAll()
        return frames
    }
}
