import TestSupport
import Testing
import WSProtocol

@Suite struct `Restarted stream decoder` {
    /// An open text message, a Ping inside of it, a message that may not begin there, and a Close frame.
    static let first: [UInt8] =
        [0x01, 0x02, 0xE2, 0x82] + [0x89, 0x01, 0x61] + [0x82, 0x01, 0x62] + [0x88, 0x02, 0x03, 0xE8]
    /// A continuation of nothing, a Ping, and a text message; nothing of it is masked.
    static let second: [UInt8] = [0x80, 0x01, 0x63] + [0x89, 0x00] + [0x81, 0x01, 0x64]

    /// At most so many events of a stream.
    private static func events(_ decoder: inout StreamDecoder, _ bytes: [UInt8], most: Int = .max) -> [StreamEvent] {
        var position = 0
        var events: [StreamEvent] = []
        while events.count < most, let event = decoder.next(in: bytes.span, at: &position) { events.append(event) }
        return events
    }

    @Test func `It reads another stream as a new one does, wherever it left the first`() async {
        var fresh = StreamDecoder(sender: .client)
        let expected = Self.events(&fresh, Self.second)
        #expect(expected.contains { if case .violation = $0 { true } else { false } })
        await Sweep.each(of: 0...Self.first.count, and: [1, 2, 3, 4, 5, 6, 7, .max]) { count, most in
            var decoder = StreamDecoder(sender: .server)
            _ = Self.events(&decoder, Array(Self.first.prefix(count)), most: most)
            decoder.restart(sender: .client)
            #expect(decoder.sender == .client)
            #expect(decoder.streamOffset == 0)
            #expect(decoder.currentHeader == nil)
            #expect(!decoder.hasSeenClose && !decoder.isInsideFrame && !decoder.isInsideMessage)
            #expect(Self.events(&decoder, Self.second) == expected)
        }
    }

    @Test func `It keeps what the extension permits, and whether violations are described`() {
        var decoder = StreamDecoder(sender: .server)
        decoder.permittedRSV = 4
        decoder.describesViolations = false
        decoder.restart(sender: .server)
        let compressed: [UInt8] = [0xC1, 0x01, 0xFF]
        let kinds = Self.events(&decoder, compressed).filter { if case .violation = $0 { true } else { false } }
        #expect(kinds == [])
        let reserved: [UInt8] = [0x83, 0x00]
        let violations = Self.events(&decoder, reserved).compactMap { event in
            if case .violation(let violation) = event { violation } else { nil }
        }
        #expect(violations == [Violation(rule: .reservedOpcode, offset: 3, detail: "")])
    }

    @Test func `It tells when it is inside of frames and messages`() {
        var decoder = StreamDecoder(sender: .server)
        var places: [String] = []
        for byte in [0x01, 0x01, 0x61, 0x80, 0x00] as [UInt8] {
            let bytes = [byte]
            _ = Self.events(&decoder, bytes)
            places.append((decoder.isInsideFrame ? "frame " : "") + (decoder.isInsideMessage ? "message" : ""))
        }
        #expect(places == ["frame ", "frame message", "message", "frame message", ""])
    }

    @Test func `A reason that ends inside of a sequence is told in the longest body, too`() {
        let reason = Array(repeating: 0x61 as UInt8, count: 122) + [0xC3]
        let bytes: [UInt8] = [0x88, 125, 0x03, 0xE8] + reason
        var decoder = StreamDecoder(sender: .server)
        let violations = Self.events(&decoder, bytes).compactMap { event in
            if case .violation(let violation) = event { (violation.rule, violation.offset) } else { nil }
        }
        #expect(violations.map(\.0) == [.closeReasonNotUTF8])
        #expect(violations.map(\.1) == [2 + 2 + 122])
    }
}
