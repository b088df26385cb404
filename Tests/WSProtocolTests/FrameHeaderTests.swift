import TestSupport
import Testing
import WSKernels
import WSProtocol

@Suite struct `Frame headers` {
    /// The examples of RFC 6455 section 5.7.
    static let examples: [(bytes: String, header: FrameHeader)] = [
        ("8105", FrameHeader(opcode: .text, payloadLength: 5)),
        ("818537fa213d", FrameHeader(opcode: .text, maskingKey: MaskingKey(rawValue: 0x37FA_213D), payloadLength: 5)),
        ("0103", FrameHeader(fin: false, opcode: .text, payloadLength: 3)),
        ("8002", FrameHeader(opcode: .continuation, payloadLength: 2)),
        ("8905", FrameHeader(opcode: .ping, payloadLength: 5)),
        ("8a8537fa213d", FrameHeader(opcode: .pong, maskingKey: MaskingKey(rawValue: 0x37FA_213D), payloadLength: 5)),
        ("827e0100", FrameHeader(opcode: .binary, payloadLength: 256)),
        ("827f0000000000010000", FrameHeader(opcode: .binary, payloadLength: 65_536)),
    ]

    @Test(arguments: examples.indices)
    func `The examples of RFC 6455 section 5.7 come out both ways`(index: Int) {
        let (text, header) = Self.examples[index]
        expectRoundTrip(header)
        #expect(Hex.encode(encoded(header)) == text)
    }

    @Test
    func `Every first octet comes back`() async {
        await Sweep.each(of: [false, true], and: 0...7 as ClosedRange<UInt8>) { fin, rsv in
            for opcode in 0...15 as ClosedRange<UInt8> {
                let header = FrameHeader(fin: fin, rsv: rsv, opcode: Opcode(rawValue: opcode), payloadLength: 0)
                #expect(encoded(header)[0] == (fin ? 128 : 0) + rsv * 16 + opcode)
                expectRoundTrip(header)
            }
        }
    }

    @Test
    func `Every length comes back in every form that holds it`() async {
        await Sweep.each(
            of: [0, 1, 125, 126, 127, 65_535, 65_536, 1 << 31, 1 << 32, 1 << 62, 1 << 63, .max] as [UInt64]
        ) { length in
            for encoding in PayloadLengthEncoding.allCases where length <= encoding.maximum {
                for key in [nil, 0, 0xFFFF_FFFF, 0x0102_0304] as [UInt32?] {
                    let header = FrameHeader(
                        opcode: .binary,
                        maskingKey: key.map { MaskingKey(rawValue: $0) },
                        payloadLength: length,
                        lengthEncoding: encoding
                    )
                    expectRoundTrip(header)
                    #expect(header.lengthEncoding != .minimal)
                    #expect(header.isMinimal == (encoding == .minimal || encoding == .smallest(for: length)))
                }
            }
        }
    }

    @Test(arguments: [(125, 2), (126, 4), (65_535, 4), (65_536, 10)] as [(UInt64, Int)])
    func `The shortest form is chosen by default`(length: UInt64, octets: Int) {
        #expect(FrameHeader(opcode: .text, payloadLength: length).encodedLength == octets)
    }

    @Test func `A payload is masked behind its header, whatever length is declared`() {
        let payload = Array("Hello".utf8)
        var bytes: [UInt8] = [0xFF]
        let key = MaskingKey(rawValue: 0x37FA_213D)
        FrameHeader(opcode: .text, maskingKey: key, payloadLength: 7).encode(payload: payload.span, into: &bytes)
        #expect(Hex.encode(bytes) == "ff818737fa213d7f9f4d5158")
        bytes = []
        FrameHeader(opcode: .text, payloadLength: 5).encode(payload: payload.span, into: &bytes)
        #expect(bytes == [0x81, 0x05] + payload)
    }

    @Test func `Frames appended one by one do not move the earlier ones each time`() {
        let payload: [UInt8] = [1, 2, 3]
        var bytes: [UInt8] = []
        var capacities: Set<Int> = []
        for _ in 0..<10_000 {
            FrameHeader(opcode: .binary, payloadLength: 3).encode(payload: payload.span, into: &bytes)
            capacities.insert(bytes.capacity)
        }
        #expect(capacities.count < 40)
    }

    @Test func `A masking key restores a payload from any offset on`() {
        let key = MaskingKey(rawValue: 0x37FA_213D)
        var bytes: [UInt8] = [0x4D, 0x51, 0x58]
        key.apply(to: &bytes, payloadOffset: 2)
        #expect(bytes == Array("llo".utf8))
        bytes = [0x4D, 0x51, 0x58]
        key.apply(to: &bytes, payloadOffset: .max - 1)
        #expect(bytes == Array("llo".utf8))
    }

    @Test func `A length that its form cannot hold is refused`() async {
        await #expect(processExitsWith: .failure) {
            _ = FrameHeader(opcode: .text, payloadLength: 126, lengthEncoding: .bits7)
        }
    }

    private func encoded(_ header: FrameHeader) -> [UInt8] {
        var bytes: [UInt8] = []
        header.encode(into: &bytes)
        return bytes
    }

    private func expectRoundTrip(_ header: FrameHeader) {
        let bytes = encoded(header)
        #expect(bytes.count == header.encodedLength)
        for feeding in Feeding.anywhere {
            #expect(DripFeeder.slices(of: bytes, feeding).first == .header(header, offset: 0))
        }
    }
}
