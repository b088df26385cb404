import Testing
import WSCatalogue
import WSHTTP2
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// What a server does with a stream and with its connection, as real servers do it.
@Suite struct `The reaction on a stream` {
    /// What moves on a connection of HTTP/2 behind the first SETTINGS frames.
    private enum Move {
        case sent(HTTP2Frame)
        case received(HTTP2Frame)
        /// Frames of the WebSocket from the server.
        case content([UInt8])
        /// The frame of 19 octets that is this step of the script.
        case script(step: Int)
        case mark(TranscriptMark)
        /// Our Close frame.
        case close
        /// The end of the stream as its machine was told of it.
        case streamEnded(TranscriptEnd)
    }

    /// The judgement of a scenario in whose record these moves follow our request and its answer.
    private static func judge(
        _ name: String,
        status: Int = 200,
        fields: [(String, String)] = [],
        endsStream: Bool = false,
        _ moves: [Move],
        end: TranscriptEnd = .closedHere
    ) throws -> Judgement {
        let scenario = try #require(Catalogue.scenario(name))
        let values: [StreamToSpeak.Placeholder: String] = [.scheme: "http", .path: "/", .authority: "localhost"]
        let ordinary = [
            (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":path", "/"),
            (":authority", "localhost"), ("sec-websocket-version", "13"),
        ]
        let own = scenario.stream?.lines(values, ofUser: [])
        let request = own?.map { ($0.name, $0.value) } ?? ordinary
        let answer = [(":status", "\(status)")] + fields
        var recorder = TranscriptRecorder(
            header: TranscriptHeader(
                scenario: name,
                roleUnderTest: "server",
                url: "h2c+ws://localhost",
                seed: 1,
                effort: "quick"
            )
        )
        func block(_ lines: [(String, String)]) -> [UInt8] {
            var encoder = HPACKEncoder()
            return encoder.encode(lines.map { .neverIndexed(FieldLine($0.0, $0.1)) })
        }
        recorder.carrier([.octets(HTTP2Frame.preface + HTTP2Frame.settings().encoded)], isSent: true, at: 1)
        let settings = HTTP2Frame.settings([HTTP2Setting(.enableConnectProtocol, 1)]).encoded
        recorder.carrier([.octets(settings + HTTP2Frame.settingsAcknowledgment.encoded)], isSent: false, at: 2)
        recorder.connected(at: 3)
        recorder.mark(.fieldsSent(TranscriptFields(request, endsStream: false)), at: 3)
        let asked = HTTP2Frame.settingsAcknowledgment.encoded + HTTP2Frame.headers(block(request), on: 1).encoded
        recorder.carrier([.octets(asked)], isSent: true, at: 3)
        let answered = HTTP2Frame.headers(block(answer), on: 1, endStream: endsStream).encoded
        recorder.carrier([.octets(answered)], isSent: false, at: 4)
        recorder.mark(.fieldsReceived(TranscriptFields(answer, endsStream: endsStream)), at: 4)
        if (200...299).contains(status) { recorder.mark(.opened, at: 4) }
        for move in moves {
            switch move {
            case .sent(let frame): recorder.carrier([.octets(frame.encoded)], isSent: true, at: 5)
            case .received(let frame): recorder.carrier([.octets(frame.encoded)], isSent: false, at: 5)
            case .content(let octets): recorder.received([.octets(octets)], at: 5)
            case .script(let step):
                let reference = ScriptReference(
                    step: step,
                    frame: 0,
                    frameCount: 1,
                    start: 0,
                    length: 25,
                    maskingKey: 1,
                    keyIndex: 0
                )
                recorder.sent(.script(reference), at: 5)
            case .mark(let mark): recorder.mark(mark, at: 5)
            case .close: recorder.sent(.octets([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE8]), at: 5)
            case .streamEnded(let end): recorder.ended(end, at: 5)
            }
        }
        recorder.carrierEnded(end, at: 6)
        return Judge.judge(scenario, recorder.transcript)
    }

    private static let ping = HTTP2Frame.ping([1, 2, 3, 4, 5, 6, 7, 8])
    private static let pong = HTTP2Frame.ping([1, 2, 3, 4, 5, 6, 7, 8], isAcknowledgment: true)
    /// The answer to the Ping of the scenarios, and to our Close frame.
    private static let answer = [0x8A, 19] + Array("after the handshake".utf8)
    private static let closing: [UInt8] = [0x88, 0x02, 0x03, 0xE8]

    @Test func `A complete answer is one, whatever RST_STREAM follows it`() throws {
        let moves: [Move] = [
            .received(.data([0x21], on: 1, endStream: true)), .received(.resetStream(1, .noError)),
            .streamEnded(.finished), .sent(Self.ping), .received(Self.pong),
        ]
        let listed = try Self.judge(
            "http2/request/version-25",
            status: 400,
            fields: [("sec-websocket-version", "13")],
            moves
        )
        #expect(listed.verdict == .pass, "\(listed.reason)")
        let bare = try Self.judge("http2/request/version-25", status: 400, moves)
        #expect(bare.verdict == .fail && bare.findings.map(\.requirement) == ["RFC6455-4.4-01"])
        #expect(bare.reason == "refused a version with 400 and does not list 13 in sec-websocket-version")
        let key = try Self.judge("http2/with-key", status: 400, moves)
        #expect(key.reason.hasPrefix("answered the request with 400: "), "\(key.reason)")
    }

    @Test func `The first RST_STREAM tells the error, and later ones answer what crossed it`() throws {
        let judgement = try Self.judge(
            "http2/error/window-overflow",
            [
                .sent(.windowUpdate(1 << 31 - 1, on: 1)), .received(.resetStream(1, .flowControlError)),
                .received(.resetStream(1, .streamClosed)), .streamEnded(.reset),
            ]
        )
        #expect(judgement.verdict == .pass, "\(judgement.reason)")
    }

    @Test func `A server that must fail a stream and ends the connection late has done so`() throws {
        let moves: [Move] = [
            .sent(.windowUpdate(1 << 31 - 1, on: 1)), .mark(.scriptDone), .mark(.gaveUp(.deadline)), .close,
            .sent(.data([], on: 1, endStream: true)), .streamEnded(.closedHere), .sent(Self.ping),
        ]
        let late = try Self.judge("http2/error/window-overflow", moves, end: .finished)
        #expect(late.verdict == .tolerated, "\(late.reason)")
        #expect(late.reason.hasPrefix("ended the whole connection without GOAWAY: "))
        let never = try Self.judge("http2/error/window-overflow", moves + [.received(Self.pong)])
        #expect(never.verdict == .fail, "\(never.reason)")
    }

    @Test func `Over the error of a stream a server may end the connection, before or behind the end of the stream`()
        throws
    {
        let before: [Move] = [
            .sent(.windowUpdate(1 << 31 - 1, on: 1)), .received(.resetStream(1, .flowControlError)),
            .received(.goAway(lastStreamID: 1, .internalError)), .streamEnded(.reset), .sent(Self.ping),
        ]
        var behind = before
        behind.swapAt(2, 3)
        for moves in [before, behind] {
            let judgement = try Self.judge("http2/error/window-overflow", moves, end: .finished)
            #expect(judgement.verdict == .informational, "\(judgement.reason)")
        }
    }

    @Test func `Frames behind the end of a stream are blamed for nothing that came before them`() throws {
        let moves: [Move] = [
            .script(step: 0), .content(Self.answer), .close, .content(Self.closing),
            .sent(.data([], on: 1, endStream: true)), .streamEnded(.closedHere), .sent(Self.ping),
        ]
        let name = "http2/end/window-update-afterwards"
        let before = try Self.judge(name, moves, end: .finished)
        // That is found in passing, as in every other case.
        #expect(before.verdict == .pass, "\(before.reason)")
        let found = before.findings.first { $0.rule == "http2-connection" }
        #expect(found?.reason == "ended the whole connection without GOAWAY behind the end of one stream")
        let behind = moves + [.received(Self.pong), .sent(.windowUpdate(1, on: 1))]
        let after = try Self.judge(name, behind, end: .finished)
        #expect(after.verdict == .fail, "\(after.reason)")
        #expect(after.reason.hasPrefix("ended the whole connection without GOAWAY: WINDOW_UPDATE on a closed stream"))
    }

    @Test func `Behind our own GOAWAY a server may end the connection instead of an answer`() throws {
        let moves: [Move] = [
            .sent(.goAway(lastStreamID: 0, .noError)), .script(step: 2), .content(Self.answer), .close,
            .content(Self.closing),
            .received(.data([], on: 1, endStream: true)), .streamEnded(.finished), .sent(Self.ping),
        ]
        let judgement = try Self.judge("http2/between/goaway", moves, end: .finished)
        #expect(judgement.findings.isEmpty, "\(judgement.findings.map(\.reason))")
        let silent = try Self.judge("http2/between/goaway", moves)
        #expect(silent.findings.isEmpty, "\(silent.findings.map(\.reason))")
    }

    @Test func `Behind a GOAWAY with an error no PING has to be answered`() throws {
        let judgement = try Self.judge(
            "http2/end/data-behind-end-stream",
            [
                .sent(.data([], on: 1, endStream: true)), .received(.goAway(lastStreamID: 1, .streamClosed)),
                .streamEnded(.closedHere), .sent(Self.ping),
            ]
        )
        #expect(!judgement.findings.map(\.rule).contains("http2-answers"))
    }

    @Test func `A stream that is reset behind our Close frame is not reset over frames of the connection`() throws {
        let judgement = try Self.judge(
            "http2/window/close",
            [
                .mark(.scriptDone), .close, .sent(Self.ping), .received(.resetStream(1, .connectError)),
                .streamEnded(.reset), .received(Self.pong),
            ]
        )
        #expect(judgement.verdict == .fail, "\(judgement.reason)")
        #expect(judgement.reason.hasPrefix("ended the stream without answering Close"), "\(judgement.reason)")
    }

    @Test func `A frame behind a RST_STREAM of the same side says whose it was`() throws {
        let judgement = try Self.judge(
            "http2/end/data-behind-end-stream",
            [
                .sent(.data([], on: 1, endStream: true)), .received(.resetStream(1, .streamClosed)),
                .received(.windowUpdate(20, on: 1)), .streamEnded(.reset), .sent(Self.ping), .received(Self.pong),
            ]
        )
        let reason = judgement.findings.first { $0.rule == "http2-streams" }?.reason
        #expect(reason == "sent a WINDOW_UPDATE frame on stream 1, which it had reset (RFC 9113, 6.4)")
    }
}
