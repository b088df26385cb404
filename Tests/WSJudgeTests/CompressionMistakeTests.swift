import Testing
import WSCatalogue
import WSDeflate
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// What the octets of a message show of a mistake in compressing it, and where they show nothing.
@Suite struct `A mistake in compressing` {
    private static let notCompressed = "RFC7692-6.1-02"
    private static let unmarked = "RFC7692-6.1-01"
    private static let tails = "RFC7692-7.2.1-08"

    private static func scenario(_ content: [Payload], script: [Step] = []) -> Scenario {
        Scenario(
            id: "compression/made-for-mistakes",
            title: "Messages in a conversation that may compress",
            requirements: ["RFC7692-6.2-01"],
            needs: .echo,
            compression: CompressionNeed(),
            opening: .negotiating(CompressionOpening()),
            script: script,
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.events(content.map { .message(.text, $0) }))],
            closing: [.conforms(.anything)]
        )
    }

    /// A conversation in which compression was agreed on, unless it is left out.
    private static func opened(
        _ content: [Payload],
        script: [Step] = [],
        testing role: Role = .server,
        agreeing: Bool = true,
        sidecar: (any SidecarStore)? = nil
    ) -> RecordedEvents {
        var record = RecordedEvents(scenario(content, script: script), testing: role, sidecar: sidecar)
        let key = "dGhlIHNhbXBsZSBub25jZQ=="
        let offer = HandshakeRequest(host: "peer.example", key: key, extensions: ["permessage-deflate"])
        var answer = HandshakeResponse.accepting(key: key)
        if agreeing { answer.fields.append(HTTPField("Sec-WebSocket-Extensions", "permessage-deflate")) }
        if role == .server {
            record.send(offer.encode())
            record.receive(answer.encode())
        } else {
            record.receive(offer.encode())
            record.send(answer.encode())
            record.mark(.answered)
        }
        record.mark(.opened)
        return record
    }

    private static func frame(
        _ payload: [UInt8],
        opcode: Opcode = .text,
        fin: Bool = true,
        rsv: UInt8 = 0,
        key: UInt32? = nil
    ) -> [UInt8] {
        var octets: [UInt8] = []
        FrameHeader(
            fin: fin,
            rsv: rsv,
            opcode: opcode,
            maskingKey: key.map { MaskingKey(rawValue: $0) },
            payloadLength: UInt64(payload.count)
        ).encode(payload: payload.span, into: &octets)
        return octets
    }

    private static func compressed(_ text: String) -> [UInt8] {
        var writer = DeflateWriter()
        writer.appendFixed(DeflateSymbol.literals(text.utf8))
        writer.endMessage()
        return writer.octets
    }

    /// What is found wrong in messages, the requirement of each finding.
    private static func found(_ record: RecordedEvents) -> [String] {
        var record = record
        record.end()
        return record.judgement.findings
            .filter { ["compressed-messages", "framing"].contains($0.rule) && $0.verdict == .fail }
            .map(\.requirement)
    }

    private static func found(_ frames: [[UInt8]], of content: [String], script: [Step] = []) -> [String] {
        var record = opened(content.map { .text($0) }, script: script)
        for frame in frames { record.receive(frame) }
        return found(record)
    }

    @Test func `Content of four octets and more is recognised, shorter content may be anything`() {
        #expect(Self.found([Self.frame(Array("abcd".utf8), rsv: 4)], of: ["abcd"]) == [Self.notCompressed])
        #expect(Self.found([Self.frame(Array("abc".utf8), rsv: 4)], of: ["abc"]) != [Self.notCompressed])
        #expect(Self.found([Self.frame(Array("abce".utf8), rsv: 4)], of: ["abcd"]) != [Self.notCompressed])
        #expect(Self.found([Self.frame(Array("abcd".utf8), rsv: 4)], of: ["xyz", "abcd"]) == [Self.notCompressed])
        #expect(Self.found([Self.frame(Self.compressed("abcd"))], of: ["abcd"]) == [Self.unmarked])
        #expect(Self.found([Self.frame(Self.compressed("abc"))], of: ["abc"]) != [Self.unmarked])
    }

    @Test func `Without an agreement nothing is said of compression`() {
        var record = Self.opened([.text("abcd")], agreeing: false)
        record.receive(Self.frame(Array("abcd".utf8), rsv: 4))
        #expect(Self.found(record) == ["RFC6455-5.2-02"])
    }

    /// Content that cannot be inflated, in frames of these lengths.
    private static func long(_ lengths: [Int]) -> [String] {
        let content = Payload.repeating("0123456789", length: lengths.reduce(0, +))
        var record = opened([content])
        var rest = content.octets[...]
        for (index, length) in lengths.enumerated() {
            let isFirst = index == 0
            record.receive(
                frame(
                    Array(rest.prefix(length)),
                    opcode: isFirst ? .text : .continuation,
                    fin: index == lengths.count - 1,
                    rsv: isFirst ? 4 : 0
                )
            )
            rest = rest.dropFirst(length)
        }
        return found(record)
    }

    @Test func `Messages of up to 128 KiB are looked at`() {
        // The header of a frame has four octets up to 65,535 octets of payload, and ten beyond.
        #expect(Self.long([65_535, 65_529]) == [Self.notCompressed])
        #expect(Self.long([65_535, 65_530]) != [Self.notCompressed])
        #expect(Self.long([131_061]) == [Self.notCompressed])
        #expect(Self.long([131_062]) != [Self.notCompressed])
        #expect(Self.long([10, 131_061]) != [Self.notCompressed])
    }

    @Test func `Eight messages are looked at`() {
        let right = Self.frame(Self.compressed("abcd"), rsv: 4)
        let wrong = Self.frame(Array("abcd".utf8), rsv: 4)
        let before = { (count: Int) in Array(repeating: right, count: count) + [wrong] }
        #expect(Self.found(before(7), of: ["abcd"]) == [Self.notCompressed])
        #expect(Self.found(before(8), of: ["abcd"]) != [Self.notCompressed])
    }

    @Test func `Fragments belong to the message that they continue, with control frames between`() {
        let text = Array("abcdefgh".utf8)
        let parts = [
            Self.frame(Array(text[..<3]), fin: false, rsv: 4), Self.frame([], opcode: .ping),
            Self.frame(Array(text[3...]), opcode: .continuation),
        ]
        #expect(Self.found(parts, of: ["abcdefgh"]) == [Self.notCompressed])
        // A message that is not complete shows nothing, and one that begins inside it ends what can be told.
        #expect(Self.found(Array(parts.dropLast()), of: ["abc"]) == [])
        let inside = Self.found([parts[0], Self.frame(text, rsv: 4)], of: ["abcdefgh"])
        #expect(inside.contains("RFC6455-5.4-02") || !inside.isEmpty)
    }

    @Test func `Each mistake is told at its octets`() throws {
        var record = Self.opened([.text("abcd")])
        record.receive(Self.frame([1], opcode: .pong))
        let before = record.timeline.receivedCount
        record.receive(Self.frame(Array("ab".utf8), fin: false, rsv: 4) + Self.frame([], opcode: .pong))
        record.receive(Self.frame(Array("cd".utf8), opcode: .continuation))
        record.end()
        let finding = try #require(record.judgement.findings.first { $0.rule == "compressed-messages" })
        #expect(finding.evidence.map(\.offset) == [before] && finding.evidence.map(\.length) == [10])
        #expect(finding.reason == "set RSV1 on a message that is not compressed (RFC 7692, 6.1)")
    }

    @Test func `What follows from the mistake is not told besides, and what has nothing to do with it is`() {
        let wrong = Self.frame(Array("abcd".utf8), rsv: 4)
        let broken = Self.frame([0x06, 0xFF, 0xFF], rsv: 4)
        #expect(Self.found([wrong, broken], of: ["abcd"]) == [Self.notCompressed])
        let notText = Self.frame([0xFF, 0xFF])
        #expect(Set(Self.found([wrong, notText], of: ["abcd"])) == [Self.notCompressed, "RFC6455-5.6-01"])
        #expect(Self.found([Self.frame([], opcode: Opcode(rawValue: 0xB)), wrong], of: ["abcd"]).count == 2)
    }

    @Test func `A client's frames are unmasked first`() {
        var record = Self.opened([.text("abcd")], testing: .client)
        record.receive(Self.frame(Array("abcd".utf8), rsv: 4, key: 0x1234_5678))
        #expect(Self.found(record) == [Self.notCompressed])
    }

    // MARK: - Who sends back what came

    private static func sent(_ frames: [FrameToSend]) -> [String] {
        found([frame(compressed("abcd"))], of: ["abcd"], script: frames.map { .send($0) })
    }

    @Test func `A peer that sends compressed octets back as they are has not inflated them`() {
        let whole = Self.compressed("abcd")
        let (first, rest) = (Array(whole[..<2]), Array(whole[2...]))
        let begins = FrameToSend(.text, .octets(first), fin: false, rsv: 4)
        #expect(Self.sent([FrameToSend(.text, .octets(whole), rsv: 4)]) == [])
        #expect(Self.sent([begins, FrameToSend(.continuation, .octets(rest))]) == [])
        #expect(
            Self.sent([begins, FrameToSend(.ping), FrameToSend(.continuation, .octets(rest))]) == []
        )
        // What we did not send compressed, or not so, came from the peer.
        #expect(Self.sent([FrameToSend(.text, .octets(whole))]) == [Self.unmarked])
        #expect(Self.sent([begins, FrameToSend(.text, .octets(rest), rsv: 4)]) == [Self.unmarked])
        #expect(Self.sent([begins, FrameToSend(.text), FrameToSend(.continuation, .octets(rest))]) == [Self.unmarked])
        #expect(Self.sent([FrameToSend(.continuation, .octets(whole), rsv: 4)]) == [Self.unmarked])
        #expect(Self.sent([FrameToSend(.text, .octets(whole), fin: false, rsv: 4)]) == [Self.unmarked])
    }

    // MARK: - Where the octets are

    @Test func `The octets of a message come from every kind of part`() {
        let content = Payload.repeating("0123456789", length: 1000)
        let octets = Self.frame(content.octets, rsv: 4)
        let pong = Self.frame([9], opcode: .pong)
        let sidecar = NotingSidecar([7, 7] + octets + [7])
        let rows: [[ReceivedPart]] = [
            [.octets(octets)], [.octets(pong + octets)], [.octets(pong), .octets(octets + pong)],
            [.octets(Array(octets[..<500])), .octets(Array(octets[500...]))],
            [.sidecar(position: 2, length: octets.count)],
            [.octets(Array(octets[..<100])), .sidecar(position: 102, length: octets.count - 100)],
            [.octets(Array(octets[..<14])), .payload(index: 0, start: 10, length: 990), .octets(pong)],
        ]
        for parts in rows {
            var record = Self.opened([content], sidecar: sidecar)
            record.receive(parts: parts)
            #expect(Self.found(record) == [Self.notCompressed], "\(parts.map(\.count))")
        }
    }

    @Test func `Octets that are not there show nothing`() {
        let content = Payload.repeating("0123456789", length: 1000)
        let octets = Self.frame(content.octets, rsv: 4)
        for part in [
            ReceivedPart.payload(index: 1, start: 0, length: 1000), .payload(index: 0, start: 1, length: 1000),
            .sidecar(position: 4, length: 1000),
        ] {
            var record = Self.opened([content])
            record.receive(parts: [.octets(Array(octets[..<4])), part])
            #expect(Self.found(record) != [Self.notCompressed])
        }
    }
}
