import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

@Suite struct `The rules of answers to a handshake` {
    /// The lines of a request that is right but for what is put in.
    private static func request(version: String = "13", _ more: [String] = []) -> [String] {
        [
            "GET / HTTP/1.1", "Host: peer.example", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: \(version)",
        ] + more
    }

    /// What a rule finds, by verdict and requirement.
    private static func findings(
        _ rule: String,
        _ scenario: String,
        request: [String] = request(),
        answer: String,
        isLeftOpen: Bool = false
    ) -> [String] {
        var recording = Recording(Catalogue.the(scenario), lines: request)
        recording.receive("HTTP/1.1 \(answer)\r\n\r\n")
        if isLeftOpen { recording.mark(.gaveUp(.deadline)) }
        recording.end(isLeftOpen ? .closedHere : .finished)
        return recording.judgement.findings.filter { $0.rule == rule }.map { "\($0.verdict) \($0.requirement)" }
    }

    private static let none = "\r\nContent-Length: 0"

    @Test(
        arguments: [
            ("426 Upgrade", ["fail RFC9110-15.5.22-01"]),
            ("426 Upgrade\r\nUpgrade: websocket\r\nConnection: Upgrade", []),
            ("426 Upgrade\r\nUpgrade: websocket\r\nConnection: keep-alive", ["fail RFC9110-7.8-05"]),
            ("400 Bad\r\nUpgrade: websocket", ["fail RFC9110-7.8-05"]),
            ("405 Not Allowed", ["fail RFC9110-10.2.1-01"]), ("405 Not Allowed\r\nAllow: GET", []),
            ("401 Who", ["fail RFC9110-11.6.1-01"]), ("401 Who\r\nWWW-Authenticate: Basic", []),
            ("400 Bad", []), ("404 None", []),
            ("300 Choose", ["informational RFC6455-4.2.2-04"]), ("301 Moved", ["informational RFC6455-4.2.2-04"]),
            ("399 Odd", ["informational RFC6455-4.2.2-04"]), ("301 Moved\r\nLocation: /x", []), ("304 Same", []),
            ("299 Odd", []),
        ] as [(String, [String])]
    )
    func `a refusal has the fields that its status requires`(answer: String, found: [String]) {
        #expect(Self.findings("refusal", "handshake/request/version-25", answer: answer + Self.none) == found)
    }

    @Test(
        arguments: [
            ("25", "400 Bad", ["fail RFC6455-4.4-01"]),
            ("25", "400 Bad\r\nSec-WebSocket-Version: 8", ["fail RFC6455-4.4-01"]),
            ("25", "400 Bad\r\nSec-WebSocket-Version: 8, 13", []),
            ("25", "302 Found\r\nLocation: /", []),
            ("255", "400 Bad", ["fail RFC6455-4.4-01"]),
            // These are no versions, so that nothing but the request is wrong.
            ("256", "400 Bad", []), ("025", "400 Bad", []), ("x", "400 Bad", []), ("13", "400 Bad", []),
        ] as [(String, String, [String])]
    )
    func `who refuses a version lists those that it speaks`(version: String, answer: String, found: [String]) {
        let request = Self.request(version: version)
        let result = Self.findings(
            "refusal",
            "handshake/request/version-25",
            request: request,
            answer: answer + Self.none
        )
        #expect(result == found)
    }

    @Test(
        arguments: [
            ("400 Bad\r\nConnection: close\r\nContent-Length: 0", true, ["fail RFC9112-9.6-01"]),
            ("400 Bad\r\nConnection: keep-alive, Close\r\nContent-Length: 0", true, ["fail RFC9112-9.6-01"]),
            ("400 Bad\r\nConnection: close\r\nContent-Length: 0", false, []),
            ("400 Bad\r\nConnection: close", true, ["fail RFC9112-9.6-01"]),
            ("400 Bad", true, ["tolerated RFC6455-7.2.2-01"]), ("400 Bad", false, []),
            ("400 Bad\r\nContent-Length: 0", true, []),
        ] as [(String, Bool, [String])]
    )
    func `a refusal ends the connection where it says so, or has no length`(
        answer: String,
        isLeftOpen: Bool,
        found: [String]
    ) {
        let result = Self.findings(
            "refusal",
            "handshake/request/version-25",
            answer: answer,
            isLeftOpen: isLeftOpen
        )
        #expect(result == found)
    }

    @Test func `what a peer wrote is cut behind its 60th octet, and told in printable ASCII`() {
        func told(_ option: [UInt8]) -> String {
            var recording = Recording(Catalogue.the("handshake/request/version-25"), lines: Self.request())
            recording.receive(
                Array("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\nConnection: close, ".utf8) + option
                    + Array("\r\n\r\n".utf8)
            )
            recording.mark(.gaveUp(.deadline))
            recording.end(.closedHere)
            return recording.judgement.findings.first { $0.rule == "refusal" }?.reason ?? ""
        }
        func octets(_ count: Int) -> [UInt8] { Array(repeating: UInt8(ascii: "x"), count: count) }
        #expect(told([0xC3, 0xA9, 0x7E, 0x7F, 0x07]).contains("Connection: close, \\xc3\\xa9~\\x7f\\x07, and"))
        #expect(told(octets(53)).contains("Connection: close, \(String(repeating: "x", count: 53)), and"))
        #expect(told(octets(54)).contains("Connection: close, \(String(repeating: "x", count: 53))… (61 octets), and"))
    }

    @Test(
        arguments: [
            ("400 Bad", ["informational RFC9110-6.6.1-01"]),
            ("400 Bad\r\nDate: Mon, 30 Nov 2026 07:00:00 GMT", []), ("500 Broken", []),
            ("499 Odd", ["informational RFC9110-6.6.1-01"]),
        ] as [(String, [String])]
    )
    func `a missing Date is told by the scenario about it, and by no other`(answer: String, found: [String]) {
        let result = Self.findings("refusal", "handshake/response/form-of-an-error", answer: answer + Self.none)
        #expect(result == found)
        #expect(Self.findings("refusal", "handshake/request/version-25", answer: answer + Self.none) == [])
    }

    @Test(
        arguments: [
            // Without content.
            ("handshake/request/expect-100-continue-without-content", ["Expect: 100-Continue"], "", ["tolerated"]),
            ("handshake/request/expect-100-continue-without-content", ["Expect: x"], "", []),
            ("handshake/request/expect-100-continue-without-content", [], "", []),
            ("handshake/request/expect-100-continue-without-content", ["Expect: 100-continue"], "100 Continue", []),
            (
                "handshake/request/expect-100-continue-without-content", ["Expect: 100-continue"], "103 Early",
                ["tolerated"]
            ),
            // With content that is there, and with content that is held back.
            (
                "handshake/request/expect-100-continue-with-content", ["Expect: 100-continue", "Content-Length: 6"], "",
                []
            ),
            (
                "handshake/request/expect-100-continue-with-content",
                ["Expect: 100-continue", "Transfer-Encoding: chunked"], "", []
            ),
            (
                "handshake/request/expect-100-continue-with-content-withheld",
                ["Expect: 100-continue", "Content-Length: 6"], "", ["fail"]
            ),
            (
                "handshake/request/expect-100-continue-with-content-withheld",
                ["Expect: 100-continue", "Content-Length: 6"], "100 Continue", []
            ),
        ] as [(String, [String], String, [String])]
    )
    func `a server that switches protocols says 100 first to who waits for it`(
        scenario: String,
        fields: [String],
        interim: String,
        verdicts: [String]
    ) {
        var recording = Recording(Catalogue.the(scenario), lines: Self.request(fields))
        if !interim.isEmpty { recording.receive("HTTP/1.1 \(interim)\r\n\r\n") }
        recording.receive(Recording.acceptance.encode())
        recording.mark(.opened)
        recording.end()
        let found = recording.judgement.findings.filter { $0.rule == "continue" }
        #expect(found.map { "\($0.verdict)" } == verdicts)
        #expect(found.allSatisfy { $0.requirement == "RFC9110-7.8-08" })
    }

    @Test(
        arguments: [
            (1000, true), (1001, true), (1008, true), (1013, true), (3000, true), (4999, true), (nil, true),
            (1002, false), (1003, false), (1011, false), (2999, false), (5000, false),
        ] as [(UInt16?, Bool)]
    )
    func `an application declines by a Close frame with a code of its own`(code: UInt16?, declines: Bool) {
        #expect(Self.declined(by: code) == (declines ? [.informational] : []))
        // Who asks for what the control asked for was accepted there.
        #expect(Self.declined(by: code, protocols: []) == [])
    }

    private static func declined(by code: UInt16?, protocols: [String] = ["CHAT"]) -> [Verdict] {
        let lines = request(protocols.map { "Sec-WebSocket-Protocol: \($0)" })
        var recording = Recording(Catalogue.the("subprotocol/in-capitals"), lines: lines)
        recording.receive(Recording.acceptance.encode())
        recording.mark(.opened)
        recording.receiveClose(code)
        recording.sendClose(code)
        recording.end()
        return recording.judgement.findings.filter { $0.rule == "declined" }.map(\.verdict)
    }

    @Test func `a message before the Close frame is no way to decline`() {
        let lines = Self.request(["Sec-WebSocket-Protocol: CHAT"])
        var recording = Recording(Catalogue.the("subprotocol/in-capitals"), lines: lines)
        recording.receive(Recording.acceptance.encode())
        recording.mark(.opened)
        recording.receive(.text, Array("hello".utf8))
        recording.receiveClose(1000)
        recording.sendClose(1000)
        recording.end()
        #expect(!recording.judgement.findings.contains { $0.rule == "declined" })
    }
}
