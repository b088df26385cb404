import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// Values on both sides of what rules of servers tell apart.
@Suite struct `Boundaries of the rules for servers` {
    private static let request =
        "GET / HTTP/1.1\r\nHost: peer.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"

    private static func found(_ rule: String, _ record: RecordedEvents) -> [String] {
        record.judgement.findings.filter { $0.rule == rule }.map { "\($0.verdict) \($0.requirement)" }
    }

    private static func answered(_ text: String, end: TranscriptEnd = .finished) -> RecordedEvents {
        var record = RecordedEvents(Catalogue.the("handshake/request/version-25"))
        record.send(request.replacing("Version: 13", with: "Version: 25"))
        record.receive(text)
        if end == .closedHere { record.mark(.gaveUp(.deadline)) }
        record.end(end)
        return record
    }

    // MARK: - Responses

    @Test func `Of a list of versions sixty-four wrong ones are told`() {
        for (count, told) in [(63, 63), (64, 64), (65, 64)] {
            let list = (0..<count).map { "\(300 + $0)" }.joined(separator: ", ")
            let record = Self.answered("HTTP/1.1 426 Any\r\nSec-WebSocket-Version: \(list)\r\n\r\n")
            #expect(Self.found("version-list", record).count == told, "\(count)")
        }
    }

    @Test func `A list with an element of nothing but spaces and tabs has an empty one`() {
        let rows: [(value: String, isFound: Bool)] = [
            ("websocket", false), ("websocket, h2c", false), ("websocket,h2c", false), ("websocket, , h2c", true),
            ("websocket,\t, h2c", true), ("websocket, \t", true), (",websocket", true), ("", false), (" ", false),
            (",", true), ("websocket, a b", false),
        ]
        for row in rows {
            let record = Self.answered("HTTP/1.1 426 Any\r\nConnection: upgrade\r\nUpgrade: \(row.value)\r\n\r\n")
            let found = Self.found("response-fields", record).contains("fail RFC9110-5.6.1.1-01")
            #expect(found == row.isFound, "\(row.value)")
        }
    }

    @Test(arguments: [("HTTP/1.1", false), ("HTTP/1.0", true)])
    func `An interim answer to a request of HTTP 1_0 is told`(version: String, isFound: Bool) {
        var record = RecordedEvents(Catalogue.the("handshake/request/version-25"))
        record.send(Self.request.replacing("HTTP/1.1", with: version))
        record.receive("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        record.end()
        #expect(Self.found("response-fields", record).contains("fail RFC9110-15.2-01") == isFound)
    }

    @Test func `A connection that the peer has ended at last was not left open`() {
        let head = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        #expect(Self.found("refusal", Self.answered(head, end: .closedHere)).contains("fail RFC9112-9.6-01"))
        var late = RecordedEvents(Catalogue.the("handshake/request/version-25"))
        late.send(Self.request)
        late.receive(head)
        late.mark(.gaveUp(.deadline))
        late.end(.finished)
        #expect(!Self.found("refusal", late).contains("fail RFC9112-9.6-01"))
        var soon = RecordedEvents(Catalogue.the("handshake/request/version-25"))
        soon.send(Self.request)
        soon.receive(head)
        soon.end(.closedHere)
        #expect(!Self.found("refusal", soon).contains("fail RFC9112-9.6-01"))
    }

    @Test func `Only an acceptance agrees to an extension that does not exist`() {
        func found(_ text: String, opens: Bool) -> [String] {
            var record = RecordedEvents(Catalogue.the("extension/unknown"))
            record.send(Self.request)
            record.receive(text)
            if opens { record.mark(.opened) }
            record.end()
            return Self.found("unknown-extension", record)
        }
        let line = "Sec-WebSocket-Extensions: x-wsconform-none\r\n\r\n"
        let acceptance = String(decoding: RecordedEvents.acceptance, as: UTF8.self).dropLast(1)
        #expect(found("\(acceptance)\(line)", opens: true) == ["tolerated RFC6455-4.2.2-14"])
        #expect(found("HTTP/1.1 400 Bad Request\r\n\(line)", opens: false) == [])
        #expect(found("\(acceptance)\(line.replacing("x-wsconform-", with: "x-other-"))", opens: true) == [])
    }

    @Test(arguments: [("h2", true, 1), ("h2", false, 0), ("http/1.1", true, 0)])
    func `A protocol that was chosen and not spoken is told of a server that accepts`(
        chosen: String,
        accepts: Bool,
        count: Int
    ) {
        var record = RecordedEvents(Catalogue.the("ping/empty"))
        record.mark(.secured(TranscriptSecurity(version: "TLS 1.3", applicationProtocol: chosen)))
        record.send(Self.request)
        if accepts {
            record.receive(RecordedEvents.acceptance)
            record.mark(.opened)
        }
        record.end()
        #expect(Self.found("negotiated-protocol", record).count == count)
    }

    @Test(arguments: [(true, 1), (false, 0)])
    func `It is told of a client that asks`(asks: Bool, count: Int) {
        var record = RecordedEvents(Catalogue.the("ping/empty"), testing: .client)
        record.mark(.secured(TranscriptSecurity(version: "TLS 1.3", applicationProtocol: "h2")))
        if asks { record.receive(Self.request) }
        record.end()
        #expect(Self.found("negotiated-protocol", record).count == count)
    }

    // MARK: - Growth

    @Test func `Growth is told from 200 milliseconds on, above three times as long`() {
        let rows: [(half: Int64, whole: Int64, isFound: Bool)] = [
            (60_000_000, 200_000_000, true), (60_000_000, 199_999_999, false), (100_000_000, 300_000_000, false),
            (100_000_000, 300_000_001, true), (0, 400_000_000, false), (1, 200_000_000, true),
        ]
        for row in rows {
            var record = RecordedEvents.opened(Catalogue.the("ping/empty"))
            record.mark(.compared(half: row.half, whole: row.whole))
            record.end()
            #expect(Self.found("scaling", record).isEmpty != row.isFound, "\(row)")
        }
    }

    // MARK: - Frames

    /// The first octets of frames that an HTTP response looks like, or nearly.
    private static let headers: [(octets: [UInt8], isResponse: Bool)] = [
        ([0x48, 0x54], true), ([0x48, 0x53], false), ([0x48, 0x55], false), ([0xC8, 0x54], false),
        ([0x08, 0x54], false), ([0x49, 0x54], false), ([0x68, 0x54], false), ([0x48, 0xD4, 1, 2, 3, 4], false),
        ([0x48, 0x7E, 0x00, 0x54], false),
    ]

    @Test func `An HTTP response among the frames is told from frames that are like it`() {
        for row in Self.headers {
            var record = RecordedEvents.opened(Catalogue.the("ping/empty"))
            record.receive([0x8B, 0x00])
            record.receive(row.octets + Array(repeating: 0x20, count: 0x55))
            record.end()
            let reasons = record.judgement.findings.filter { $0.rule == "framing" }.map(\.reason)
            #expect(reasons.contains { $0.hasPrefix("sent an HTTP response") } == row.isResponse, "\(row.octets)")
            #expect(reasons.first?.contains(ViolationRule.reservedOpcode.summary) == true, "\(reasons)")
        }
    }

    @Test func `Messages of an application that speaks on its own do not count where none is needed`() {
        for ignores in [true, false] {
            var record = RecordedEvents.opened(Catalogue.the("ping/empty"))
            record.send(step: 0, length: 6)
            record.receive(record.frame(.text, Array("news".utf8)) + record.frame(.pong))
            record.send([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8])
            record.receive(record.frame(.close, [0x03, 0xE8]))
            record.end()
            var transcript = record.transcript
            transcript.header.ignoresMessages = ignores
            let judgement = LookedAt.judgement(of: record.scenario, transcript)
            #expect(judgement.verdict == (ignores ? .pass : .fail))
        }
    }

    @Test func `A short message among several is told by what it says`() {
        for (length, isQuoted) in [(60, true), (61, false)] {
            for count in [1, 2] {
                let texts = (0..<count).map { Payload.repeating("\($0)", length: length) }
                let scenario = Scenario(
                    id: "made/for-a-sentence",
                    title: "Messages that are not echoed",
                    requirements: ["RFC6455-6.2-01"],
                    needs: .echo,
                    script: texts.map { .send(FrameToSend(.text, $0)) },
                    conclusion: .closeWhenComplete,
                    behaviour: [.conforms(.events(texts.map { .message(.text, $0) }))],
                    closing: [.conforms(.anything)]
                )
                var record = RecordedEvents.opened(scenario)
                record.mark(.gaveUp(.deadline))
                record.end(.closedHere)
                let reason = record.judgement.reason
                #expect(reason.contains("\"000") == (isQuoted && count > 1), "\(reason)")
            }
        }
    }

    // MARK: - Autobahn

    @Test func `A case that was not played is unimplemented, and was closed by the tester at once`() throws {
        let test = try #require(Catalogue.autobahnOrder.first { $0.autobahn?.number == "12.1.1" }?.autobahn)
        let verdict = AutobahnVerdict.unimplemented(test)
        #expect(verdict.number == test.number && verdict.behavior == "UNIMPLEMENTED" && verdict.behaviorClose == "OK")
        #expect(verdict.closedByMe && verdict.wasClean && !verdict.failedByMe && !verdict.droppedByMe)
        #expect(verdict.localCloseCode == 1000 && verdict.remoteCloseCode == 1000)
        #expect(verdict.expectedClose.closedByMe == test.closedByTester)
        #expect(verdict.expectedClose.closeCode == test.closeCodes)
        #expect(verdict.expectedClose.requireClean == test.requiresCleanClose)
    }

    @Test func `A second record for Autobahn counts if it is whole`() {
        let scenario = Catalogue.the("ping/empty")
        var first = RecordedEvents.opened(scenario)
        first.send(step: 0, length: 6)
        first.receive(first.frame(.pong))
        first.send([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8])
        first.receive(first.frame(.close, [0x03, 0xE8]))
        var whole = first
        first.end()
        var second = RecordedEvents.opened(scenario)
        second.send(step: 0, length: 6)
        let unfinished = second.transcript
        second.end()
        whole.end()
        func behavior(_ transcript: Transcript?) -> String? {
            Judge.judge(scenario, first.transcript, asAutobahn: transcript).autobahn?.behavior
        }
        #expect(behavior(nil) == "OK" && behavior(whole.transcript) == "OK")
        #expect(behavior(second.transcript) == "FAILED" && behavior(unfinished) == "OK")
    }
}
