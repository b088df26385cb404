import WSDeflate
import WSKernels
import WSProtocol
import WSScenario

/// Describes compressed messages in words, for the lines of a wire log.
enum DeflateText {
    /// How many blocks of a message are named.
    private static let mostBlocks = 4

    /// Describes a message with both of its lengths, and what its payload is made of.
    static func describe(
        _ message: Timeline.ReceivedMessage,
        _ deflated: DeflatedMessage,
        _ frames: String
    ) -> String {
        "\(message.opcode.name)\(frames) RSV1 \(OctetCount.text(message.payloadLength)) → \(message.length) "
            + "\(WireLog.quoted(message.preview)) (\(describe(deflated)))"
    }

    /// Describes a message of a loop of ours with both of its lengths.
    static func describe(_ loop: EchoLoop, _ payload: Payload, _ frames: (count: Int, payloadLength: UInt64)) -> String
    {
        var start: [UInt8] = []
        payload.append(0..<min(payload.count, WireLog.textLength + 1), to: &start)
        return "\(loop.opcode.name)\(frames.count == 1 ? " FIN" : " message in \(frames.count) frames,") RSV1 "
            + "\(OctetCount.text(frames.payloadLength)) → \(payload.count) \(WireLog.quoted(start))"
    }

    /// The blocks, and what is wrong or remarkable about them.
    static func describe(_ deflated: DeflatedMessage) -> String {
        var parts = [blocks(deflated)]
        if let failure = deflated.failure {
            parts.append(failure.description)
        } else if deflated.ending == .border {
            parts.append("no empty block at the end")
        }
        if let overrun = deflated.overrun {
            parts.append("distance \(overrun.distance) at bit \(overrun.bit)")
        }
        return parts.joined(separator: "; ")
    }

    /// The first blocks, with those of equal form beside each other counted.
    private static func blocks(_ deflated: DeflatedMessage) -> String {
        // The empty block that the tail completes stands at the end of every message.
        let isCompleted = deflated.ending == .emptyBlock
        let count = isCompleted ? deflated.blockCount - 1 : deflated.blockCount
        var runs: [(name: String, count: Int)] = []
        for block in deflated.blocks.prefix(count) {
            let name = block.isFinal ? "\(block.type) final" : "\(block.type)"
            if runs.last?.name == name { runs[runs.count - 1].count += 1 } else { runs.append((name, 1)) }
        }
        var names = runs.prefix(mostBlocks).map { $0.count > 1 ? "\($0.count) \($0.name)" : $0.name }
        let shown = runs.prefix(mostBlocks).reduce(0) { $0 + $1.count }
        if shown < count { names.append("\(count - shown) more") }
        // Only the number of blocks was kept of a message that passed after many others.
        if names.isEmpty { return "no block" }
        return deflated.blocks.isEmpty ? "\(count) \(count == 1 ? "block" : "blocks")" : names.joined(separator: ", ")
    }
}
