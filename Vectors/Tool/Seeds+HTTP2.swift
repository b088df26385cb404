import WSHTTP2

extension Seeds {
    /// Field blocks for the target `hpack`: ordinary ones in every table, and each defect, alone and among others.
    mutating func addFieldBlocks() {
        let request = ["GET", "https", "/chat?a=b", "server.example.com"]
        let names = [":method", ":scheme", ":path", ":authority"]
        let fields = zip(names, request).map { FieldLine($0, $1) } + [FieldLine("cookie", "a=1"), FieldLine("x", "")]
        for size in 0..<6 as Range<UInt8> {
            for usesHuffman in [true, false] {
                var encoder = HPACKEncoder(tableSize: [4_096, 0, 40, 100, 256, 4_096][Int(size)])
                encoder.usesHuffman = usesHuffman
                let blocks = (0..<3).map { _ in encoder.encode(fields) }
                add([size] + blocks.flatMap { [UInt8($0.count)] + $0 }, to: "hpack")
                let never = encoder.encode(fields.map { .neverIndexed($0) })
                add([size, UInt8(never.count)] + never + [3, 0x20, 0x3F, 0x09], to: "hpack")
            }
        }
        for defect in HPACKDefect.allCases {
            let octets = defect.octets
            add([0, UInt8(octets.count)] + octets, to: "hpack")
            add([0, UInt8(octets.count + 2), 0x82] + octets + [0x84, 1, 0x82], to: "hpack")
        }
    }

    /// Connections as ``HTTP2Recipe`` has them: each operation in each variant, alone and behind a request.
    mutating func addConnections() {
        for operation in 0..<16 as Range<UInt8> {
            for variant in 0..<16 as Range<UInt8> {
                let octet = variant << 4 | operation
                let arguments: [UInt8] = [3, 0, 4, 1, 2, 0x82, 5, 0]
                add([variant & 1, octet] + arguments, to: "http2")
                let request: [UInt8] = [variant & 0x20 | 0x21, 0]
                add([0] + request + [octet, 0] + arguments + [0, 20, 0, 4, 0], to: "http2")
            }
        }
        let flood = [[UInt8]](repeating: [0x40, 0xFF, 0], count: 6).flatMap { $0 }
        add([0, 0x21, 0] + flood, to: "http2")
        add([0, 0x55, 4, 1, 0x21, 0] + flood + [9, 6, 0, 0x19, 6], to: "http2")
    }
}
