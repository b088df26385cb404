import Foundation
import PeerTestSupport
import Testing
import WSCommand
import WSConform
import WSLink
import WSProtocol
import WSReport
import WSRunFolder
import WSTransport

@Suite("The doctor", .serialized, .timeLimit(.minutes(15)))
struct DoctorTests {
    /// Examines a server of a test, and gives what was said, with `PORT` in place of its port.
    private func examine(
        _ peer: @escaping @Sendable () -> ScriptedPeer,
        scheme: String = "ws",
        _ words: [String] = []
    ) async throws -> (status: Int32, lines: [String], error: String) {
        let acceptor = try await Sockets.accept(at: .tcp(host: "127.0.0.1", port: 0), connectTimeout: .seconds(10)) {
            peer()
        }
        let port = try #require(acceptor.endpoint.port)
        let result = try await Program.run(["doctor", "\(scheme)://127.0.0.1:\(port)", "--no-config"] + words)
        await acceptor.closeAll()
        let output = result.output.replacing("127.0.0.1:\(port)", with: "PEER")
        return (result.status, output.split(separator: "\n").map(String.init), result.error)
    }

    /// Answers requests with a head, and ends.
    private func answering(_ head: String) -> @Sendable () -> ScriptedPeer {
        {
            ScriptedPeer { event, answers in
                guard case .request = event else { return }
                answers.send("HTTP/1.1 \(head)\r\nContent-Length: 0\r\n\r\n")
                answers.end()
            }
        }
    }

    @Test("A server that is right gets a check on each line, and the command runs as many cases as were told")
    func right() async throws {
        try await Program.withFolder { folder in
            let echo = try Program.start(["echo", "--port", "0"])
            defer { echo.interrupt() }
            let url = echo.line().replacing("listening on ", with: "")
            let patterns = ["--cases", "defect/*", "--cases", "ping/*", "--exclude", "ping/empty"]
            let result = try await Program.run(["doctor", url] + patterns, in: folder)
            #expect(result.status == 0 && result.error == "", "\(result)")
            let lines = result.output.split(separator: "\n").map(String.init)
            for end in [
                "messages     text and binary come back", "compression  agreed: permessage-deflate",
                "size         a text of 16 MiB comes back; no larger one was tried",
                "closing      answers Close 1000 with 1000, and ends TCP",
            ] {
                #expect(lines.contains("✓ \(end)"), "\(result.output)")
            }
            let name = "wsconform/\(ToolIdentity.version)"
            #expect(lines.contains("✓ handshake    101 from \(name), and Sec-WebSocket-Accept fits the key"))
            #expect(lines.contains("· subprotocol  none was offered; --subprotocol NAME offers one"))
            #expect(!result.output.contains("✗") && !result.output.contains("\u{1B}"))
            let command = try #require(lines.last?.trimmingPrefix("✓ ready        "))
            #expect(command == "wsconform server \(url) --cases 'defect/*' --cases 'ping/*' --exclude ping/empty")

            let run = "wsconform() { '\(Program.path)' \"$@\"; }; \(command)"
            #expect(try await Program.shell(run, in: folder).status == 0)
            let report = try RunFolder(path: FileSystem.join(folder, "wsconform-report")).readReport()
            let played = report.cases.count - report.summary.skipped
            let cases = try #require(lines.first { $0.hasPrefix("· cases") })
            #expect(cases.hasPrefix("· cases        \(played) would run; left out: "), "\(cases)")
            for left in report.leftOut {
                #expect(cases.contains("\(left.cases) \(left.why) (\(left.option))"), "\(cases)")
            }
        }
    }

    @Test("JSON says the same, with the command as words and secrets masked")
    func json() async throws {
        let words = ["--format", "json", "--header", "Authorization: Bearer s3cr3t-31415", "--cases", "ping/*"]
        let result = try await examine({ ScriptedPeer() }, words)
        #expect(result.status == 0, "\(result)")
        let text = result.lines.joined(separator: "\n")
        #expect(!text.contains("s3cr3t"))
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(object?["ready"] as? Bool == true)
        let command = try #require(object?["command"] as? [String])
        #expect(command.prefix(3) == ["wsconform", "server", "ws://PEER"])
        #expect(command.suffix(2) == ["--header", "Authorization: ***"])
        let findings = try #require(object?["findings"] as? [[String: String]])
        #expect(findings.contains { $0["topic"] == "compression" && $0["state"] == "neutral" })
        let left = try #require(object?["leftOut"] as? [[String: Any]])
        #expect(left.contains { $0["why"] as? String == "slow" })
    }

    /// What a server answers to the handshake, and how the last line ends.
    private static let refusals: [(head: String, end: String)] = [
        ("401 Unauthorized", "credentials: --header 'Authorization: …', --cookie, or a query in the address"),
        ("302 Found\r\nLocation: /chat", "redirects are not followed; test the place that it names: ws://PEER/chat"),
        ("404 Not Found", "check the path, and name the subprotocol that it wants with --subprotocol"),
        ("200 OK", "plain HTTP is served there; check the path, and whether a proxy before it passes Upgrade on"),
    ]

    @Test("HTTP without WebSocket is told with the status and what mends it", arguments: refusals.indices)
    func refused(index: Int) async throws {
        let (head, end) = Self.refusals[index]
        let result = try await examine(answering(head))
        #expect(result.status == 2 && result.error == "")
        #expect(result.lines.first?.hasPrefix("✓ connection  PEER, in ") == true, "\(result.lines)")
        #expect(result.lines.dropFirst().first == "✗ handshake   \(head.prefix(3)) instead of 101")
        let last = try #require(result.lines.last)
        #expect(last.hasPrefix("✗ ready       no: ws://PEER answered the handshake with \(head.prefix(3))"), "\(last)")
        #expect(last.hasSuffix(end), "\(last)")
    }

    @Test("426 tells what it asks to be upgraded to")
    func upgrade() async throws {
        let head = "426 Upgrade Required\r\nUpgrade: h2c\r\nSec-WebSocket-Version: 8\r\nServer: x"
        let result = try await examine(answering(head))
        #expect(result.status == 2)
        #expect(result.lines.contains("✗ handshake   426 from x instead of 101, and names h2c, 8"), "\(result.lines)")
    }

    @Test("A wrong Sec-WebSocket-Accept, and an application that does not echo, keep nobody from a run and are told")
    func flawed() async throws {
        let result = try await examine({
            ScriptedPeer { event, answers in
                switch event {
                case .request:
                    answers.send(
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n"
                    )
                case .message: answers.send(.text, Array("no".utf8))
                default: answers.behave(event)
                }
            }
        })
        #expect(result.status == 0, "\(result)")
        #expect(result.lines.contains { $0.hasPrefix("✗ handshake    101: ") && $0.contains("Sec-WebSocket-Accept") })
        #expect(
            result.lines.contains(
                "· messages     it does not echo; Pings are answered, and what needs no echo is tested"
            ),
            "\(result.lines)"
        )
        #expect(result.lines.contains { $0.contains(" text-echo (an endpoint that echoes text messages)") })
        #expect(!result.lines.contains { $0.contains("size") })
    }

    @Test("A server that does not echo is ready for less, and told how a job notices that")
    func withoutEcho() async throws {
        let result = try await examine({
            ScriptedPeer { event, answers in
                if case .message = event { return }
                answers.behave(event)
            }
        })
        let cases = try #require(result.lines.first { $0.hasPrefix("· cases") })
        #expect(result.status == 0 && cases.contains(" text-echo ("), "\(cases)")
        #expect(cases.hasSuffix("; --require echo,compression ends a run with 2 while that is so"), "\(cases)")
    }

    @Test("The largest message is found")
    func sizes() async throws {
        let result = try await examine({
            ScriptedPeer { event, answers in
                guard case .message(_, let octets) = event, octets.count > 65_536 else { return answers.behave(event) }
                answers.sendClose(1009)
                answers.end()
            }
        })
        #expect(result.lines.contains("· size         texts of up to 64 KiB come back"), "\(result.lines)")
        #expect(result.lines.contains("· compression  not agreed to permessage-deflate"))
    }

    @Test("Nobody there, nobody who answers, and TLS on one side alone are told in time")
    func nobody() async throws {
        let dead = try await Program.run(["doctor", "ws://127.0.0.1:1", "--no-config"])
        #expect(dead.status == 2)
        let line = "✗ ready       no: 127.0.0.1:1 refused the connection; start the server or check the port"
        #expect(dead.output == "✗ connection  none to 127.0.0.1:1\n\(line)\n")
        let silent = try await examine({ ScriptedPeer { _, _ in } }, ["--patience", "0.3"])
        #expect(silent.status == 2)
        #expect(silent.lines.last?.contains("accepts connections but does not answer the handshake") == true)
        let plain = try await examine({ ScriptedPeer() }, scheme: "wss", ["--patience", "2"])
        #expect(plain.status == 2 && plain.lines.contains("✗ TLS         its handshake failed"), "\(plain.lines)")

        let running = try Program.start(["echo", "--port", "0", "--tls"])
        let url = running.line().replacing("listening on ", with: "")
        let authority = try #require(running.line().firstMatch(of: /authority in (.*)/)?.output.1)
        let wrong = try await Program.run(["doctor", url, "--no-config"])
        #expect(wrong.status == 2 && wrong.output.contains("give its authority with --ca FILE"), "\(wrong)")
        let right = try await Program.run(["doctor", url, "--no-config", "--ca", String(authority), "--cases", "tls/*"])
        let pattern = /✓ TLS +TLS 1\.3, TLS_\S+; its certificate for localhost, \S+ \S+ is valid until \d+-\d\d-\d\d\n/
        #expect(right.status == 0 && right.output.contains(pattern), "\(right)")
        let trusting = try await Program.run(["doctor", url, "--no-config", "--insecure"])
        #expect(trusting.output.contains("; nobody verified it (--insecure)\n"), "\(trusting)")
        let clear = try await Program.run(["doctor", url.replacing("wss:", with: "ws:"), "--no-config"])
        #expect(clear.status == 2 && clear.output.contains("With TLS its address is wss://"), "\(clear)")
        running.interrupt()
        _ = await running.result()
    }

    @Test("Without an address it takes that of wsconform.json, with the handshake and the cases that stand there")
    func configured() async throws {
        let acceptor = try await Sockets.accept(at: .tcp(host: "127.0.0.1", port: 0), connectTimeout: .seconds(10)) {
            ScriptedPeer()
        }
        try await Program.withFolder { folder in
            let text = """
                {"server": {"url": "ws://\(acceptor.endpoint)/?key=${TOKEN}", "headers": {"X-Token": "${TOKEN}"},
                 "cases": ["ping/*"], "jobs": 2, "timeout": "never", "format": "html", "command": ["false"]}}
                """
            let path = FileSystem.join(folder, "wsconform.json")
            try FileSystem.replace(path, with: Array(text.utf8))
            let environment = ["TOKEN": "s3cr3t-31415"]
            let result = try await Program.run(["doctor"], in: folder, environment: environment)
            #expect(result.status == 0, "\(result)")
            #expect(result.error == "wsconform: wsconform.json is read: url, headers, cases\n")
            #expect(result.output.hasSuffix("✓ ready        wsconform server --config wsconform.json\n"), "\(result)")
            #expect(!result.output.contains("s3cr3t"))
            let absent = #"{"server": {"url": "ws://127.0.0.1:1", "command": ["false"]}}"#
            try FileSystem.replace(path, with: Array(absent.utf8))
            let dead = try await Program.run(["doctor"], in: folder)
            let advice =
                "the command of wsconform.json is not started here, only by wsconform server; start the server first"
            #expect(dead.status == 2 && dead.error.hasSuffix("wsconform: \(advice)\n"), "\(dead)")
            let none = try await Program.run(["doctor", "--no-config"], in: folder)
            #expect(none.status == 64 && none.error.hasPrefix("wsconform: no server is named; give an address such as"))
        }
        await acceptor.close()
    }
}
