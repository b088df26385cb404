import PeerTestSupport
import Testing
import WSCommand
import WSHTTP2Link
import WSJudge
import WSLink
import WSModelPeer
import WSReport
import WSRunFolder
import WSTransport

@Suite("WebSocket over HTTP/2", .serialized, .timeLimit(.minutes(15)))
struct StreamCommandTests {
    @Test func `--http2 tests the built-in server over HTTP/2, and no case waits for a time limit`() async throws {
        try await Program.withFolder { folder in
            let out = FileSystem.join(folder, "run")
            let words = ["server", "--embedded", "--http2", "--cases", "ping/*", "--timeout", "never", "--out", out]
            let result = try await Program.run(words)
            #expect(result.status == 0, "\(result.output)\(result.error)")
            let report = try RunFolder(path: out).readReport()
            #expect(report.peer.url.hasPrefix("h2c+ws://127.0.0.1:") && report.options.http2 == true)
            #expect(report.summary.fail == 0 && report.summary.pass > 10)
            let wire = report.cases.flatMap { $0.wire }.map(\.text)
            #expect(wire.contains("> HEADERS CONNECT websocket") && wire.contains("< HEADERS 200"))
            #expect(wire.contains("= END_STREAM by the peer"))
            #expect(!wire.contains { $0.contains("HTTP/1.1") || $0.contains("TCP") })

            let again = FileSystem.join(folder, "again")
            let judged = try await Program.run(["judge", out, "--out", again])
            #expect(judged.status == 0, "\(judged.output)\(judged.error)")
            #expect(try RunFolder(path: again).readReport().cases == report.cases)
        }
    }

    @Test func `Cases with octets of HTTP/1.1 cannot be chosen over HTTP/2, and the line says so`() async throws {
        try await Program.withFolder { folder in
            let words = ["server", "--embedded", "--http2", "--cases", "handshake/request/method-*"]
            let result = try await Program.run(words + ["--out", FileSystem.join(folder, "run")])
            #expect(result.status == 64 && result.error.contains("is about HTTP/1.1 alone"), "\(result.error)")
        }
    }

    @Test(arguments: [true, false])
    func `--http2-if-offered speaks what the server offers, and says so`(offers: Bool) async throws {
        try await Program.withFolder { folder in
            let running = try Program.start(["echo", "--port", "0", "--tls"] + (offers ? ["--http2"] : []))
            let url = running.line().replacing("listening on ", with: "")
            let place = url.replacing("wss://", with: "")
            var authority = ""
            while !authority.hasPrefix("its certificate") { authority = running.line() }
            authority = String(authority.split(separator: " ").last ?? "")
            let words = ["server", url, "--ca", authority, "--cases", "ping/*", "--no-config", "--out", folder]
            let result = try await Program.run(words + ["--http2-if-offered"])
            running.interrupt()
            _ = await running.result()
            #expect(result.status == 0, "\(result.output)\(result.error)")
            let line =
                offers
                ? "\(place) offers WebSocket over HTTP/2, which is spoken"
                : "\(place) does not choose h2 by ALPN; HTTP/1.1 is spoken"
            #expect(result.error.contains(line), "\(result.error)")
            let report = try RunFolder(path: folder).readReport()
            #expect(report.options.http2 == offers && report.summary.pass > 10)
            #expect(report.peer.security?.applicationProtocol == (offers ? "h2" : "http/1.1"))
            // The protocol that was chosen is the one that is spoken, so that nothing is found about it.
            #expect(report.passive.allSatisfy { $0.verdict != .fail }, "\(report.passive.map(\.reason))")
            let wire = report.cases.flatMap { $0.wire }.map(\.text)
            #expect(wire.contains("> HEADERS CONNECT websocket") == offers)
        }
    }

    @Test(
        arguments: [
            (["ws://127.0.0.1:1"], "needs an address with wss://"),
            (["--embedded"], "needs an address with wss://"),
            (["wss://127.0.0.1:1", "--http2"], "exclude each other"),
            (["wss://127.0.0.1:1", "--supervise", "--", "true"], "--supervise starts it later"),
        ]
    )
    func `--http2-if-offered is refused where no running server can be asked`(
        words: [String],
        part: String
    ) async throws {
        let words = Array(words.prefix(1)) + ["--http2-if-offered", "--no-config"] + words.dropFirst()
        let result = try await Program.run(["server"] + words)
        #expect(result.status == 64 && result.error.contains(part), "\(result.status) \(result.error)")
    }

    @Test func `doctor has the words of HTTP/2`() async throws {
        let server = Endpoint.tcp(host: "127.0.0.1", port: 0)
        let acceptor = try await Sockets.accept(at: server, connectTimeout: .seconds(10)) {
            HTTP2Link(serving: ModelServerSettings())
        }
        let result = try await Program.run(["doctor", "h2c+ws://\(acceptor.endpoint)/", "--no-config"])
        await acceptor.close()
        #expect(result.status == 0, "\(result.output)\(result.error)")
        #expect(result.output.contains(" to Extended CONNECT\n") && result.output.contains(", and ends the stream\n"))
        #expect(!result.output.contains("TCP") && !result.output.contains("Sec-WebSocket-Accept"), "\(result.output)")
    }

    @Test func `A server without HTTP/2 is told as one`() async throws {
        try await Program.withFolder { folder in
            let server = Endpoint.tcp(host: "127.0.0.1", port: 0)
            let acceptor = try await Sockets.accept(at: server, connectTimeout: .seconds(10)) { ModelServer() }
            for words in [["h2c+ws://\(acceptor.endpoint)/"], ["ws://\(acceptor.endpoint)/", "--http2"]] {
                let result = try await Program.run(
                    // A folder each, as an earlier report in it would be told, too.
                    ["server"] + words + ["--quiet", "--out", FileSystem.join(folder, "run\(words.count)")]
                )
                #expect(result.status == 2 && result.error == "wsconform: the server's first octets are no HTTP/2\n")
            }
            await acceptor.close()
        }
    }
}
