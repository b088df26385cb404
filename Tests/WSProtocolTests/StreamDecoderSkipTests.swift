import TestSupport
import Testing
import WSKernels
import WSProtocol

@Suite struct `Skipped payload` {
    static let nothing: [UInt8] = []

    @Test func `A skipped message has its length and its end`() {
        var decoder = StreamDecoder(sender: .server)
        let bytes: [UInt8] = [0x82, 0x7F, 0, 0, 0, 1, 0, 0, 0, 0]
        var position = 0
        _ = decoder.next(in: bytes.span, at: &position)
        decoder.skipPayload(1 << 32)
        position = 0
        #expect(decoder.next(in: Self.nothing.span, at: &position) == .frameEnd(offset: 10 + 1 << 32))
        let message = Message(opcode: .binary, length: 1 << 32, frameCount: 1, offset: 0, end: 10 + 1 << 32)
        #expect(decoder.next(in: Self.nothing.span, at: &position) == .messageEnd(message))
        #expect(decoder.next(in: Self.nothing.span, at: &position) == nil)
    }

    @Test
    func `Text may be skipped up to any byte when the state is given`() async {
        await Sweep.each(of: 0...12) { skipped in
            let text = Array("aé€😀b\u{7FF}".utf8)
            var bytes: [UInt8] = []
            let key = MaskingKey(rawValue: 0x5A01_FF37)
            let header = FrameHeader(opcode: .text, maskingKey: key, payloadLength: UInt64(text.count))
            header.encode(payload: text.span, into: &bytes)

            var state = UTF8StreamValidator()
            state.validate(text.span.extracting(first: skipped))
            var decoder = StreamDecoder(sender: .client)
            var position = 0
            _ = decoder.next(in: bytes.span, at: &position)
            decoder.skipPayload(UInt64(skipped), utf8: state)
            position += skipped
            let payload = decoder.next(in: bytes.span, at: &position)
            let offset = UInt64(skipped)
            if skipped < text.count {
                let chunk = (header.encodedLength + skipped)..<bytes.count
                #expect(payload == .payload(chunk: chunk, payloadOffset: offset, messageOffset: offset))
                #expect(decoder.next(in: bytes.span, at: &position) == .frameEnd(offset: UInt64(bytes.count)))
            }
            let end = UInt64(bytes.count)
            let message = Message(opcode: .text, length: UInt64(text.count), frameCount: 1, offset: 0, end: end)
            #expect(decoder.next(in: bytes.span, at: &position) == .messageEnd(message))
        }
    }

    @Test func `An impossible byte after skipped text is found where it stands`() {
        let violation = violation(after: [0xE2, 0x82], then: [0x28])
        #expect(violation?.rule == .invalidUTF8)
        #expect(violation?.offset == 4)
    }

    @Test func `A sequence left unfinished by skipped text is found where it began`() {
        let violation = violation(after: [0x61, 0xE2], then: [0x82])
        #expect(violation?.rule == .truncatedUTF8)
        #expect(violation?.offset == 3)
    }

    @Test func `Text that has failed is reported once, whatever is skipped after`() {
        var decoder = StreamDecoder(sender: .server)
        let bytes: [UInt8] = [0x81, 0x04, 0xFF]
        let rest: [UInt8] = [0xFF, 0x61]
        var position = 0
        var violations = 0
        while let event = decoder.next(in: bytes.span, at: &position) {
            if case .violation = event { violations += 1 }
        }
        decoder.skipPayload(1, utf8: UTF8StreamValidator())
        position = 0
        while let event = decoder.next(in: rest.span, at: &position) {
            if case .violation = event { violations += 1 }
        }
        #expect(violations == 1)
    }

    @Test func `Without a state, skipped text leaves the check where it was`() {
        var decoder = StreamDecoder(sender: .server)
        let bytes: [UInt8] = [0x81, 0x05, 0xC3]
        let rest: [UInt8] = [0xA9]
        var position = 0
        while decoder.next(in: bytes.span, at: &position) != nil {}
        decoder.skipPayload(3)
        position = 0
        var events: [StreamEvent] = []
        while let event = decoder.next(in: rest.span, at: &position) { events.append(event) }
        let message = Message(opcode: .text, length: 5, frameCount: 1, offset: 0, end: 7)
        let payload = StreamEvent.payload(chunk: 0..<1, payloadOffset: 4, messageOffset: 4)
        #expect(events == [payload, .frameEnd(offset: 7), .messageEnd(message)])
    }

    @Test func `Skipping a control frame's payload is refused`() async {
        await #expect(processExitsWith: .failure) {
            var decoder = StreamDecoder(sender: .server)
            let bytes: [UInt8] = [0x89, 0x01]
            var position = 0
            _ = decoder.next(in: bytes.span, at: &position)
            decoder.skipPayload(1)
        }
    }

    /// The violation in an unmasked text of which the first part is skipped.
    private func violation(after skipped: [UInt8], then rest: [UInt8]) -> Violation? {
        var decoder = StreamDecoder(sender: .server)
        let header = [0x81, UInt8(skipped.count + rest.count)]
        var position = 0
        _ = decoder.next(in: header.span, at: &position)
        var state = UTF8StreamValidator()
        state.validate(skipped.span)
        decoder.skipPayload(UInt64(skipped.count), utf8: state)
        position = 0
        while let event = decoder.next(in: rest.span, at: &position) {
            if case .violation(let violation) = event { return violation }
        }
        return nil
    }
}
