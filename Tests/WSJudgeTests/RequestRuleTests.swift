import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// What rules find in the opening handshakes of clients, each tried with what it has to say nothing about, too.
@Suite struct `The rules of every request` {
    /// The ordinary request with one line changed, added or left out.
    private static func lines(_ changed: String?, at index: Int?) -> [String] {
        var lines = ClientRecording.lines
        guard let index else { return lines + [changed].compactMap(\.self) }
        if let changed { lines[index] = changed } else { lines.remove(at: index) }
        return lines
    }

    private static func findings(_ lines: [String], url: String = "ws://127.0.0.1:9001/") -> [Finding] {
        ClientRecording.ordinary(lines: lines, url: url).judgement.findings
    }

    @Test func `an ordinary request has nothing said against it`() {
        let judgement = ClientRecording.ordinary().judgement
        #expect(judgement.findings.map(\.reason) == [])
        #expect(judgement.verdict == .pass)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var line: String?
        var index: Int?
        var requirement: String
        var verdict = Verdict.fail

        var testDescription: String { "\(line ?? "without line \(index ?? 0)") \(requirement)" }
    }

    static let rows: [Row] = [
        // The request line.
        Row(line: "POST /runCase?case=1 HTTP/1.1", index: 0, requirement: "RFC6455-4.1-20"),
        Row(line: "GET /runCase?case=1 HTTP/1.0", index: 0, requirement: "RFC6455-4.1-21"),
        Row(line: "GET /runCase?case=1 HTTP/1.2", index: 0, requirement: "RFC9110-6.2-02"),
        Row(line: "GET /runCase?case=1", index: 0, requirement: "RFC6455-4.1-19"),
        Row(line: "GET /runCase?case=1#here HTTP/1.1", index: 0, requirement: "RFC6455-3-01"),
        Row(line: "GET /runCase?case=ä HTTP/1.1", index: 0, requirement: "RFC6455-11.1.1-02"),
        Row(line: "GET /runCase?case=\"1\" HTTP/1.1", index: 0, requirement: "RFC9110-2.2-01"),
        Row(line: "GET runCase?case=1 HTTP/1.1", index: 0, requirement: "RFC6455-4.1-22"),
        Row(
            line: "GET http://127.0.0.1:9001/runCase HTTP/1.1",
            index: 0,
            requirement: "RFC9112-3.2.1-01",
            verdict: .informational
        ),
        // The fields of 4.1.
        Row(line: nil, index: 1, requirement: "RFC9112-3.2-02"),
        Row(line: "Host: 127.0.0.1", index: 1, requirement: "RFC6455-4.1-23"),
        Row(line: "Host: me@127.0.0.1:9001", index: 1, requirement: "RFC9112-3.2-03"),
        Row(line: "Host: 127.0.0.1:9001", index: nil, requirement: "RFC9110-5.3-01"),
        Row(line: nil, index: 2, requirement: "RFC6455-4.1-24"),
        Row(line: nil, index: 3, requirement: "RFC6455-4.1-25"),
        Row(line: "Connection: keep-alive", index: 3, requirement: "RFC9110-7.8-05"),
        Row(line: nil, index: 4, requirement: "RFC6455-4.1-26"),
        Row(line: "Sec-WebSocket-Key: c2hvcnQ=", index: 4, requirement: "RFC6455-4.1-27"),
        Row(line: "Sec-WebSocket-Key: \(ClientRecording.key)", index: nil, requirement: "RFC6455-11.3.1-01"),
        Row(line: nil, index: 5, requirement: "RFC6455-4.1-32"),
        Row(line: "Sec-WebSocket-Version: 8", index: 5, requirement: "RFC6455-4.1-33"),
        Row(line: "Sec-WebSocket-Version: 013", index: 5, requirement: "RFC6455-4.3-04", verdict: .tolerated),
        Row(line: "Sec-WebSocket-Version: 256", index: 5, requirement: "RFC6455-11.6-01", verdict: .tolerated),
        Row(line: "Sec-WebSocket-Version: 13", index: nil, requirement: "RFC6455-11.3.5-02"),
        Row(line: "Sec-WebSocket-Protocol: ", index: nil, requirement: "RFC6455-4.1-35"),
        Row(line: "Sec-WebSocket-Protocol: a b", index: nil, requirement: "RFC6455-4.1-35"),
        Row(line: "Sec-WebSocket-Protocol: a, a", index: nil, requirement: "RFC6455-4.1-36"),
        Row(
            line: "Sec-WebSocket-Extensions: a; b=\"c d\"",
            index: nil,
            requirement: "RFC6455-4.3-02",
            verdict: .tolerated
        ),
        Row(line: "Sec-WebSocket-Extensions: x-own", index: nil, requirement: "RFC6455-9.1-05", verdict: .tolerated),
        Row(line: "Sec-WebSocket-Extensions: permessage-deflate; x", index: nil, requirement: "RFC6455-9.1-06"),
        Row(
            line: "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits",
            index: nil,
            requirement: "RFC7692-7.1.2.1-02"
        ),
        Row(
            line: "Sec-WebSocket-Extensions: permessage-deflate, permessage-deflate; client_max_window_bits=08",
            index: nil,
            requirement: "RFC7692-7.1.2.2-02"
        ),
        Row(
            line: "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover=1",
            index: nil,
            requirement: "RFC7692-7.1.1.1-02",
            verdict: .tolerated
        ),
        Row(
            line: "Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover=1",
            index: nil,
            requirement: "RFC7692-7.1.1.2-02",
            verdict: .tolerated
        ),
        Row(
            line: "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits; client_max_window_bits=9",
            index: nil,
            requirement: "RFC6455-9.1-06",
            verdict: .tolerated
        ),
        // The form of the head.
        Row(line: "Connection: , Upgrade", index: 3, requirement: "RFC9110-5.6.1.1-01"),
        Row(line: "User-Agent: a\r\nuser-agent: b", index: nil, requirement: "RFC9110-5.3-01"),
        Row(line: "X-Folded: a\r\n b", index: nil, requirement: "RFC9112-5.2-01"),
        Row(line: "X-Odd: a\rb", index: nil, requirement: "RFC9112-2.2-02"),
        Row(line: "X-Odd : a", index: nil, requirement: "RFC9110-2.2-01"),
        Row(line: "Content-Length: 5", index: nil, requirement: "RFC9110-9.3.1-01", verdict: .tolerated),
        Row(line: "Origin: http://example.org/path", index: nil, requirement: "RFC6455-4.1-31", verdict: .tolerated),
    ]

    @Test
    func `what is wrong with a request is found`() async {
        await Sweep.each(of: Self.rows) { row in
            let found = Self.findings(Self.lines(row.line, at: row.index)).filter { $0.requirement == row.requirement }
            #expect(found.map(\.verdict) == [row.verdict])
        }
    }

    @Test(arguments: [
        "Sec-WebSocket-Protocol: chat, superchat",
        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
        "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=8; client_max_window_bits=\"15\"",
        "Sec-WebSocket-Extensions: bbf-usp-protocol, PerMessage-Deflate; SERVER_NO_CONTEXT_TAKEOVER",
        "Origin: null", "Origin: http://127.0.0.1:9001", "Cookie: a=b", "Content-Length: 0", "Pragma: no-cache",
        "Accept: a,,b", "X-Wsconform:",
    ])
    func `what a client may add to its request is no finding`(line: String) {
        #expect(Self.findings(Self.lines(line, at: nil)).map(\.reason) == [])
    }

    @Test(arguments: [
        ("ws://127.0.0.1:9001/", true), ("ws://0.0.0.0:9001/", false), ("ws://127.0.0.1:80/", false),
        ("ws://[::1]:9001/", false), ("ws://127.0.0.1", false), ("", false),
    ])
    func `a port is missed only under the host of our own address`(url: String, isMissed: Bool) {
        let found = Self.findings(Self.lines("Host: 127.0.0.1", at: 1), url: url)
        #expect(found.contains { $0.requirement == "RFC6455-4.1-23" } == isMissed)
    }

    @Test(
        arguments: [
            ("[::1]:9001", []), ("[::1]", ["RFC6455-4.1-23"]), ("::1:9001", ["RFC6455-4.1-23"]),
        ] as [(String, [String])]
    )
    func `Host has the brackets and the port of an IPv6 address`(host: String, requirements: [String]) {
        let lines = Self.lines("Host: \(host)", at: 1)
        #expect(Self.findings(lines, url: "ws://[::1]:9001/").map(\.requirement) == requirements)
    }

    @Test func `a key that came before is found`() {
        var recording = ClientRecording(Catalogue.the("ping/empty"))
        recording.mark(.repeatedKey(connections: 2))
        recording.answer()
        recording.end()
        let found = recording.judgement.findings.filter { $0.rule == "nonce" }
        #expect(found.map(\.requirement) == ["RFC6455-4.1-28"])
        #expect(found.first?.reason.contains("2 earlier connections") == true)
    }

    @Test func `that Host comes first is told only where a scenario looks at requests`() {
        var lines = ClientRecording.lines
        lines.swapAt(1, 2)
        #expect(ClientRecording.ordinary(lines: lines).judgement.findings.map(\.requirement) == ["RFC9110-7.2-02"])
        #expect(ClientRecording.ordinary("ping/empty", lines: lines).judgement.verdict == .pass)
    }

    @Test func `frames before the answer are found, content that was announced is not`() {
        func judged(_ line: String?) -> Judgement {
            var recording = ClientRecording(
                Catalogue.the("handshake/request/form-of-the-request"),
                lines: Self.lines(line, at: nil)
            )
            recording.receive(.text, Array("early".utf8))
            recording.answer()
            recording.end()
            return recording.judgement
        }
        #expect(judged(nil).findings.contains { $0.requirement == "RFC6455-4.1-39" && $0.verdict == .fail })
        #expect(!judged("Content-Length: 11").findings.contains { $0.rule == "early-data" })
        #expect(!ClientRecording.ordinary().judgement.findings.contains { $0.rule == "early-data" })
    }

    @Test(
        arguments: [
            ("address-with-number-sign", "/runCase?case=1&x=%23", nil),
            ("address-with-number-sign", "/runCase?case=1&x=", "RFC6455-3-02"),
            ("address-with-letters-above-ascii", "/runCase?case=1&x=%c3%a4%E2%82%AC", nil),
            ("address-with-letters-above-ascii", "/runCase?case=1&x=%E4%80", "RFC6455-11.1.1-02"),
            ("address-with-escaped-octets", "/runCase?case=1&x=%C3%A4", nil),
            ("address-with-escaped-octets", "/runCase?case=1&x=%25C3%25A4", "RFC6455-4.1-22"),
            ("address-without-path", "/?case=1", nil), ("address-without-path", "?case=1", "RFC9112-3.2.1-01"),
            ("address-with-fragment", "/runCase?case=1", nil),
            // Clients that lose the query, or the path with it; the last is an address that never had one.
            ("form-of-the-request", "/runCase", "RFC6455-3-06"), ("address-with-userinfo", "/runCase", "RFC6455-3-06"),
            ("address-without-path", "/", "RFC6455-3-06"), ("form-of-the-request", "/", "RFC6455-4.1-22"),
            ("form-of-the-request", "/case/x/handshake/request/form-of-the-request", nil),
            ("address-with-number-sign", "/case/x/handshake/request/address-with-number-sign", "RFC6455-3-02"),
            ("address-with-number-sign", "/case/x/handshake/request/address-with-number-sign?plain&x=%23", nil),
        ] as [(String, String, String?)]
    )
    func `the target follows from the address`(slug: String, target: String, requirement: String?) {
        let lines = Self.lines("GET \(target) HTTP/1.1", at: 0)
        let found = ClientRecording.ordinary("handshake/request/\(slug)", lines: lines).judgement.findings
        #expect(found.filter { $0.rule == "address" }.map(\.requirement) == [requirement].compactMap(\.self))
    }
}
