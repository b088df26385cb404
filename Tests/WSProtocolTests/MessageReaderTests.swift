import TestSupport
import Testing
import WSFuzzing
import WSKernels
import WSProtocol

@Suite struct `Message reader` {
    /// A message or control frame as a test compares it.
    private enum Read: Hashable {
        case message(Message, [UInt8])
        case control(ControlFrame)
        case close(CloseBody, offset: UInt64)
        case violation(ViolationRule, offset: UInt64)
    }

    /// Reads the octets with one reader; whatever a frame behind the input shows is dropped.
    private static func read(_ bytes: [UInt8], _ reader: MessageReader, _ feeding: Feeding) -> [Read] {
        var reader = reader
        var result: [Read] = []
        var content: [UInt8] = []
        var fed = 0
        for chunk in feeding.chunks(of: bytes) {
            var position = 0
            while let event = reader.next(in: chunk.span, at: &position) {
                guard fed + position <= bytes.count else { continue }
                switch event {
                case .frame(let header, _):
                    if header.opcode == .text || header.opcode == .binary { content = [] }
                case .content(let piece):
                    #expect(piece.contentOffset == UInt64(content.count))
                    reader.append(piece, in: chunk.span, to: &content)
                    var lent: [UInt8] = []
                    reader.read(piece, in: chunk.span, into: &lent) { lent, octets in
                        for index in octets.indices { lent.append(octets[index]) }
                    }
                    #expect(lent == content.suffix(piece.count))
                case .message(let message, let contentLength):
                    #expect(contentLength == UInt64(content.count))
                    result.append(.message(message, content))
                case .control(let frame): result.append(.control(frame))
                case .close(let body, let offset, _): result.append(.close(body, offset: offset))
                case .violation(let violation): result.append(.violation(violation.rule, offset: violation.offset))
                case .frameEnd: break
                }
            }
            fed += chunk.count
        }
        return result
    }

    /// What the rules make of the same octets, with the payload of each message put together.
    private static func expected(_ bytes: [UInt8], sender: Role) -> [Read] {
        var result: [Read] = []
        var content: [UInt8] = []
        var header: FrameHeader?
        for event in ReferenceDecoder.observations(of: bytes, sender: sender) {
            switch event {
            case .payload(var payload, let payloadOffset, let messageOffset):
                header?.maskingKey?.apply(to: &payload, payloadOffset: payloadOffset)
                guard let opcode = header?.opcode, !opcode.isControl, !opcode.isReserved else { break }
                content = content.prefix(Int(messageOffset)) + payload
            case .other(.frame(let next, _)):
                header = next
                if next.opcode == .text || next.opcode == .binary { content = [] }
            case .other(.messageEnd(let message)): result.append(.message(message, content))
            case .other(.control(let frame)): result.append(.control(frame))
            case .other(.close(let body, let offset, _)): result.append(.close(body, offset: offset))
            case .other(.violation(let violation)):
                result.append(.violation(violation.rule, offset: violation.offset))
            case .other: break
            }
        }
        return result
    }

    @Test(arguments: [Role.client, .server], [true, false])
    func `Messages of random streams are those of the reference, however they are cut`(sender: Role, legal: Bool) {
        for seed in 0..<150 as Range<UInt64> {
            let bytes = RandomStream.bytes(seed: seed, sender: sender, legal: legal)
            let expected = Self.expected(bytes, sender: sender)
            for feeding in legal ? Feeding.all : Feeding.anywhere {
                let found = Self.read(bytes, MessageReader(sender: sender), feeding)
                #expect(found == expected, "seed \(seed), fed \(feeding)")
            }
        }
    }

    // MARK: - Decoding

    /// Makes several octets of each, takes as much at a time as it is allowed, and says one thing more at the end.
    private struct Repeating: MessageDecoder {
        var times: Int
        /// An octet that stands for a broken payload.
        var broken: UInt8?
        var trailer: [UInt8] = []
        private var left: [UInt8] = []

        init(times: Int, broken: UInt8? = nil, trailer: [UInt8] = []) {
            (self.times, self.broken, self.trailer) = (times, broken, trailer)
        }

        mutating func begin(_ header: FrameHeader) -> Bool {
            left = trailer
            return header.rsv & 4 != 0
        }

        mutating func decode(
            _ payload: Span<UInt8>,
            limit: Int,
            into content: inout [UInt8]
        ) throws(MessageDecodingError) -> Int {
            var taken = 0
            while taken < payload.count, content.count + times <= limit {
                guard payload[taken] != broken else { throw MessageDecodingError(.reservedBits, "it is broken") }
                content += Array(repeating: payload[taken], count: times)
                taken += 1
            }
            return taken
        }

        mutating func finish(limit: Int, into content: inout [UInt8]) throws(MessageDecodingError) -> Bool {
            if !left.isEmpty { content.append(left.removeFirst()) }
            return left.isEmpty
        }
    }

    private static let coded = Negotiation(
        extensions: [ExtensionOffer(name: "x-repeat")],
        compression: DeflateParameters()
    )

    private static func frame(
        _ opcode: Opcode,
        _ payload: [UInt8],
        fin: Bool = true,
        rsv: UInt8 = 0,
        key: UInt32? = nil
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        FrameHeader(
            fin: fin,
            rsv: rsv,
            opcode: opcode,
            maskingKey: key.map { MaskingKey(rawValue: $0) },
            payloadLength: UInt64(payload.count)
        ).encode(payload: payload.span, into: &bytes)
        return bytes
    }

    @Test(arguments: Feeding.all)
    func `A decoder makes the content of the messages that are coded, and of no other`(feeding: Feeding) {
        let bytes =
            Self.frame(.text, Array("ab".utf8), fin: false, rsv: 4, key: 0x0102_0304)
            + Self.frame(.ping, [7], key: 0x0A0B_0C0D)
            + Self.frame(.continuation, Array("c".utf8), key: 0x0506_0708)
            + Self.frame(.text, Array("plain".utf8), key: 0x1112_1314)
        let reader = MessageReader(
            sender: .client,
            negotiation: Self.coded,
            decoder: Repeating(times: 3, trailer: Array("!?".utf8))
        )
        let found = Self.read(bytes, reader, feeding)
        let first = Message(opcode: .text, length: 3, frameCount: 2, offset: 0, end: 22)
        let second = Message(opcode: .text, length: 5, frameCount: 1, offset: 22, end: 33)
        #expect(
            found == [
                .control(ControlFrame(opcode: .ping, payload: [7], declaredLength: 1, offset: 8, end: 15)),
                .message(first, Array("aaabbbccc!?".utf8)),
                .message(second, Array("plain".utf8)),
            ]
        )
    }

    @Test func `A short payload with a long content comes in pieces of bounded length`() {
        let bytes = Self.frame(.binary, Array(repeating: 1, count: 200), rsv: 4)
        var reader = MessageReader(sender: .server, negotiation: Self.coded, decoder: Repeating(times: 10_000))
        var position = 0
        var lengths: [Int] = []
        while let event = reader.next(in: bytes.span, at: &position) {
            if case .content(let content) = event { lengths.append(content.count) }
        }
        #expect(lengths.reduce(0, +) == 2_000_000)
        #expect(lengths.allSatisfy { $0 <= 65_536 })
    }

    @Test(arguments: Feeding.all)
    func `A payload that cannot be decoded is told where it stands, and the next message is read`(feeding: Feeding) {
        let bytes =
            Self.frame(.binary, [1], fin: false, rsv: 4)
            + Self.frame(.continuation, [9], fin: false) + Self.frame(.continuation, [2])
            + Self.frame(.binary, [3], rsv: 4)
        let reader = MessageReader(
            sender: .server,
            negotiation: Self.coded,
            decoder: Repeating(times: 1, broken: 9)
        )
        #expect(
            Self.read(bytes, reader, feeding) == [
                .violation(.reservedBits, offset: 5),
                .message(Message(opcode: .binary, length: 3, frameCount: 3, offset: 0, end: 9), [1]),
                .message(Message(opcode: .binary, length: 1, frameCount: 1, offset: 9, end: 12), [3]),
            ]
        )
    }

    @Test(arguments: Feeding.all)
    func `The content of a coded text has to be UTF-8, its payload need not be`(feeding: Feeding) {
        let reader = MessageReader(sender: .server, negotiation: Self.coded, decoder: Repeating(times: 2))
        let wrong = Self.frame(.text, [0x61, 0xC3], rsv: 4)
        #expect(
            Self.read(wrong, reader, feeding) == [
                .violation(.invalidUTF8, offset: feeding == .byteByByte ? 3 : Self.firstOctet(of: wrong, feeding)),
                .message(
                    Message(opcode: .text, length: 2, frameCount: 1, offset: 0, end: 4),
                    [0x61, 0x61, 0xC3, 0xC3]
                ),
            ]
        )
        let cut = MessageReader(
            sender: .server,
            negotiation: Self.coded,
            decoder: Repeating(times: 1, trailer: [0xC3])
        )
        let whole = Message(opcode: .text, length: 1, frameCount: 1, offset: 0, end: 3)
        #expect(
            Self.read(Self.frame(.text, [0x61], rsv: 4), cut, feeding) == [
                .violation(.truncatedUTF8, offset: 2), .message(whole, [0x61, 0xC3]),
            ]
        )
    }

    /// Where the piece begins in which the last octet of a frame of two header octets is fed.
    private static func firstOctet(of bytes: [UInt8], _ feeding: Feeding) -> UInt64 {
        var start = 0
        for chunk in feeding.chunks(of: bytes) {
            if start + chunk.count >= bytes.count { break }
            start += chunk.count
        }
        return UInt64(max(2, start))
    }

    // MARK: - What is settled

    @Test func `What the handshake permits counts from the moment at which it is set`() {
        let bytes = Self.frame(.binary, [1], rsv: 4)
        var reader = MessageReader(sender: .server)
        #expect(Self.read(bytes, reader, .whole).contains(.violation(.reservedBits, offset: 0)))
        reader.negotiation = Self.coded
        #expect(!Self.read(bytes, reader, .whole).contains(.violation(.reservedBits, offset: 0)))
    }

    @Test func `An acceptance settles its subprotocol and its extensions`() {
        let octets = Array(
            ("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: chat\r\n"
                + "Sec-WebSocket-Extensions: a; b=1\r\nSec-WebSocket-Extensions: c\r\n\r\n").utf8
        )
        let settled = Negotiation(HTTPHead(kind: .response, raw: octets))
        #expect(settled.subprotocol == "chat")
        #expect(settled.extensions.map(\.name) == ["a", "c"])
        #expect(settled.permittedRSV == 0)
    }

    // MARK: - Skipping

    @Test func `Only the payload of a data frame that is not coded can be skipped`() {
        let nothing: [UInt8] = []
        let data = Self.frame(.text, Array("aé".utf8))
        var reader = MessageReader(sender: .server)
        #expect(reader.skippablePayload == 0)
        var position = 0
        _ = reader.next(in: data.span.extracting(0..<2), at: &position)
        #expect(reader.skippablePayload == 3)
        reader.skipPayload(2, endingWith: [0x61, 0xC3])
        position = 4
        while let event = reader.next(in: data.span, at: &position) {
            if case .violation(let violation) = event { Issue.record("\(violation)") }
        }
        position = 0
        _ = reader.next(in: [0x89, 0x02].span, at: &position)
        #expect(reader.skippablePayload == 0)
        // To skip nothing changes nothing, in the middle of a character neither.
        reader = MessageReader(sender: .server)
        position = 0
        while let event = reader.next(in: data.span.extracting(0..<4), at: &position) {
            if case .violation(let violation) = event { Issue.record("\(violation)") }
        }
        reader.skipPayload(0, endingWith: [])
        while let event = reader.next(in: data.span, at: &position) {
            if case .violation(let violation) = event { Issue.record("\(violation)") }
        }
        var coded = MessageReader(sender: .server, negotiation: Self.coded, decoder: Repeating(times: 1))
        position = 0
        _ = coded.next(in: [0xC2, 0x02].span, at: &position)
        #expect(coded.skippablePayload == 0)
        position = 0
        let rest = coded.next(in: nothing.span, at: &position)
        #expect(rest == nil)
    }
}
