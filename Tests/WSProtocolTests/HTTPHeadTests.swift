import TestSupport
import Testing
import WSProtocol

@Suite struct `HTTP heads` {
    @Test func `Parts are ranges of the raw bytes`() {
        let head = response("Upgrade:  websocket \t\r\nX-Empty:\r\n")
        #expect(head.text(head.startLine) == "HTTP/1.1 101 Switching Protocols")
        #expect(head.startLineText == "HTTP/1.1 101 Switching Protocols")
        #expect(head.fields.map(head.name(of:)) == ["Upgrade", "X-Empty"])
        #expect(head.fields.map(head.value(of:)) == ["websocket", ""])
        #expect(head.fields.map(\.lineOffset) == [34, 57])
        #expect(head.fields[0].value == 44..<53)
        #expect(head.problems == [])
    }

    @Test func `Names are found whatever their case, in order`() {
        let head = response("A: 1\r\nb: 2\r\na: 3\r\nAB: 4\r\n")
        #expect(head.values(of: "a") == ["1", "3"])
        #expect(head.values(of: "B") == ["2"])
        #expect(head.values(of: "missing") == [])
    }

    @Test func `Lists run over commas and lines, and empty elements fall out`() {
        let head = response("L: a, b\t,,\r\nM: x\r\nl:c ,\r\nL:\r\n")
        #expect(head.tokens(of: "L") == ["a", "b", "c"])
    }

    @Test func `Bytes above 127 become one Latin-1 character each`() {
        let raw = Array("HTTP/1.1 101 \r\nX: ".utf8) + [0xE9, 0xFF, 0xC3] + Array("\r\n\r\n".utf8)
        let head = HTTPHead(kind: .response, raw: raw)
        #expect(head.values(of: "X") == ["\u{E9}\u{FF}\u{C3}"])
        #expect(head.problems == [])
    }

    @Test func `A folded value is one text with single spaces`() {
        let head = response("X: one\r\n  two\r\n\tthree\r\nY: 1\r\n")
        #expect(head.values(of: "X") == ["one two three"])
        #expect(head.values(of: "Y") == ["1"])
        #expect(problems(of: head) == [.obsoleteLineFolding, .obsoleteLineFolding])
        #expect(head.problems.map(\.offset) == [42, 49])
        #expect(response("X:\r\n one\r\n").values(of: "x") == ["one"])
        #expect(response("X: one\r\n \t\r\n").values(of: "x") == ["one"])
    }

    @Test func `A folded line with CR and LF apart is still one text`() {
        let head = response("X: one\n two\r\n")
        #expect(head.values(of: "X") == ["one two"])
        #expect(problems(of: head) == [.bareLineFeed, .obsoleteLineFolding])
    }

    @Test(
        arguments: [
            ("A: b\n", .bareLineFeed, 4), ("A: b\rc\r\n", .bareCarriageReturn, 4), ("A: b\u{0}c\r\n", .controlByte, 4),
            ("A: b\u{7F}c\r\n", .controlByte, 4), (" A: b\r\n", .whitespaceBeforeFirstField, 0),
            ("Ab\r\n", .missingColon, 0),
            ("A : b\r\n", .whitespaceBeforeColon, 1), ("A\t: b\r\n", .whitespaceBeforeColon, 1),
            (": b\r\n", .invalidFieldName, 0),
            ("A(b: c\r\n", .invalidFieldName, 1), ("A b: c\r\n", .invalidFieldName, 1),
            ("\u{0}A: c\r\n", .invalidFieldName, 0),
        ] as [(String, HTTPRule, Int)]
    )
    func `A flaw is reported where it stands and reading goes on`(line: String, rule: HTTPRule, offset: Int) {
        let head = response(line + "After: here\r\n")
        #expect(head.problems == [HTTPProblem(rule: rule, offset: 34 + offset)])
        #expect(head.values(of: "after") == ["here"])
    }

    @Test func `A field with whitespace before its colon keeps its name`() {
        #expect(response("Upgrade : websocket\r\n").values(of: "upgrade") == ["websocket"])
    }

    @Test func `A line folded onto no field is dropped`() {
        let head = response("A: 1\r\nno colon\r\n folded\r\n")
        #expect(head.values(of: "A") == ["1"])
        #expect(problems(of: head) == [.missingColon, .obsoleteLineFolding])
    }

    @Test(arguments: [
        ("HTTP/1.1 101 Switching Protocols", "HTTP/1.1", 101, "Switching Protocols"),
        ("HTTP/1.0 404 ", "HTTP/1.0", 404, ""),
        ("HTTP/2.0 200", "HTTP/2.0", 200, ""), ("HTTP/1.1 099 a b  c", "HTTP/1.1", 99, "a b  c"),
    ])
    func `A status line has a version, a code and a reason`(
        line: String,
        version: String,
        code: Int,
        reason: String
    ) throws {
        let status = try #require(StatusLine(line))
        #expect(status.version.description == version)
        #expect(status.code == code)
        #expect(status.reason == reason)
    }

    @Test
    func `What is no status line is none`() async {
        await Sweep.each(of: [
            "", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 1010", "HTTP/1.1 10", "HTTP/1.1 1x1 OK", "HTTP/1.1  101 OK",
            "HTTP/11 101", "http/1.1 101 OK",
            "HTTP/1.1 +01 OK", "HTTP/1.1 １０１ OK", "GET / HTTP/1.1",
        ]) { line in
            #expect(StatusLine(line) == nil)
        }
    }

    @Test func `A request line has three parts`() throws {
        let line = try #require(RequestLine("GET /chat?a=b HTTP/1.1"))
        #expect(line.method == "GET")
        #expect(line.target == "/chat?a=b")
        #expect(line.version == .http11)
    }

    @Test(arguments: [
        "", "GET", "GET /", "GET  HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "G(T / HTTP/1.1", "GET / / HTTP/1.1",
        "GET / HTTP/1.10",
    ])
    func `What is no request line is none`(line: String) {
        #expect(RequestLine(line) == nil)
        #expect(
            HTTPHead(kind: .request, raw: Array("\(line)x\r\n\r\n".utf8)).problems.first?.rule == .malformedStartLine
        )
    }

    @Test func `A status line without the space before its reason is a flaw`() {
        let head = HTTPHead(kind: .response, raw: Array("HTTP/1.1 101\r\n\r\n".utf8))
        #expect(head.problems == [HTTPProblem(rule: .missingSpaceAfterStatus, offset: 12)])
    }

    @Test func `Empty lines before a request are a flaw of the client`() {
        let head = HTTPHead(kind: .request, raw: Array("\r\nGET / HTTP/1.1\r\n\r\n".utf8))
        #expect(head.problems == [HTTPProblem(rule: .leadingEmptyLine, offset: 0)])
        #expect(head.startLineText == "GET / HTTP/1.1")
    }

    @Test func `Versions compare by their numbers`() throws {
        let old = try #require(HTTPVersion("HTTP/1.0"))
        let new = try #require(HTTPVersion("HTTP/2.0"))
        #expect(old < .http11)
        #expect(HTTPVersion.http11 < new)
        #expect(HTTPVersion("HTTP/1.1 ") == nil)
    }

    @Test func `Bytes without any structure still make a head`() {
        for bytes in [[], [0x0A], [0x0D], [0x0D, 0x0D, 0x0A], [0x20], [0xFF, 0x0A, 0x3A]] as [[UInt8]] {
            for kind in [HTTPHead.Kind.request, .response] {
                let head = HTTPHead(kind: kind, raw: bytes)
                #expect(head.raw == bytes)
                #expect(head.problems.allSatisfy { bytes.indices.contains($0.offset) })
            }
        }
    }

    private func response(_ fields: String) -> HTTPHead {
        HTTPHead(kind: .response, raw: Array("HTTP/1.1 101 Switching Protocols\r\n\(fields)\r\n".utf8))
    }

    private func problems(of head: HTTPHead) -> [HTTPRule] { head.problems.map(\.rule) }
}
