import WSKernels
import WSProtocol

/// How fast messages come out of three decoders, in one run: frames with a mask, in reads of 64 KiB.
@main
struct Benchmark {
    static let piece = 65_536

    static func main() {
        print("stream                     decoder                            messages/s      MB/s")
        let cases: [(name: String, opcode: Opcode, payload: [UInt8], count: Int)] = [
            ("1 KiB binary", .binary, Array(repeating: 0x5A, count: 1024), 16_384),
            ("16-byte text", .text, Array("sixteen octets!!".utf8), 262_144),
        ]
        for entry in cases {
            var stream: [UInt8] = []
            var random = SplitMix64(seed: 1)
            for _ in 0..<entry.count {
                FrameHeader(
                    opcode: entry.opcode,
                    maskingKey: MaskingKey(rawValue: UInt32(truncatingIfNeeded: random.next())),
                    payloadLength: UInt64(entry.payload.count)
                ).encode(payload: entry.payload.span, into: &stream)
            }
            let wanted = (entry.count, entry.count * entry.payload.count)
            let all: [any DecoderUnderMeasure.Type] = [Ours.self, Wslay.self, NIO.self]
            for decoder in all { measure(decoder, stream, entry.name, wanted) }
        }
    }

    /// Prints the best of seven rounds.
    private static func measure(
        _ decoder: any DecoderUnderMeasure.Type,
        _ stream: [UInt8],
        _ name: String,
        _ wanted: (Int, Int)
    ) {
        var best = Duration.seconds(1000)
        for _ in 0..<7 {
            var result = (messages: 0, octets: 0)
            let time = ContinuousClock().measure { result = decoder.read(stream, piece: piece) }
            precondition(result == wanted, "\(decoder.name) read \(result), not \(wanted)")
            best = min(best, time)
        }
        let seconds = Double(best.components.attoseconds) / 1e18 + Double(best.components.seconds)
        let rate = Int(Double(wanted.0) / seconds)
        let megabytes = Int(Double(wanted.1) / seconds / 1e6)
        print("\(padded(name, 26)) \(padded(decoder.name, 32)) \(padded(String(rate), 12, left: true)) "
            + "\(padded(String(megabytes), 9, left: true))")
    }

    private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return left ? blanks + text : text + blanks
    }
}
