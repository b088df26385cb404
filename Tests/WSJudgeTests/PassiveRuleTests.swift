import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// Rules that look at every conversation, each tried with what it has to say nothing about, too.
@Suite struct `The rules of every conversation` {
    /// What rules find in a refusal.
    private func findings(_ response: String) -> [Finding] {
        var recording = Recording(Catalogue.the("handshake/request/version-25"))
        recording.receive(response)
        recording.end()
        return recording.judgement.findings
    }

    /// What rules find in a conversation that goes well.
    private func findings(acceptedWith fields: [HTTPField]) -> [Finding] {
        var answer = Recording.acceptance
        answer.fields += fields
        var recording = Recording.opened(Catalogue.the("ping/empty"), answer: answer.encode())
        recording.sendScript()
        recording.receive(.pong)
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        return recording.judgement.findings
    }

    @Test(
        arguments: [
            ("13", []), ("0, 7, 8, 13, 255", []), ("13, 256", ["RFC6455-11.6-01"]), ("13, 013", ["RFC6455-4.3-07"]),
            ("13, draft, -1", ["RFC6455-4.3-07", "RFC6455-4.3-07"]),
            ("13, 99999999999999999999", ["RFC6455-11.6-01"]),
        ] as [(String, [String])]
    )
    func `a version in a list is a number from 0 to 255`(list: String, requirements: [String]) {
        let found = findings(
            "HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: upgrade\r\nContent-Length: 0\r\n"
                + "Sec-WebSocket-Version: \(list)\r\n\r\n"
        ).filter { $0.rule == "version-list" }
        #expect(found.map(\.requirement) == requirements)
        #expect(found.allSatisfy { $0.verdict == .tolerated })
    }

    @Test(arguments: [("HTTP/1.1", false), ("HTTP/1.0", false), ("HTTP/1.2", true), ("HTTP/2.0", true)])
    func `a response is of HTTP 1_0 or 1_1`(version: String, isFound: Bool) {
        let found = findings("\(version) 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        #expect(found.contains { $0.rule == "response-version" && $0.verdict == .fail } == isFound)
    }

    @Test(
        arguments: [
            // What the request named, and no word of WebSocket in the answer: the server speaks that protocol.
            ("h2c", "Upgrade: h2c\r\n", .informational), ("h2c", "Upgrade: H2C\r\n", .informational),
            // An Accept value answers an opening handshake, and this one was none.
            ("h2c", "Upgrade: h2c\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", .fail),
            ("h2c", "Upgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", .fail),
            ("h2c", "Upgrade: tls/1.2\r\n", .fail), ("h2c", "", .fail), ("websockets", "Upgrade: websocket\r\n", .fail),
        ] as [(String, String, Verdict)]
    )
    func `a 101 to another protocol that the request named has nothing to do with WebSocket`(
        asked: String,
        fields: String,
        verdict: Verdict
    ) {
        var recording = Recording(
            Catalogue.the("handshake/request/upgrade-\(asked)"),
            lines: [
                "GET / HTTP/1.1", "Host: peer.example", "Connection: Upgrade", "Upgrade: \(asked)",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
            ]
        )
        recording.receive("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\(fields)\r\n")
        if verdict == .fail { recording.mark(.opened) }
        // Frames of HTTP/2, which nobody may read as those of WebSocket.
        recording.receive([0x00, 0x00, 0x06, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x64])
        recording.end()
        let judgement = recording.judgement
        #expect(judgement.verdict == verdict)
        #expect(judgement.findings.contains { $0.rule == "framing" } == (verdict == .fail))
    }

    @Test(arguments: [("302", "", true), ("302", "Location: /there\r\n", false), ("304", "", false)])
    func `a redirection without a place is said and never counted`(status: String, field: String, isFound: Bool) {
        let found = findings("HTTP/1.1 \(status) Elsewhere\r\n\(field)Connection: close\r\nContent-Length: 0\r\n\r\n")
        #expect(found.contains { $0.requirement == "RFC6455-4.2.2-04" && $0.verdict == .informational } == isFound)
    }

    @Test(
        arguments: [
            ("permessage-deflate", 0), ("permessage-deflate; server_max_window_bits=10", 0),
            ("permessage-deflate; SERVER_NO_CONTEXT_TAKEOVER; client_no_context_takeover", 0),
            ("permessage-deflate; client_max_window_bits=15; level=9", 1), ("x-private; level=9", 0),
        ]
    )
    func `permessage-deflate has its four parameters`(value: String, count: Int) {
        let found = findings(acceptedWith: [HTTPField("Sec-WebSocket-Extensions", value)])
        #expect(found.count { $0.rule == "extension-parameters" } == count)
    }

    @Test(arguments: [(0.0, false, false), (900, false, false), (1100, false, true), (1100, true, false)])
    func `a late answer to Close is told where nothing else was under way`(
        delay: Double,
        sendsMeanwhile: Bool,
        isFound: Bool
    ) {
        var recording = Recording.opened(Catalogue.the("ping/empty"))
        recording.sendScript()
        recording.receive(.pong)
        recording.sendClose(1000)
        recording.milliseconds += delay
        if sendsMeanwhile { recording.receive(.text, Array("the end of something long".utf8)) }
        recording.receiveClose(1000)
        recording.end()
        let found = recording.judgement.findings.filter { $0.rule == "late-close" }
        #expect(found.isEmpty != isFound)
        #expect(found.allSatisfy { $0.verdict == .tolerated && $0.axis == .closing })
    }

    @Test func `who had all the time, as under a debugger, is never late`() {
        for waitsForever in [true, false] {
            var recording = Recording.opened(Catalogue.the("ping/empty"), waitsForever: waitsForever)
            recording.sendScript()
            recording.receive(.pong)
            recording.sendClose(1000)
            recording.milliseconds += 30_000
            recording.receiveClose(1000)
            recording.milliseconds += 30_000
            recording.end()
            #expect(recording.judgement.findings.map(\.rule) == (waitsForever ? [] : ["transport", "late-close"]))
        }
    }

    @Test func `who is busy with others in the load phase may be late`() {
        let scenario = Catalogue.the("limits/echo-loop/text-0")
        var recording = Recording.opened(scenario)
        recording.sendScript()
        for _ in 0..<50 { recording.receive(.text) }
        recording.sendClose(1000)
        recording.milliseconds += 1100
        recording.receiveClose(1000)
        recording.end()
        #expect(recording.judgement.verdict == .pass)
    }

    @Test func `the order of both Close frames decides whose answer is late`() {
        var recording = Recording.opened(Catalogue.the("ping/empty"))
        recording.sendScript()
        recording.receive(.pong)
        recording.receiveClose(1001)
        recording.milliseconds += 1500
        recording.sendClose(1001)
        recording.end()
        #expect(!recording.judgement.findings.contains { $0.rule == "late-close" })
    }
}
