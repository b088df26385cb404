import WSKernels
import WSProtocol

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// How fast messages come out of three decoders, in one run: frames with a mask, in reads of 64 KiB.
///
/// What is measured is processor time, so that what else runs on the machine matters less.
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
            // An argument keeps those whose name holds it.
            let name = CommandLine.arguments.dropFirst().first ?? ""
            let all: [any DecoderUnderMeasure.Type] = [Ours.self, Wslay.self, NIO.self]
            measure(all.filter { name.isEmpty || $0.name.contains(name) }, stream, entry.name, wanted)
        }
    }

    /// Prints the best of many rounds, in which the decoders take turns.
    private static func measure(
        _ decoders: [any DecoderUnderMeasure.Type],
        _ stream: [UInt8],
        _ name: String,
        _ wanted: (Int, Int)
    ) {
        var best = decoders.map { _ in 1000.0 }
        for _ in 0..<40 {
            for (index, decoder) in decoders.enumerated() {
                var result = (messages: 0, octets: 0)
                let begun = processorSeconds()
                result = decoder.read(stream, piece: piece)
                let time = processorSeconds() - begun
                precondition(result == wanted, "\(decoder.name) read \(result), not \(wanted)")
                best[index] = min(best[index], time)
            }
        }
        for (decoder, seconds) in zip(decoders, best) {
            let rate = String(Int(Double(wanted.0) / seconds))
            let megabytes = String(Int(Double(wanted.1) / seconds / 1e6))
            let columns = padded(rate, 12, left: true) + " " + padded(megabytes, 9, left: true)
            print("\(padded(name, 26)) \(padded(decoder.name, 32)) \(columns)")
        }
    }

    private static func processorSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func padded(_ text: String, _ width: Int, left: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return left ? blanks + text : text + blanks
    }
}
