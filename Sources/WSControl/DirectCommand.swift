import WSKernels
import WSLink
import WSProtocol

/// What a client has us do in direct command mode, in which it drives us frame by frame.
enum DirectCommand: Sendable, Hashable {
    /// Send frames, legal or not.
    case send([Frame])
    /// Start the closing handshake.
    case close(CloseBody)

    /// A frame to send: a few octets that are repeated until its payload has the length that is asked for.
    ///
    /// Only what leaves in a turn is ever made of it.
    struct Frame: Sendable, Hashable {
        var header: FrameHeader
        /// What the payload repeats; not empty where the payload is not.
        var unit: [UInt8]
        /// The length of the payload.
        var length: Int
        /// Cut into writes of so many octets; nil for one write.
        var pieceLength: Int?

        /// How many octets the frame has on the wire.
        var count: Int { header.encodedLength + length }

        /// How many writes the frame is cut into.
        var pieces: Int {
            guard let pieceLength else { return 1 }
            return (count - 1) / pieceLength + 1
        }

        /// Appends octets of the frame as they stand on the wire.
        func append(_ range: Range<Int>, to octets: inout [UInt8]) {
            let headerLength = header.encodedLength
            if range.lowerBound < headerLength {
                var head: [UInt8] = []
                header.encode(into: &head)
                octets += head[range.lowerBound..<min(range.upperBound, headerLength)]
            }
            let start = max(range.lowerBound, headerLength) - headerLength
            let end = range.upperBound - headerLength
            guard start < end else { return }
            var payload: [UInt8] = []
            payload.reserveCapacity(end - start)
            var position = start % unit.count
            while payload.count < end - start {
                let piece = unit[position...].prefix(end - start - payload.count)
                payload += piece
                position = 0
            }
            Masking.append(payload.span, key: header.maskingKey?.rawValue ?? 0, phase: start & 3, to: &octets)
        }
    }
}

/// The frames of one command, while they leave turn by turn.
struct CommandFeed: Sendable {
    private var frames: ArraySlice<DirectCommand.Frame>
    /// How much of the first frame has left.
    private var position = 0

    init(_ frames: [DirectCommand.Frame]) {
        self.frames = frames[...]
    }

    /// Whether everything has left.
    var isEmpty: Bool { frames.isEmpty }

    /// The next write, which takes its part of what a turn may send.
    mutating func next(_ turn: inout Turn) -> LinkAction? {
        guard let frame = frames.first, !turn.isOver else { return nil }
        let rest = frame.count - position
        // Pieces longer than a turn would be cut by it anyway.
        let piece = frame.pieceLength.flatMap { $0 < ControlLimits.octetsPerTurn ? $0 : nil }
        let most = piece.map { min(turn.octets / $0, turn.pieces) * $0 } ?? turn.octets
        let count = min(rest, most)
        guard count > 0 else {
            turn.end()
            return nil
        }
        var octets: [UInt8] = []
        octets.reserveCapacity(count)
        frame.append(position..<position + count, to: &octets)
        turn.spend(octets: count, pieces: piece.map { (count - 1) / $0 + 1 } ?? 1)
        position += count
        if position == frame.count {
            frames.removeFirst()
            position = 0
        }
        return piece.map { .writePieces(octets, size: $0) } ?? .write(octets)
    }

    /// What may still leave before others have their turn.
    struct Turn: Sendable {
        private(set) var octets = ControlLimits.octetsPerTurn
        private(set) var pieces = ControlLimits.piecesPerTurn

        /// Whether nothing may leave any more.
        var isOver: Bool { octets == 0 || pieces == 0 }

        /// Counts what has left.
        mutating func spend(octets: Int, pieces: Int) {
            self.octets = max(0, self.octets - octets)
            self.pieces = max(0, self.pieces - pieces)
        }

        /// Lets nothing more leave.
        mutating func end() {
            octets = 0
        }
    }
}

/// Why a direct command was not carried out, in one line.
struct DirectCommandError: Error, Sendable, Hashable {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
