import WSDeflate
import WSKernels
import WSLimits
import WSProtocol
import WSScenario
import WSTranscript

/// Decides what a transcript keeps of the peer's compressed messages.
///
/// The first ones are kept with all their octets. After that, the octets of a message are held until its end: if it
/// equals what was expected and is as RFC 7692 has it, a summary is kept, else all of it.
struct CompressedMessages: Sendable {
    /// Whether the octets that come are held.
    private(set) var isHolding = false

    private let sender: Role
    private var held: [UInt8] = []
    private var keptCount = 0
    private var keptOctets: UInt64 = 0

    /// Creates the decision for the messages of an endpoint.
    init(sender: Role) {
        self.sender = sender
    }

    /// Counts a message that was kept.
    mutating func countKept(octets: UInt64) {
        keptCount += 1
        keptOctets &+= octets
    }

    /// Begins to hold octets if this frame begins a compressed message after those that are kept.
    ///
    /// - Parameters:
    ///   - header: The header of the frame.
    ///   - position: How many octets of the read were used with it; if it began in an earlier read, it is not held.
    /// - Returns: Whether the octets of the frame are held, from the first one of its header on.
    mutating func holds(_ header: FrameHeader, begunAt position: Int) -> Bool {
        guard header.opcode == .text || header.opcode == .binary, header.rsv == 4,
            keptCount >= Limits.keptMessages.value || keptOctets >= UInt64(Limits.keptCompressed.value),
            position >= header.encodedLength
        else { return false }
        isHolding = true
        return true
    }

    /// Holds octets.
    mutating func append(_ octets: Span<UInt8>) {
        held.reserveCapacity(held.count + octets.count)
        for index in octets.indices { held.append(octets[index]) }
    }

    /// Whether more octets are held than should be.
    var isTooLong: Bool { held.count > Limits.heldMessage.value }

    /// Stops to hold octets and gives those that were, to be kept.
    mutating func release(to recorder: inout TranscriptRecorder) -> [ReceivedPart] {
        guard isHolding else { return [] }
        isHolding = false
        let octets = held
        held.removeAll(keepingCapacity: true)
        guard !octets.isEmpty else { return [] }
        keptOctets &+= UInt64(octets.count)
        return [recorder.part(octets.span)]
    }

    /// Ends a message whose octets are held.
    mutating func end(
        _ message: Message,
        _ reader: PeerReader,
        to recorder: inout TranscriptRecorder
    ) -> [ReceivedPart] {
        guard let deflated = reader.deflated, let payload = reader.equalPayload, deflated.isWellFormed,
            deflated.reach == 0 || reader.negotiation.compression?.keepsContext(of: sender) == true,
            // Whatever else came between its frames is kept.
            message.end - message.offset == UInt64(held.count)
        else { return release(to: &recorder) }
        isHolding = false
        let summary = CompressedSummary(
            length: held.count,
            digest: StableHash.words64(held.span),
            payload: payload,
            isText: message.opcode == .text,
            frames: message.frameCount,
            payloadLength: Int(clamping: message.length),
            blocks: deflated.blockCount,
            finalBlocks: deflated.finalBlockCount,
            largestDistance: deflated.largestDistance,
            reach: deflated.reach
        )
        held.removeAll(keepingCapacity: true)
        return [.message(summary)]
    }
}
