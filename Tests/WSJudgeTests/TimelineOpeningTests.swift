import Testing
import WSCatalogue
import WSJudge
import WSLimits
import WSProtocol
import WSScenario
import WSTranscript

/// How the octets before the frames are read, and those that we send.
@Suite struct `A timeline of an opening` {
    private static func scenario(_ script: [Step] = []) -> Scenario {
        Scenario(
            id: "made/for-an-opening",
            title: "A record made by hand",
            requirements: ["RFC6455-4.2.2-01"],
            needs: .nothing,
            script: script,
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.events([]))],
            closing: [.conforms(.anything)]
        )
    }

    private static let request =
        "GET / HTTP/1.1\r\nHost: peer.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    private static let accepting = String(decoding: RecordedEvents.acceptance, as: UTF8.self)
    private static let refusing = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\n"

    // MARK: - A server's answers

    @Test func `A request that leaves in several writes is one`() {
        var record = RecordedEvents(Self.scenario())
        record.send(Array(Self.request.utf8.prefix(20)))
        record.send(Array(Self.request.utf8.dropFirst(20)))
        record.receive(Self.accepting)
        record.mark(.opened)
        let timeline = record.timeline
        #expect(timeline.requests.map(\.count) == [Self.request.utf8.count])
        #expect(timeline.count { if case .request = $0 { true } else { false } } == 1)
        #expect(timeline.sentChunks == [20: 1, Self.request.utf8.count - 20: 1])
        #expect(timeline.sentCount == UInt64(Self.request.utf8.count))
    }

    @Test func `A second request follows a refusal, and frames its acceptance`() throws {
        var record = RecordedEvents(Self.scenario())
        record.send(Self.request)
        record.receive(Self.refusing + "No")
        record.receive("!\n")
        record.send(Self.request)
        record.receive(Self.accepting)
        record.mark(.opened)
        record.receive(record.frame(.pong, [7]))
        let timeline = record.timeline
        #expect(timeline.requests.count == 2 && timeline.responses.count == 2)
        #expect(timeline.response.flatMap { StatusLine($0)?.code } == 101)
        #expect(timeline.content == nil)
        let offset = UInt64(Self.refusing.utf8.count + 4)
        let length = UInt64(Self.accepting.utf8.count)
        let responses = timeline.entries.filter { if case .response = $0.kind { true } else { false } }
        #expect(responses.map { $0.evidence?.offset } == [0, offset])
        #expect(responses.map { $0.evidence?.length } == [UInt64(Self.refusing.utf8.count), length])
        let pong = try #require(timeline.entries.last)
        #expect(pong.evidence?.offset == offset + length && pong.evidence?.length == 3)
        #expect(timeline.sentChunks == [Self.request.utf8.count: 2])
    }

    @Test func `Its requests and answers are told in turn`() {
        var record = RecordedEvents(Catalogue.the("ping/empty"))
        record.send(Self.request)
        record.receive("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + Self.refusing + "No!\n")
        record.send(Self.request)
        record.receive(Self.accepting)
        record.mark(.opened)
        record.send(step: 0, length: 6)
        record.receive(record.frame(.pong))
        record.end()
        let lines = record.judgement.wire
        let heads = lines.filter { $0.hasPrefix("< HTTP") || $0.hasPrefix("> GET") }
        #expect(
            heads == [
                "> GET / HTTP/1.1", "< HTTP/1.1 103 Early Hints", "< HTTP/1.1 401 Unauthorized", "> GET / HTTP/1.1",
                "< HTTP/1.1 101 Switching Protocols",
            ]
        )
    }

    @Test(arguments: [(1, 1), (2, 2), (Limits.interimResponses.value + 1, Limits.interimResponses.value)])
    func `Interim answers are kept beside the final one`(count: Int, kept: Int) {
        var record = RecordedEvents(Self.scenario())
        record.send(Self.request)
        record.receive(String(repeating: "HTTP/1.1 103 Early Hints\r\n\r\n", count: count) + Self.accepting)
        let timeline = record.timeline
        #expect(timeline.responses.count == 1 && timeline.interimResponses.count == kept)
        #expect(timeline.strayOctets.isEmpty)
    }

    @Test(arguments: [1, 5, 1_000])
    func `An answer is the same however it is cut, and so is what follows it`(length: Int) {
        var record = RecordedEvents(Self.scenario())
        record.send(Self.request)
        var rest = Array("HTTP/1.1 103 Early Hints\r\n\r\n".utf8) + RecordedEvents.acceptance
        rest += record.frame(.text, Array("first".utf8)) + record.frame(.pong, [1])
        while !rest.isEmpty {
            record.receive(Array(rest.prefix(length)))
            rest.removeFirst(min(length, rest.count))
        }
        let timeline = record.timeline
        #expect(timeline.messages.map(\.length) == [5])
        #expect(timeline.interimResponses.count == 1 && timeline.responses.count == 1)
        #expect(timeline.receivedFrames == [1: 1, 10: 1])
    }

    @Test(
        arguments: [
            ("GET", 200, .length(3)), ("HEAD", 200, .head), ("GET", 204, .head), ("HEADS", 200, .length(3)),
        ] as [(String, Int, HTTPContentDecoder.Framing)]
    )
    func `The content of a refusal depends on the method and the status`(
        method: String,
        status: Int,
        framing: HTTPContentDecoder.Framing
    ) {
        var record = RecordedEvents(Self.scenario())
        record.send(Self.request.replacing("GET ", with: "\(method) "))
        record.receive("HTTP/1.1 \(status) Any\r\nContent-Length: 3\r\n\r\n")
        #expect(record.timeline.content?.framing == framing)
        record.receive("abc")
        #expect(record.timeline.count { if case .frame = $0 { true } else { false } } == 0)
    }

    @Test func `What is no head is read no further`() {
        var record = RecordedEvents(Self.scenario())
        record.send(Self.request)
        record.receive("SSH-2.0-OpenSSH_9.6\r\n")
        record.receive([0x81, 0x00])
        #expect(record.timeline.messages == [] && record.timeline.responses.isEmpty)
        #expect(record.timeline.content == nil)
        #expect(record.timeline.strayOctets.starts(with: Array("SSH".utf8)))
    }

    // MARK: - A client's request

    @Test func `A client's request is taken with its frames behind it`() {
        var record = RecordedEvents(Self.scenario(), testing: .client)
        let frame = record.frame(.text, Array("early".utf8))
        record.receive(Array(Self.request.utf8.prefix(30)))
        record.receive(Array(Self.request.utf8.dropFirst(30)) + frame)
        let timeline = record.timeline
        #expect(timeline.requests.map(\.count) == [Self.request.utf8.count])
        #expect(timeline.messages.map(\.length) == [5])
        #expect(timeline.strayOctets == [])
        let evidence = timeline.entries.compactMap(\.evidence)
        #expect(evidence.first?.offset == 0 && evidence.first?.length == UInt64(Self.request.utf8.count))
        #expect(evidence.last?.offset == UInt64(Self.request.utf8.count))
    }

    @Test func `Our answer is taken once it was sent, in however many writes`() {
        var record = RecordedEvents(Self.scenario(), testing: .client)
        record.receive(Self.request)
        record.send("HTTP/1.1 103 Early Hints\r\n\r\n")
        record.send(Self.accepting)
        #expect(record.timeline.responses.isEmpty && record.timeline.answer.count > Self.accepting.utf8.count)
        record.mark(.answered)
        record.mark(.answered)
        record.send(record.frame(.ping))
        let timeline = record.timeline
        #expect(timeline.responses.count == 1 && timeline.interimResponses.count == 1)
        #expect(timeline.count { if case .response = $0 { true } else { false } } == 1)
        #expect(timeline.answer.count == Self.accepting.utf8.count + 28)
        #expect(timeline.extras == ["ping "])
        #expect(timeline.sentChunks == [28: 1, Self.accepting.utf8.count: 1, 6: 1])
    }

    /// What a client sends behind an answer, and whether that is another request.
    private static let next: [(answer: String?, sends: [String], asks: Bool)] = [
        (refusing, ["GET / HTTP/1.1\r\n\r\n"], true), (refusing, ["", "GET"], true), (refusing, ["POST"], true),
        (refusing, ["get"], false), (refusing, ["\u{1}GET"], false), (refusing, [""], false),
        (refusing, ["GET / HTTP/1.1\r\n\r\n", "\u{1}\u{1}"], true),
        (nil, ["GET / HTTP/1.1\r\n\r\n"], false),
        (accepting, ["GET / HTTP/1.1\r\n\r\n"], false),
    ]

    @Test func `A client asks again with a request behind an answer that is no 101`() {
        for row in Self.next {
            var record = RecordedEvents(Self.scenario(), testing: .client)
            record.receive(Self.request)
            if let answer = row.answer {
                record.send(answer)
                record.mark(.answered)
            }
            for text in row.sends { record.receive(text) }
            let timeline = record.timeline
            #expect(timeline.hasAskedAgain == row.asks, "\(row)")
            if row.asks { #expect(timeline.receivedFrames == [:], "\(row)") }
        }
    }

    @Test func `A client that has begun a frame does not ask again`() {
        var record = RecordedEvents(Self.scenario(), testing: .client)
        record.receive(Self.request)
        record.send(Self.refusing)
        record.mark(.answered)
        record.receive([0x81])
        record.receive("GET")
        #expect(!record.timeline.hasAskedAgain)
        var other = RecordedEvents(Self.scenario(), testing: .client)
        other.receive(Self.request)
        other.send(Self.refusing)
        other.mark(.answered)
        other.receive(other.frame(.pong))
        other.receive("GET")
        #expect(!other.timeline.hasAskedAgain)
    }

    @Test func `A server never asks`() {
        var record = RecordedEvents.opened(Self.scenario())
        record.receive("GET / HTTP/1.1\r\n\r\n")
        #expect(!record.timeline.hasAskedAgain)
    }

    // MARK: - What we send

    @Test func `A frame outside the script is told once it is whole, and unmasked`() {
        var record = RecordedEvents.opened(Self.scenario())
        let ping: [UInt8] = [0x89, 0x83, 1, 2, 3, 4, 0x61 ^ 1, 0x62 ^ 2, 0x63 ^ 3]
        record.send(Array(ping[..<8]))
        #expect(record.timeline.extras == [])
        record.send(Array(ping[8...]) + [0x8A, 0x80, 0, 0, 0, 0] + ping)
        #expect(record.timeline.extras == ["ping abc", "pong ", "ping abc"])
        #expect(record.timeline.sentFrames == [9: 2, 10: 1])
    }

    /// The frames of a reference, and how they are counted.
    private static let references: [(frames: Range<Int>, start: UInt64, step: Int, counted: [UInt8: Int])] = [
        (0..<1, 0, 0, [1: 1]), (0..<1, 1, 0, [:]), (0..<5, 0, 0, [1: 1]), (1..<2, 0, 0, [:]), (-1..<1, 0, 0, [:]),
        (0..<3, 0, 1, [9: 3]), (0..<3, 5, 1, [9: 2]), (1..<3, 0, 1, [9: 2]), (2..<9, 0, 1, [9: 1]), (3..<4, 0, 1, [:]),
        (0..<4, 0, 2, [2: 1, 0: 3]), (1..<4, 0, 2, [0: 3]), (1..<4, 1, 2, [0: 2]), (0..<1, 0, 3, [:]),
        (0..<1, 0, 9, [:]), (0..<1, 0, -1, [:]), (0..<0, 0, 0, [:]), (0..<1, 0, 4, [8: 1]), (0..<1, 0, 5, [1: 1]),
    ]

    @Test func `A frame of the script counts in the write that has its first octet`() {
        let script: [Step] = [
            .send(FrameToSend(.text, .text("one"))), .sendRun(FrameRun(FrameToSend(.ping), count: 3)),
            .sendMessage(MessageToSend(.binary, .repeating("x", length: 40), fragmentLength: 10)),
            .continueFrame(.text("rest")), .startClosingHandshake(body: .empty),
            .beginFrame(fin: true, opcode: .text, length: 100),
        ]
        for row in Self.references {
            var record = RecordedEvents.opened(Self.scenario(script))
            record.send(step: row.step, row.frames, start: row.start)
            #expect(record.timeline.sentFrames == row.counted, "\(row)")
        }
    }

    @Test func `Writes are counted by their length`() {
        let rows: [(length: UInt64, piece: Int?, chunks: [Int: Int])] = [
            (10, nil, [10: 1]), (10, 4, [4: 2, 2: 1]), (10, 5, [5: 2]), (10, 10, [10: 1]), (10, 11, [10: 1]),
            (0, nil, [:]), (0, 4, [:]), (1, 1, [1: 1]), (3, 1, [1: 3]),
        ]
        for row in rows {
            var record = RecordedEvents.opened(Self.scenario([.send(FrameToSend(.text))]))
            let before = record.timeline.sentChunks
            record.send(step: 0, length: row.length, pieceLength: row.piece)
            let chunks = record.timeline.sentChunks.filter { before[$0.key] != $0.value }
            #expect(chunks == row.chunks, "\(row)")
        }
    }

    @Test func `The frames of a compressed loop are told from its length`() {
        let loop = EchoLoop(
            .text,
            .repeating("abc", length: 90),
            fullCount: 2,
            quickCount: 2,
            compression: .init(fragmentLength: 10)
        )
        var record = RecordedEvents.opened(Self.scenario([.echoLoop(loop)]))
        let length: UInt64 = 16 * 3 + 6 + 4
        record.send(step: 0, length: length)
        let frames = loop.frames(ofLength: length, sentBy: .client).count
        #expect(frames > 2)
        #expect(record.timeline.sentFrames == [1: 1, 0: frames - 1])
        record.send(step: 0, 1..<2, start: 3, length: length)
        #expect(record.timeline.sentFrames == [1: 1, 0: frames - 1])
        var single = RecordedEvents.opened(Self.scenario([.echoLoop(loop)]))
        single.send(step: 0, length: 10)
        #expect(single.timeline.sentFrames == [1: 1])
    }

    // MARK: - Marks

    @Test func `The first message and what answered it are left out`() {
        var record = RecordedEvents.opened(Self.scenario())
        record.send([0x81, 0x80, 0, 0, 0, 0])
        record.receive(record.frame(.text, [0x61]) + record.frame(.pong) + [0x8B, 0x00])
        record.time = 7
        record.mark(.firstMessage(replies: 1))
        record.receive(record.frame(.binary))
        let timeline = record.timeline
        #expect(timeline.messages.map(\.opcode) == [.binary])
        #expect(timeline.openedAt == 7)
        #expect(timeline.count { if case .mark(.opened) = $0 { true } else { false } } == 1)
        #expect(timeline.count { if case .control = $0 { true } else { false } } == 1)
        #expect(timeline.count { if case .violation = $0 { true } else { false } } == 1)
        #expect(timeline.extras == ["text "])
    }

    @Test func `The last end counts, and the first Close frame`() {
        var record = RecordedEvents.opened(Self.scenario())
        #expect(record.timeline.end == nil && record.timeline.peerClose == nil)
        record.receive(record.frame(.close, CloseBody(code: 1001).encoded))
        record.receive(record.frame(.close, CloseBody(code: 1002).encoded))
        record.time = 9
        record.end(.reset)
        #expect(record.timeline.peerClose?.code == 1001)
        #expect(record.timeline.end == .reset && record.timeline.endTime == 9)
    }
}
