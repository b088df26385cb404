import TestSupport
import Testing
import WSDeflate
import WSKernels
import WSProtocol

@Suite struct `Reader of compressed messages` {
    /// What a reader made of the octets.
    private struct Read: Hashable {
        var messages: [String] = []
        var pongs: [String] = []
        var violations: [ViolationRule] = []
        var deflated: [DeflatedMessage?] = []
        var longestPiece = 0
    }

    private static func read(
        _ octets: [UInt8],
        _ feeding: Feeding,
        _ parameters: DeflateParameters = DeflateParameters(),
        contentLimit: Int = .max
    ) -> Read {
        var reader = MessageReader(
            sender: .server,
            negotiation: Negotiation(compression: parameters),
            contentLimit: contentLimit
        )
        var read = Read()
        var content: [UInt8] = []
        for chunk in feeding.chunks(of: octets) {
            var position = 0
            while let event = reader.next(in: chunk.span, at: &position) {
                switch event {
                case .frame(let header, _) where header.opcode == .text || header.opcode == .binary: content = []
                case .content(let piece):
                    reader.append(piece, in: chunk.span, to: &content)
                    read.longestPiece = max(read.longestPiece, piece.count)
                case .message(_, let contentLength):
                    #expect(contentLength == UInt64(content.count))
                    read.messages.append(String(decoding: content, as: UTF8.self))
                    read.deflated.append(reader.deflated)
                case .control(let frame): read.pongs.append(String(decoding: frame.payload, as: UTF8.self))
                case .violation(let violation): read.violations.append(violation.rule)
                case .frame, .frameEnd, .close: break
                }
            }
        }
        return read
    }

    private static func frame(
        _ opcode: Opcode,
        _ payload: [UInt8],
        fin: Bool = true,
        rsv: UInt8 = 0
    ) -> [UInt8] {
        var octets: [UInt8] = []
        FrameHeader(fin: fin, rsv: rsv, opcode: opcode, payloadLength: UInt64(payload.count))
            .encode(payload: payload.span, into: &octets)
        return octets
    }

    /// The examples of RFC 7692 section 7.2.3, each message with the frames it comes in.
    private static let examples: [(octets: [UInt8], texts: [String])] = [
        (frame(.text, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], rsv: 4), ["Hello"]),
        (
            frame(.text, [0xF2, 0x48, 0xCD], fin: false, rsv: 4) + frame(.continuation, [0xC9, 0xC9, 0x07, 0x00]),
            ["Hello"]
        ),
        (
            frame(.text, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], rsv: 4)
                + frame(.text, [0xF2, 0x00, 0x11, 0x00, 0x00], rsv: 4),
            ["Hello", "Hello"]
        ),
        (frame(.text, [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00], rsv: 4), ["Hello"]),
        (frame(.text, [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00], rsv: 4), ["Hello"]),
        (
            frame(
                .text,
                [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00],
                rsv: 4
            ), ["Hello"]
        ),
        (frame(.text, [0x00], rsv: 4), [""]),
    ]

    @Test(arguments: Feeding.anywhere)
    func `The examples of RFC 7692 inflate, also with what follows in the same read`(feeding: Feeding) {
        for (octets, texts) in Self.examples {
            let read = Self.read(octets + Self.frame(.text, Array("plain".utf8)), feeding)
            #expect(read.messages == texts + ["plain"])
            #expect(read.violations == [])
            #expect(read.deflated.map { $0 != nil } == texts.map { _ in true } + [false])
        }
    }

    @Test(arguments: Feeding.anywhere)
    func `Control frames between the fragments of a compressed message leave it alone`(feeding: Feeding) {
        var octets: [UInt8] = []
        let payload: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        for index in payload.indices {
            octets += Self.frame(
                index == 0 ? .text : .continuation,
                [payload[index]],
                fin: index == payload.count - 1,
                rsv: index == 0 ? 4 : 0
            )
            if index < payload.count - 1 { octets += Self.frame(.pong, Array("\(index)".utf8)) }
        }
        let read = Self.read(octets, feeding)
        #expect(read.messages == ["Hello"])
        #expect(read.pongs == (0..<6).map { "\($0)" })
        #expect(read.violations == [])
    }

    @Test(arguments: Feeding.anywhere)
    func `Text is checked as UTF-8 after it was inflated`(feeding: Feeding) {
        var writer = DeflateWriter()
        writer.appendStored([0x61, 0xFF])
        writer.endMessage()
        let read = Self.read(Self.frame(.text, writer.octets, rsv: 4), feeding)
        #expect(read.violations == [.invalidUTF8])
        var cut = DeflateWriter()
        cut.appendStored([0x61, 0xC3])
        cut.endMessage()
        #expect(Self.read(Self.frame(.text, cut.octets, rsv: 4), feeding).violations == [.truncatedUTF8])
    }

    @Test(arguments: Feeding.anywhere)
    func `A malformed stream is one violation, and the next message is read`(feeding: Feeding) {
        for defect in DeflateDefect.allCases where defect != .distanceBeforeStart {
            var writer = DeflateWriter()
            let failure = writer.append(defect)
            let octets =
                Self.frame(.binary, writer.octets, rsv: 4)
                + Self.frame(.text, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], rsv: 4)
            let read = Self.read(octets, feeding)
            #expect(read.violations == [.invalidDeflate], "\(defect)")
            #expect(read.deflated.first??.failure == failure, "\(defect)")
            #expect(read.messages.last == "Hello", "\(defect)")
        }
    }

    @Test(arguments: Feeding.anywhere)
    func `A message that another one interrupts does not spoil what follows`(feeding: Feeding) {
        let octets =
            Self.frame(.text, [0xF2, 0x48, 0xCD], fin: false, rsv: 4)
            + Self.frame(.text, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], rsv: 4)
        let read = Self.read(octets, feeding)
        #expect(read.violations == [.dataFrameInsideMessage])
        #expect(read.messages == ["Hello"])
    }

    @Test func `What cannot be inflated is told with the octets that show it, not only at the end of the message`() {
        // BTYPE 11, and more of the message to come.
        let octets = Self.frame(.text, [0x06], fin: false, rsv: 4)
        #expect(Self.read(octets, .whole).violations == [.invalidDeflate])
        let inside = Self.frame(.text, [0x06, 0x00, 0x00], rsv: 4).dropLast()
        #expect(Self.read(Array(inside), .whole).violations == [.invalidDeflate])
    }

    @Test func `A short payload with a long content comes in pieces, and ends at the limit`() {
        var writer = DeflateWriter()
        let run = Array(repeating: DeflateSymbol.match(length: 258, distance: 1), count: 4_000)
        writer.appendFixed(DeflateSymbol.literals([0x61]) + run)
        writer.endMessage()
        let octets = Self.frame(.text, writer.octets, rsv: 4)
        for feeding in Feeding.anywhere {
            let whole = Self.read(octets, feeding)
            #expect(whole.messages.first?.utf8.count == 1 + 258 * 4_000)
            #expect(whole.longestPiece < 200_000)
            #expect(whole.deflated.first??.contentLength == 1 + 258 * 4_000)
            let limited = Self.read(octets, feeding, contentLimit: 100_000)
            #expect(limited.messages.first?.utf8.count == 100_000)
            #expect(limited.violations == [])
            #expect(limited.deflated.first??.failure?.kind == .contentLimit)
        }
    }

    @Test(arguments: Feeding.anywhere)
    func `What a sender promised and does not keep is observed, and inflated all the same`(feeding: Feeding) {
        var first = DeflateWriter()
        first.appendFixed(DeflateSymbol.literals((0..<600).map { UInt8(97 + $0 % 26) }))
        first.endMessage()
        var second = DeflateWriter()
        second.appendFixed([.match(length: 10, distance: 600)])
        second.endMessage()
        let parameters = DeflateParameters(serverNoContextTakeover: true, serverMaxWindowBits: 9)
        let octets =
            Self.frame(.text, first.octets, rsv: 4) + Self.frame(.text, second.octets, rsv: 4)
        let read = Self.read(octets, feeding, parameters)
        #expect(read.messages.last == "abcdefghij")
        #expect(read.violations == [])
        #expect(read.deflated.last??.reach == 600)
        #expect(read.deflated.last??.overrun?.distance == 600)
    }

    @Test func `Without an agreement, a message with RSV1 is not inflated`() {
        var reader = MessageReader(sender: .server)
        let octets = Self.frame(.text, [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00], rsv: 4)
        var rules: [ViolationRule] = []
        var position = 0
        while let event = reader.next(in: octets.span, at: &position) {
            if case .violation(let violation) = event { rules.append(violation.rule) }
        }
        #expect(rules.first == .reservedBits)
        #expect(reader.deflated == nil)
    }
}
