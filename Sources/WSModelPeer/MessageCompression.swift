import WSCompression
import WSDeflate
import WSProtocol

/// Compresses the messages of a model peer, as the handshake agreed (RFC 7692 section 7.2.1).
///
/// It compresses what answers a compressed message, and every other message that is not very short: section 6 leaves
/// the choice to the sender. Defects in what compressed messages are made of are applied here.
struct MessageCompression: Sendable {
    /// From how many octets on a message is compressed unasked.
    static let shortest = 16

    private let defects: Set<ModelDefect>
    private var compressor: Compressor

    /// Creates a compressor before the first message of the role.
    init(_ parameters: DeflateParameters, role: Role, defects: Set<ModelDefect>) {
        self.defects = defects
        let keepsContext = parameters.keepsContext(of: role) || defects.contains(.keepsContextAnyway)
        compressor = Compressor(
            windowBits: defects.contains(.exceedsWindow) ? 15 : parameters.windowBits(of: role),
            keepsContext: keepsContext && !defects.contains(.startsEachMessageAnew)
        )
    }

    /// The frames that are sent for one that has a whole message, or a control frame.
    mutating func frames(for frame: OutgoingFrame) -> [OutgoingFrame] {
        guard frame.opcode == .text || frame.opcode == .binary,
            frame.answersCompressed || frame.payload.count >= Self.shortest
        else { return [frame] }
        guard !defects.isEmpty else { return [compressed(frame)] }
        return spoiled(frame)
    }

    private mutating func compressed(_ frame: OutgoingFrame) -> OutgoingFrame {
        var frame = frame
        frame.payload = compressor.compress(frame.payload)
        frame.rsv = 4
        return frame
    }

    private mutating func spoiled(_ plain: OutgoingFrame) -> [OutgoingFrame] {
        guard !defects.contains(.compressesNothing) else { return [plain] }
        if defects.contains(.removesTailOfFragments) {
            // Each half is a message of its own, as far as the compressor knows.
            var frames = plain.halves(.continuation).map { compressed($0) }
            frames[1].rsv = 0
            return frames
        }
        var frame = compressed(plain)
        if defects.contains(.compressesInVain), frame.payload.count > plain.payload.count { return [plain] }
        if defects.contains(.padsWithOnes) { frame.payload = Self.finalBlock(plain.payload, padding: 1) + [0x00] }
        if defects.contains(.endsWithFinalBlock) { frame.payload = Self.finalBlock(plain.payload, padding: 0) }
        if defects.contains(.marksPlainAsCompressed) { frame.payload = plain.payload }
        if defects.contains(.omitsRSV1) { frame.rsv = 0 }
        if defects.contains(.changesTypeOfCompressed) { frame.opcode = plain.opcode == .text ? .binary : .text }
        if defects.contains(.leavesTail) { frame.payload += [0x00, 0x00, 0xFF, 0xFF] }
        if defects.contains(.removesOctetTooMuch) { frame.payload.removeLast(min(1, frame.payload.count)) }
        if defects.contains(.endsInsideBlock) { frame.payload.removeLast(min(2, frame.payload.count)) }
        if defects.contains(.corruptsBlock), !frame.payload.isEmpty { frame.payload[0] |= 0x06 }
        if defects.contains(.cutsIncompressible), plain.payload.count > 1000 {
            frame.payload = Array(frame.payload.prefix(plain.payload.count))
        }
        guard defects.contains(.setsRSV1OnContinuations) else { return [frame] }
        var frames = frame.halves(.continuation)
        frames[1].rsv = 4
        return frames
    }

    /// The octets as literals in a block with BFINAL set, and these bits up to the end of its last octet.
    private static func finalBlock(_ content: [UInt8], padding: Int) -> [UInt8] {
        var writer = DeflateWriter()
        writer.finalPadding = padding
        writer.appendFixed(DeflateSymbol.literals(content), isFinal: true)
        return writer.octets
    }

    /// The control frame as an endpoint with the defects sends it.
    func control(_ frame: OutgoingFrame) -> OutgoingFrame {
        var frame = frame
        if defects.contains(.setsRSV1OnControl) { frame.rsv = 4 }
        if defects.contains(.compressesControl) {
            var alone = Compressor()
            let payload = alone.compress(frame.payload)
            guard payload.count <= ControlFrame.maximumPayload else { return frame }
            frame.payload = payload
            frame.rsv = 4
        }
        return frame
    }
}
