import WSKernels
import WSProtocol

/// The message that is being received: unmasked, in chunks that can be sent as they are.
///
/// Chunks keep a large message from being copied: it is never moved while it grows, and each chunk is handed on and
/// let go when its turn to be sent comes. Memory follows what has arrived, not what a header declares.
struct MessageBuffer: Sendable {
    /// How many octets a chunk holds at most.
    static let chunkLength = 262_144

    /// The type of the open message; nil between messages.
    private(set) var opcode: Opcode?
    /// How many octets of the open message have arrived.
    private(set) var count = 0

    private var chunks: [[UInt8]] = []

    /// Begins a message; what was open is forgotten.
    mutating func start(_ opcode: Opcode) {
        self.opcode = opcode
        count = 0
        // The room of a small message serves the next one, too.
        if chunks.count == 1 {
            chunks[0].removeAll(keepingCapacity: true)
        } else {
            chunks.removeAll()
        }
    }

    /// Unmasks and keeps octets.
    ///
    /// - Parameters:
    ///   - bytes: the octets as they came.
    ///   - key: the masking key; 0 leaves the octets as they are.
    ///   - payloadOffset: where the first octet stands in its frame's payload.
    mutating func append(_ bytes: Span<UInt8>, key: UInt32, payloadOffset: UInt64) {
        var position = 0
        while position < bytes.count {
            if chunks.last.map({ $0.count == Self.chunkLength }) ?? true { chunks.append([]) }
            let last = chunks.count - 1
            let taken = min(Self.chunkLength - chunks[last].count, bytes.count - position)
            Self.makeRoom(for: taken, in: &chunks[last])
            let phase = Int(truncatingIfNeeded: payloadOffset & 3) + position
            let piece = bytes.extracting(position..<position + taken)
            Masking.append(piece, key: key, phase: phase, to: &chunks[last])
            position += taken
        }
        count += bytes.count
    }

    /// Hands out the chunks of the complete message and waits for the next one.
    mutating func take() -> [[UInt8]] {
        let taken = chunks
        forget()
        return taken
    }

    /// The octets of the open message, in one piece.
    var octets: [UInt8] { chunks.count == 1 ? chunks[0] : chunks.flatMap(\.self) }

    /// Waits for the next message, with the room of a small one kept for it.
    mutating func finish() {
        opcode = nil
    }

    /// Lets go of everything.
    mutating func forget() {
        opcode = nil
        count = 0
        chunks = []
    }

    /// Grows in steps that double, so that a message of tiny fragments is not copied for each of them.
    private static func makeRoom(for count: Int, in chunk: inout [UInt8]) {
        let needed = chunk.count + count
        guard needed > chunk.capacity else { return }
        chunk.reserveCapacity(max(needed, min(2 * chunk.capacity, chunkLength)))
    }
}
