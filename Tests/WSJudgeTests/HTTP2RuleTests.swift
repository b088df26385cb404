import Testing
import WSCatalogue
import WSHTTP2
import WSJudge
import WSScenario
import WSTranscript

/// The rules about the connection of HTTP/2 around a stream, each with what a server sends on it.
@Suite struct `The rules of HTTP/2` {
    private static let request: [(name: String, value: String)] = [
        (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":path", "/"),
        (":authority", "localhost"), ("sec-websocket-version", "13"),
    ]
    private static let usual = HTTP2Frame.settings([HTTP2Setting(.enableConnectProtocol, 1)]).encoded

    /// What the rules of HTTP/2 find where a server sends these octets behind its first frames.
    private static func findings(
        _ frames: [HTTP2Frame] = [],
        first: [UInt8] = usual + HTTP2Frame.settingsAcknowledgment.encoded,
        sent: [HTTP2Frame] = [],
        end: TranscriptEnd = .closedHere
    ) throws -> [Finding] {
        let scenario = try #require(Catalogue.scenario("ping/empty"))
        var encoder = HPACKEncoder()
        let block = encoder.encode(request.map { FieldLine($0.name, $0.value) })
        let begun = HTTP2Frame.preface + HTTP2Frame.settings().encoded
        let asked = HTTP2Frame.settingsAcknowledgment.encoded + HTTP2Frame.headers(block, on: 1).encoded
        var recorder = TranscriptRecorder(
            header: TranscriptHeader(
                scenario: scenario.id,
                roleUnderTest: "server",
                url: "h2c+ws://localhost",
                seed: 1,
                effort: "quick"
            )
        )
        recorder.carrier([.octets(begun)], isSent: true, at: 1)
        recorder.carrier([.octets(first)], isSent: false, at: 2)
        recorder.connected(at: 3)
        recorder.mark(.fieldsSent(TranscriptFields(request, endsStream: false)), at: 3)
        recorder.carrier([.octets(asked + sent.flatMap(\.encoded))], isSent: true, at: 3)
        recorder.carrier([.octets(frames.flatMap(\.encoded))], isSent: false, at: 4)
        recorder.ended(.finished, at: 5)
        recorder.carrierEnded(end, at: 6)
        return Judge.judge(scenario, recorder.transcript).findings.filter { $0.rule.hasPrefix("http2-") }
    }

    private static func answer(_ fields: [(String, String)]) -> HTTP2Frame {
        var encoder = HPACKEncoder()
        return .headers(encoder.encode(fields.map { FieldLine($0.0, $0.1) }), on: 1)
    }

    @Test func `say nothing of a connection on which all is right`() throws {
        let frames = [Self.answer([(":status", "200"), ("server", "a")]), .data([], on: 1, endStream: true)]
        #expect(try Self.findings(frames).isEmpty)
    }

    @Test(
        arguments: [
            (
                "http2-frames", .tolerated, "RFC9113-4.1-01",
                [HTTP2Frame.settings().with { $0.flags = HTTP2Flags(rawValue: 0x40) }]
            ),
            ("http2-frames", .fail, "RFC9113-4.2-01", [HTTP2Frame(type: .ping, streamID: 0, payload: [1])]),
            ("http2-frames", .fail, "RFC9113-4.1-02", [HTTP2Frame(type: .settings, streamID: 1)]),
            ("http2-settings", .fail, "RFC8441-3-05", [.settings([HTTP2Setting(.enableConnectProtocol, 0)])]),
            ("http2-settings", .fail, "RFC8441-3-01", [.settings([HTTP2Setting(.enableConnectProtocol, 7)])]),
            (
                "http2-settings", .tolerated, "RFC9113-6.7-02",
                [.ping([UInt8](repeating: 0, count: 8), isAcknowledgment: true)]
            ),
            ("http2-streams", .fail, "RFC9113-5.1-02", [.data([], on: 7)]),
            ("http2-windows", .fail, "RFC9113-6.9-03", [.windowUpdate(0)]),
            ("http2-windows", .fail, "RFC9113-6.9.1-04", [.windowUpdate(1 << 31 - 1)]),
            ("http2-messages", .fail, "RFC9110-9.3.6-01", [answer([(":status", "200"), ("content-length", "0")])]),
            ("http2-messages", .fail, "RFC9113-8.2-01", [answer([(":status", "200"), ("Server", "a")])]),
            ("http2-messages", .fail, "RFC9113-8.2.2-02", [answer([(":status", "200"), ("connection", "a")])]),
            ("http2-messages", .fail, "RFC9113-8.1-01", [.data([1], on: 1)]),
        ] as [(String, Verdict, String, [HTTP2Frame])]
    )
    func `name the group, the gravity and the requirement`(
        rule: String,
        verdict: Verdict,
        requirement: String,
        frames: [HTTP2Frame]
    ) throws {
        let found = try Self.findings(frames)
        #expect(found.map(\.rule) == [rule] && found.map(\.requirement) == [requirement], "\(found.map(\.reason))")
        #expect(found.first?.verdict == verdict)
        #expect(found.first?.isPassive == true && found.first?.reasonKey.hasPrefix("http2-") == true)
    }

    @Test func `find a frame behind our RST_STREAM once a PING shows that it was read`() throws {
        let ping = HTTP2Frame.ping([1, 2, 3, 4, 5, 6, 7, 8])
        let accepted = Self.answer([(":status", "200")])
        let data = HTTP2Frame.data([0x8A, 0], on: 1)
        let pong = HTTP2Frame.ping(ping.payload, isAcknowledgment: true)
        let reset = [HTTP2Frame.resetStream(1, .cancel), ping]
        let found = try Self.findings([accepted, pong, data], sent: reset)
        #expect(found.map(\.requirement) == ["RFC9113-6.4-01"] && found.first?.verdict == .fail)
        #expect(found.first?.reason.contains("a DATA frame on stream 1, which we had reset") == true)
        // What comes before the answer may have crossed RST_STREAM, and PRIORITY may come at any time.
        #expect(try Self.findings([accepted, data, pong], sent: reset).isEmpty)
        #expect(try Self.findings([accepted, pong, .priority(HTTP2Priority(), on: 1)], sent: reset).isEmpty)
        // A PING before RST_STREAM shows nothing.
        #expect(try Self.findings([accepted, pong, data], sent: reset.reversed()).isEmpty)
    }

    @Test func `miss the answers to SETTINGS and PING where the server could have given them`() throws {
        let ping = HTTP2Frame.ping([1, 2, 3, 4, 5, 6, 7, 8])
        let ended = [Self.answer([(":status", "200")]), HTTP2Frame.data([], on: 1, endStream: true)]
        let missed = try Self.findings(ended, first: Self.usual, sent: [ping])
        #expect(missed.map(\.requirement) == ["RFC9113-6.5.3-01", "RFC9113-6.7-01"])
        #expect(missed.allSatisfy { $0.verdict == .fail && $0.rule == "http2-answers" })
        // Where the server has ended the connection, nothing more was due.
        #expect(try Self.findings(ended, first: Self.usual, sent: [ping], end: .finished).isEmpty)
        let answered = ended + [.ping(ping.payload, isAcknowledgment: true)]
        #expect(try Self.findings(answered, sent: [ping]).isEmpty)
    }
}
