import WSKernels
import WSProtocol

/// The message that is being received: unmasked, in chunks that can be sent as they are.
///
/// Chunks avoid copies: a large message is not moved while it grows, and each chunk is released when it was sent.
/// Memory grows with what has arrived, not with what a header declares.
struct MessageBuffer: Sendable {
    /// The greatest number of octets in a chunk.
    static let chunkLength = 262_144

    /// The type of the open message; nil between messages.
    private(set) var opcode: Opcode?
    /// How many octets of the open message have arrived.
    private(set) var count = 0

    private var chunks: [[UInt8]] = []

    /// Begins a message and drops an unfinished one.
    mutating func start(_ opcode: Opcode) {
        self.opcode = opcode
        count = 0
        // The memory of a small message is used again.
        if chunks.count == 1 {
            chunks[0].removeAll(keepingCapacity: true)
        } else {
            chunks.removeAll()
        }
    }

    /// Unmasks octets and appends them.
    ///
    /// - Parameters:
    ///   - bytes: The octets as received.
    ///   - key: The masking key; 0 for none.
    ///   - payloadOffset: The offset of the first octet in its frame's payload.
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

    /// Returns the chunks of the complete message and waits for the next message.
    mutating func take() -> [[UInt8]] {
        let taken = chunks
        forget()
        return taken
    }

    /// The octets of the open message in one array.
    var octets: [UInt8] { chunks.count == 1 ? chunks[0] : chunks.flatMap(\.self) }

    /// Waits for the next message and keeps the memory of a small one.
    mutating func finish() {
        opcode = nil
    }

    /// Releases everything.
    mutating func forget() {
        opcode = nil
        count = 0
        chunks = []
    }

    /// Grows the chunk in doubling steps, so that a message of tiny fragments is not copied for each of them.
    private static func makeRoom(for count: Int, in chunk: inout [UInt8]) {
        let needed = chunk.count + count
        guard needed > chunk.capacity else { return }
        chunk.reserveCapacity(max(needed, min(2 * chunk.capacity, chunkLength)))
    }
}
