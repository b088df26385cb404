import TestSupport
import Testing
import WSDeflate
import WSProtocol

@Suite struct `Where a message reader stands` {
    private static func reader(compressing: Bool = true) -> MessageReader {
        MessageReader(
            sender: .server,
            negotiation: Negotiation(compression: compressing ? DeflateParameters() : nil)
        )
    }

    private struct Pulled {
        var events: [MessageEvent]
        var text: String
    }

    /// Everything that is pulled for these octets, with the content put together.
    private static func read(_ bytes: [UInt8], _ reader: inout MessageReader) -> Pulled {
        var position = 0
        var events: [MessageEvent] = []
        var content: [UInt8] = []
        while let event = reader.next(in: bytes.span, at: &position) {
            if case .content(let piece) = event { reader.append(piece, in: bytes.span, to: &content) }
            events.append(event)
        }
        return Pulled(events: events, text: String(decoding: content, as: UTF8.self))
    }

    /// A frame's octets, and where the reader stands behind each of them: in a frame (f), in a message that is open
    /// between frames (m), in a message at all (d), between messages (b).
    private static let steps: [(octets: [UInt8], places: [String])] = [
        ([0x01, 0x01, 0x61], ["f", "fmd", "md"]),
        ([0x89, 0x01, 0x62], ["fmd", "fmd", "md"]),
        ([0x80, 0x01, 0x63], ["fmd", "fmd", "b"]),
        ([0x83, 0x01, 0x64], ["f", "f", "b"]),
        ([0x89, 0x01, 0x65], ["f", "f", "b"]),
        ([0x80, 0x01, 0x66], ["f", "fd", "b"]),
        ([0xC1, 0x03, 0x4A, 0x04, 0x00], ["f", "fmd", "fmd", "fmd", "b"]),
    ]

    @Test func `is told behind every octet`() {
        var reader = Self.reader()
        for (octets, places) in Self.steps {
            let found = octets.map { octet in
                _ = Self.read([octet], &reader)
                let marks = [
                    (reader.isInsideFrame, "f"), (reader.isInsideMessage, "m"), (reader.isInsideDataMessage, "d"),
                    (reader.isBetweenMessages, "b"),
                ]
                return marks.filter(\.0).map(\.1).joined()
            }
            #expect(found == places)
        }
    }

    @Test func `A compressed message is open until its end was pulled`() {
        var writer = DeflateWriter()
        writer.appendFixed([.literal(0x61)] + Array(repeating: .match(length: 258, distance: 1), count: 600))
        writer.endMessage()
        var bytes: [UInt8] = []
        FrameHeader(rsv: 4, opcode: .text, payloadLength: UInt64(writer.octets.count))
            .encode(payload: writer.octets.span, into: &bytes)
        var reader = Self.reader()
        var position = 0
        var isOpen = false
        var pieces = 0
        while let event = reader.next(in: bytes.span, at: &position) {
            switch event {
            case .frame: isOpen = true
            case .message: isOpen = false
            case .content: pieces += 1
            default: break
            }
            #expect(reader.isInsideDataMessage == isOpen)
            #expect(reader.isBetweenMessages == !isOpen)
            #expect(reader.skippablePayload == 0)
        }
        #expect(pieces >= 2)
        #expect(!isOpen)
    }

    @Test func `A message that was skipped is the context of the next`() {
        for isFailedBefore in [false, true] {
            var reader = Self.reader()
            // A message of its own, or one with a reserved block type.
            let before: [UInt8] =
                isFailedBefore ? [0xC1, 0x01, 0x06] : [0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
            _ = Self.read(before, &reader)
            #expect(reader.deflated != nil)
            let hello = Array("Hello".utf8)
            reader.skipMessage(octets: 9, content: hello.span)
            #expect(reader.deflated == nil)
            let next = Self.read([0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00], &reader)
            #expect(next.text == "Hello")
            guard case .message(let message, contentLength: 5)? = next.events.last else {
                Issue.record("no message: \(next.events)")
                continue
            }
            #expect(message.offset == UInt64(before.count + 9))
            #expect(reader.deflated?.isWellFormed == true)
            #expect(reader.deflated?.reach == 4)
        }
    }

    @Test func `Whole messages that are skipped move the stream's offset on`() {
        var decoder = StreamDecoder(sender: .server, streamOffset: 5)
        decoder.skipFrames(100)
        #expect(decoder.streamOffset == 105)
    }

    @Test func `Nothing of a reserved or control frame can be skipped`() {
        for opcode in [0x83, 0x89, 0x8B] as [UInt8] {
            var reader = Self.reader(compressing: false)
            _ = Self.read([opcode, 0x05], &reader)
            #expect(reader.skippablePayload == 0)
        }
        var reader = Self.reader(compressing: false)
        _ = Self.read([0x82, 0x05], &reader)
        #expect(reader.skippablePayload == 5)
        reader.skipPayload(0, endingWith: [])
        #expect(reader.skippablePayload == 5)
        reader.skipPayload(5, endingWith: [1, 2, 3, 4])
        #expect(reader.skippablePayload == 0)
    }

    /// Content is the payload's octets turned around bit by bit.
    private struct Inverting: MessageDecoder {
        mutating func begin(_ header: FrameHeader) -> Bool { header.rsv & 4 != 0 }

        mutating func decode(
            _ payload: Span<UInt8>,
            limit: Int,
            into content: inout [UInt8]
        ) throws(MessageDecodingError) -> Int {
            let count = min(payload.count, limit)
            for index in 0..<count { content.append(~payload[index]) }
            return count
        }

        mutating func finish(limit: Int, into content: inout [UInt8]) throws(MessageDecodingError) -> Bool { true }
    }

    @Test func `A decoder that the caller gave stays, whatever is negotiated`() {
        var reader = MessageReader(sender: .server, decoder: Inverting())
        reader.negotiation = Negotiation(compression: DeflateParameters())
        #expect(Self.read([0xC2, 0x01, 0x9E], &reader).text == "a")
    }

    @Test func `The same negotiation again leaves the context of compression`() {
        var reader = Self.reader()
        _ = Self.read([0xC1, 0x07, 0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], &reader)
        reader.negotiation = Negotiation(compression: DeflateParameters())
        #expect(Self.read([0xC1, 0x05, 0xF2, 0x00, 0x11, 0x00, 0x00], &reader).text == "Hello")
    }
}
