import WSKernels
import WSProtocol

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// How fast messages come out of three decoders and of two inflaters, and frames out of two readers of HTTP/2.
///
/// The decoders read frames with a mask, 64 KiB at a time, as do the readers of HTTP/2.
///
/// What is measured is processor time, so that what else runs on the machine matters less.
@main
struct Benchmark {
    static let piece = 65_536

    static func main() {
        // An argument keeps those whose name holds it.
        let name = CommandLine.arguments.dropFirst().first ?? ""
        measureDecoders(named: name)
        measureInflaters(named: name)
        measureHTTP2(named: name)
    }

    private static func measureDecoders(named name: String) {
        let all: [any DecoderUnderMeasure.Type] = [Ours.self, Wslay.self, NIO.self]
        let decoders = all.filter { name.isEmpty || $0.name.contains(name) }
        guard !decoders.isEmpty else { return }
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
            measure(decoders, stream, entry.name, wanted)
        }
    }

    /// Prints how fast 32 compressed messages of 64 KiB come out of the two inflaters, and how the first compares.
    private static func measureInflaters(named name: String) {
        let all: [any InflaterUnderMeasure.Type] = [OurInflater.self, Zlib.self]
        let chosen = all.filter { name.isEmpty || $0.name.contains(name) }
        guard !chosen.isEmpty else { return }
        print("messages of 64 KiB         inflater                            messages/s      MB/s   of zlib's")
        let cases: [(name: String, content: (inout SplitMix64) -> [UInt8])] = [
            ("text", Contents.text), ("JSON", Contents.json),
        ]
        for entry in cases {
            var random = SplitMix64(seed: 1)
            let contents = (0..<32).map { _ in entry.content(&random) }
            let payloads = Payloads(of: contents)
            let wanted = contents.reduce(0) { $0 + $1.count }
            var inflaters = chosen.map { $0.init() }
            var best = chosen.map { _ in 1000.0 }
            for _ in 0..<60 {
                for index in inflaters.indices {
                    let begun = processorSeconds()
                    let count = inflaters[index].inflate(payloads)
                    best[index] = min(best[index], processorSeconds() - begun)
                    precondition(count == wanted, "\(chosen[index].name) put out \(count) octets, not \(wanted)")
                }
            }
            for (inflater, seconds) in zip(chosen, best) {
                let percent = chosen.count == 2 ? "\(Int(100 * best[1] / seconds)) %" : ""
                printRow(
                    entry.name,
                    inflater.name,
                    contents.count,
                    wanted,
                    seconds,
                    after: padded(percent, 12, left: true)
                )
            }
        }
    }

    /// Prints how fast DATA of 16 KiB and requests come out of the two readers of HTTP/2, and how the first compares.
    private static func measureHTTP2(named name: String) {
        let all: [any HTTP2UnderMeasure.Type] = [OurObserver.self, NIOHandler.self]
        let readers = all.filter { name.isEmpty || $0.name.contains(name) }
        guard !readers.isEmpty else { return }
        print("HTTP/2                     reader                              frames/s      MB/s   of SwiftNIO's")
        let cases = [
            ("DATA of 16 KiB", ClientConnection.data(of: 16_384, count: 1_024)),
            ("HEADERS", ClientConnection.headers(count: 4_096)),
        ]
        for (title, connection) in cases {
            var best = readers.map { _ in 1000.0 }
            var octets = 0
            for _ in 0..<40 {
                for (index, reader) in readers.enumerated() {
                    let begun = processorSeconds()
                    let result = reader.read(connection, piece: piece)
                    best[index] = min(best[index], processorSeconds() - begun)
                    // SwiftNIO hands DATA on in the pieces in which they come.
                    precondition(result.frames >= connection.frames - 1, "\(reader.name) read \(result.frames) frames")
                    precondition(octets == 0 || octets == result.octets, "\(reader.name) read \(result.octets) octets")
                    octets = result.octets
                }
            }
            for (reader, seconds) in zip(readers, best) {
                let percent = readers.count == 2 ? "\(Int(100 * best[1] / seconds)) %" : ""
                let after = padded(percent, 16, left: true)
                printRow(title, reader.name, connection.frames, octets, seconds, after: after)
            }
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
        for (decoder, seconds) in zip(decoders, best) { printRow(name, decoder.name, wanted.0, wanted.1, seconds) }
    }

    private static func printRow(
        _ stream: String,
        _ decoder: String,
        _ messages: Int,
        _ octets: Int,
        _ seconds: Double,
        after: String = ""
    ) {
        let rate = padded(String(Int(Double(messages) / seconds)), 12, left: true)
        let megabytes = padded(String(Int(Double(octets) / seconds / 1e6)), 9, left: true)
        print("\(padded(stream, 26)) \(padded(decoder, 32)) \(rate) \(megabytes)\(after)")
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
