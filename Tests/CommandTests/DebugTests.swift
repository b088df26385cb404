import PeerTestSupport
import Synchronization
import Testing
import WSCommand
import WSHTTP2Link
import WSLink
import WSModelPeer
import WSProtocol
import WSRunFolder
import WSTransport

@Suite("One case for a debugger", .serialized, .timeLimit(.minutes(15)))
struct DebugTests {
    /// A server that stands at a breakpoint for as long as this before it answers a Ping.
    private static func peer(stopping pause: LinkDuration, _ connections: Connections) -> ScriptedPeer {
        let payload = Mutex<[UInt8]>([])
        return ScriptedPeer { event, answers in
            switch event {
            case .request:
                connections.count.withLock { $0 += 1 }
                answers.behave(event)
            case .ping(let octets):
                payload.withLock { $0 = octets }
                answers.wait(pause)
            case .timer: answers.send(.pong, payload.withLock { $0 })
            default: answers.behave(event)
            }
        }
    }

    private final class Connections: Sendable {
        let count = Mutex(0)
    }

    private func withServer<Result>(
        stopping pause: LinkDuration,
        _ body: (String, Connections) async throws -> Result
    ) async throws -> Result {
        let connections = Connections()
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        let acceptor = try await Sockets.accept(at: endpoint, connectTimeout: .seconds(10)) {
            Self.peer(stopping: pause, connections)
        }
        let result = try await body("ws://\(acceptor.endpoint)/", connections)
        await acceptor.close()
        return result
    }

    @Test("It waits beyond every limit, on one connection, and tells what goes over the wire while it goes")
    func slow() async throws {
        try await withServer(stopping: .milliseconds(1500)) { url, connections in
            try await Program.withFolder { folder in
                let words = ["server", url, "--debug", "ping/125-octets", "--timeout", "1", "--no-config"]
                let result = try await Program.run(words, in: folder)
                #expect(result.status == 0, "\(result.output)\(result.error)")
                let lines = result.output.split(separator: "\n").map(String.init)
                #expect(connections.count.withLock { $0 } == 1)
                #expect(lines.first?.hasSuffix("= connected") == true, "\(result.output)")
                let parts = [
                    "> GET / HTTP/1.1", "< HTTP/1.1 101", "> ping FIN masked 125 octets", "< pong FIN 125 octets",
                ]
                for part in parts {
                    #expect(lines.contains { $0.contains(part) }, "\(part) in \(result.output)")
                }
                #expect(lines.last == "pass  ping/125-octets", "\(result.output)")
                #expect(!FileSystem.exists(FileSystem.join(folder, "wsconform-report")))
            }
        }
    }

    @Test("SIGINT ends it, and nothing is judged then")
    func interrupted() async throws {
        try await withServer(stopping: .seconds(600)) { url, _ in
            let running = try Program.start(["server", url, "--debug", "ping/125-octets", "--no-config"])
            var line = running.line()
            while !line.isEmpty, !line.contains("> ping FIN") { line = running.line() }
            running.interrupt()
            let result = await running.result()
            #expect(result.status == 2)
            #expect(result.output.hasSuffix("ended before it was over; nothing is judged\n"), "\(result.output)")
        }
    }

    @Test("A first message and what comes back of it are masked in its lines")
    func masked() async throws {
        let secret = "tok-16180339"
        try await withServer(stopping: .milliseconds(1)) { url, _ in
            let words = ["server", url + "?token=\(secret)", "--debug", "ping/125-octets", "--no-config"]
            let result = try await Program.run(words + ["--first-message", "login \(secret)"])
            #expect(result.status == 0 && !result.output.contains(secret), "\(result.output)")
            #expect(result.output.contains("text FIN"))
        }
    }

    @Test(
        "What cannot be played so is refused in a line that says what to do",
        arguments: [
            (["--embedded", "--debug", "ping/empty"], "give its address in place of --embedded"),
            (["ws://127.0.0.1:1", "--debug", "ping/empty", "--supervise", "--", "true"], "starts no server"),
            (["ws://127.0.0.1:1", "--debug", "ping/empty", "--cases", "ping/ten"], "drop --cases"),
            (["ws://127.0.0.1:1", "--debug", "ping/*"], "name one of them"),
            (["ws://127.0.0.1:1", "--debug", "ping/nothing"], "ping/nothing"),
        ]
    )
    func refused(words: [String], part: String) async throws {
        let result = try await Program.run(["server", "--no-config"] + words)
        #expect(result.status == 64 && result.error.contains(part), "\(result.status) \(result.error)")
    }

    @Test("Over HTTP/2 it tells field lines, frames of WebSocket, and frames of the connection")
    func overHTTP2() async throws {
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        let acceptor = try await Sockets.accept(at: endpoint, connectTimeout: .seconds(10)) {
            HTTP2Link(serving: ModelServerSettings())
        }
        let url = "h2c+ws://\(acceptor.endpoint)/"
        for name in ["ping/125-octets", "http2/between/ping", "compression/echo/bitmap/1024-octets"] {
            let result = try await Program.run(["server", url, "--debug", name, "--no-config"])
            #expect(result.status == 0, "\(result.output)\(result.error)")
            let lines = result.output.split(separator: "\n").map(String.init)
            let parts = [
                "> :protocol: websocket", "> HEADERS on stream 1", "< :status: 200", "< close FIN 2 octets 1000",
                "< DATA on stream 1", "= the stream ended by the peer",
            ]
            for part in parts { #expect(lines.contains { $0.contains(part) }, "\(part) in \(result.output)") }
            #expect(lines.last == "pass  \(name)" && !result.output.contains("breaks"), "\(result.output)")
        }
        await acceptor.close()
    }

    @Test("A server that is not there is told of, and leaves the exit status of a run that has nothing to say")
    func absent() async throws {
        let result = try await Program.run(["server", "ws://127.0.0.1:1", "--debug", "ping/empty", "--no-config"])
        #expect(result.status == 2 && result.output.contains("inconclusive  ping/empty"), "\(result.output)")
    }
}
