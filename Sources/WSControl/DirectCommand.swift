import WSKernels
import WSLink
import WSProtocol

/// A command in direct command mode, in which a client controls us frame by frame.
enum DirectCommand: Sendable, Hashable {
    /// Send frames, valid or not.
    case send([Frame])
    /// Start the closing handshake.
    case close(CloseBody)

    /// A frame to send: a few octets that are repeated until the payload has the requested length.
    ///
    /// Only the part that is sent in a turn is produced.
    struct Frame: Sendable, Hashable {
        var header: FrameHeader
        /// The octets that the payload repeats; not empty unless the payload is.
        var unit: [UInt8]
        /// The length of the payload.
        var length: Int
        /// The length of each write in octets; nil for a single write.
        var pieceLength: Int?

        /// The length of the frame in octets.
        var count: Int { header.encodedLength + length }

        /// The number of writes.
        var pieces: Int {
            guard let pieceLength else { return 1 }
            return (count - 1) / pieceLength + 1
        }

        /// Appends a range of the frame's encoded octets.
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

/// The frames of a command, while they are sent turn by turn.
struct CommandFeed: Sendable {
    private var frames: ArraySlice<DirectCommand.Frame>
    /// How many octets of the first frame were sent.
    private var position = 0

    init(_ frames: [DirectCommand.Frame]) {
        self.frames = frames[...]
    }

    /// Whether everything was sent.
    var isEmpty: Bool { frames.isEmpty }

    /// The next write, counted against the turn; nil if the turn or the frames are over.
    mutating func next(_ turn: inout Turn) -> LinkAction? {
        guard let frame = frames.first, !turn.isOver else { return nil }
        let rest = frame.count - position
        // A turn would cut longer pieces in any case.
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

    /// What may still be sent in this turn.
    struct Turn: Sendable {
        private(set) var octets = ControlLimits.octetsPerTurn
        private(set) var pieces = ControlLimits.piecesPerTurn

        /// Whether nothing more may be sent.
        var isOver: Bool { octets == 0 || pieces == 0 }

        /// Counts what was sent.
        mutating func spend(octets: Int, pieces: Int) {
            self.octets = max(0, self.octets - octets)
            self.pieces = max(0, self.pieces - pieces)
        }

        /// Ends the turn.
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
