import WSKernels

/// The members of a part of what was received.
struct PartLine: Decodable {
    var hex: String?
    var sidecar: Int?
    var payload: Int?
    var start: Int?
    var length: Int?
    var message: String?
    var digest: UInt64?
    var frames: Int?
    var payloadLength: Int?
    var blocks: Int?
    var finalBlocks: Int?
    var largestDistance: Int?
    var reach: Int?
    var data: Int?

    /// The part of a connection of HTTP/2; nil if the members do not describe one.
    var carrierPart: CarrierPart? {
        if let hex { return Hex.decode(hex).map { .octets($0) } }
        return data.flatMap { $0 >= 0 ? .data($0) : nil }
    }

    /// The part; nil if the members do not describe one.
    var value: ReceivedPart? {
        if let message { return summary(message).map { .message($0) } }
        if let hex { return Hex.decode(hex).map { .octets($0) } }
        guard let length, length >= 0 else { return nil }
        if let sidecar, sidecar >= 0, length <= Int.max - sidecar {
            return .sidecar(position: sidecar, length: length)
        }
        guard let payload, let start, payload >= 0, start >= 0, length <= Int.max - start else { return nil }
        return .payload(index: payload, start: start, length: length)
    }

    private func summary(_ type: String) -> CompressedSummary? {
        guard ["text", "binary"].contains(type), let digest, let length, let payload, let frames, let payloadLength,
            let blocks, let finalBlocks,
            let largestDistance, let reach, payload >= 0, frames > 0, payloadLength >= 0,
            // Each frame has a header of two octets at least.
            frames <= length / 2, payloadLength <= length - 2 * frames, blocks >= 0,
            (0...blocks).contains(finalBlocks), (0...32_768).contains(largestDistance), reach >= 0
        else { return nil }
        return CompressedSummary(
            length: length,
            digest: digest,
            payload: payload,
            isText: type == "text",
            frames: frames,
            payloadLength: payloadLength,
            blocks: blocks,
            finalBlocks: finalBlocks,
            largestDistance: largestDistance,
            reach: reach
        )
    }
}
