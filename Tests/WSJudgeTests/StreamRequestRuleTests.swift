import Testing
import WSCatalogue
import WSHTTP2
import WSJudge
import WSScenario
import WSTranscript

/// What is found in the Extended CONNECT of a client, and on its connection.
@Suite struct `The rules about a client's stream of HTTP/2` {
    private typealias Line = (name: String, value: String)

    private static let request: [Line] = [
        (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":path", "/runCase?case=1"),
        (":authority", "127.0.0.1:9001"), ("sec-websocket-version", "13"),
    ]

    private static func judge(
        _ fields: [Line] = request,
        ends: Bool = false,
        url: String = "ws://127.0.0.1:9001",
        settings: [HTTP2Setting] = [HTTP2Setting(.enableConnectProtocol, 1)],
        frames: [HTTP2Frame] = [],
        stream: UInt32 = 1
    ) throws -> [Finding] {
        let scenario = try #require(Catalogue.scenario("ping/empty"))
        var recorder = TranscriptRecorder(
            header: TranscriptHeader(
                scenario: scenario.id,
                roleUnderTest: "client",
                url: url,
                seed: 1,
                effort: "quick"
            )
        )
        var encoder = HPACKEncoder()
        let block = encoder.encode(fields.map { FieldLine($0.name, $0.value) })
        let begun = HTTP2Frame.preface + HTTP2Frame.settings().encoded + HTTP2Frame.settingsAcknowledgment.encoded
        recorder.carrierStream(stream)
        recorder.carrier([.octets(HTTP2Frame.settings(settings).encoded)], isSent: true, at: 0)
        recorder.carrier(
            [.octets(begun + HTTP2Frame.headers(block, on: stream, endStream: ends).encoded)],
            isSent: false,
            at: 0
        )
        recorder.connected(at: 1)
        recorder.mark(.fieldsReceived(TranscriptFields(fields, endsStream: ends)), at: 1)
        recorder.mark(.fieldsSent(TranscriptFields([(":status", "200")], endsStream: false)), at: 1)
        recorder.mark(.answered, at: 1)
        recorder.mark(.opened, at: 1)
        var answers = HPACKEncoder()
        let answer = answers.encode([FieldLine(":status", "200")])
        recorder.carrier([.octets(HTTP2Frame.headers(answer, on: stream).encoded)], isSent: true, at: 1)
        recorder.carrier([.octets(frames.flatMap(\.encoded))], isSent: false, at: 2)
        recorder.ended(.finished, at: 3)
        return Judge.judge(scenario, recorder.transcript).findings.filter {
            $0.rule.hasPrefix("http2-") || $0.rule == "stream-request"
        }
    }

    private static func changed(_ name: String, _ value: String?) -> [Line] {
        request.compactMap { line in
            guard line.name == name else { return line }
            return value.map { (name, $0) }
        }
    }

    @Test func `say nothing of a request as it has to be, on whatever stream it is`() throws {
        #expect(try Self.judge(frames: [.data([], on: 1, endStream: true)]).isEmpty)
        #expect(try Self.judge(frames: [.data([], on: 7, endStream: true)], stream: 7).isEmpty)
        let secured = Self.changed(":scheme", "https")
        #expect(try Self.judge(secured, url: "wss://127.0.0.1:9001").isEmpty)
    }

    @Test func `find what is wrong with it`() throws {
        func found(_ fields: [Line], ends: Bool = false) throws -> [String] {
            try Self.judge(fields, ends: ends).map { "\($0.rule) \($0.requirement) \($0.verdict)" }
        }
        #expect(try found(Self.changed(":scheme", "https")) == ["stream-request RFC8441-5-02 fail"])
        #expect(try found(Self.changed(":scheme", "ws")) == ["http2-messages RFC8441-5-02 fail"])
        #expect(try found(Self.changed(":path", nil)).contains("http2-messages RFC8441-4-02 fail"))
        #expect(try found(Self.changed(":authority", nil)).contains("stream-request RFC8441-5-04 fail"))
        #expect(
            try found(Self.changed("sec-websocket-version", "8")).first?.hasPrefix("stream-request RFC6455-4.1-33")
                == true
        )
        #expect(try found(Self.request + [("sec-websocket-key", "a")]) == ["stream-request RFC8441-5-07 tolerated"])
        #expect(try found(Self.request + [("connection", "upgrade")]) == ["http2-messages RFC9113-8.2.2-02 fail"])
        #expect(try found(Self.request + [("X-Odd", "1")]) == ["http2-messages RFC9113-8.2-01 fail"])
        #expect(try found(Self.request, ends: true) == ["stream-request RFC8441-5-12 fail"])
    }

    @Test func `find Extended CONNECT at a server that has not said that it takes it`() throws {
        for settings in [[], [HTTP2Setting(.enableConnectProtocol, 0)], [HTTP2Setting(.enableConnectProtocol, 2)]] {
            let findings = try Self.judge(settings: settings)
            #expect(findings.map(\.requirement) == ["RFC8441-3-03"] && findings.allSatisfy { $0.verdict == .fail })
        }
    }

    @Test func `find what a client does to its stream, and leave its other streams alone`() throws {
        func found(_ frames: HTTP2Frame...) throws -> [String] { try Self.judge(frames: frames).map(\.requirement) }
        #expect(try found(.windowUpdate(0, on: 1)) == ["RFC9113-6.9-03"])
        #expect(try found(.data([], on: 9)) == [])
        #expect(try found(HTTP2Frame(type: .ping, streamID: 0, payload: [1])) == ["RFC9113-4.2-01"])
    }
}
