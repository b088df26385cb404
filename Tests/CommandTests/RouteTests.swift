import Foundation
import PeerTestSupport
import Synchronization
import Testing
import WSCommand
import WSConform
import WSLink
import WSProtocol
import WSReport
import WSRunFolder
import WSTransport

@Suite("Ways to a server", .serialized, .timeLimit(.minutes(15)))
struct RouteTests {
    /// Echoes, after telling the Host field of each request.
    private static func peer(_ tell: @escaping @Sendable (String) -> Void) -> ScriptedPeer {
        ScriptedPeer { event, answers in
            if case .request(let head) = event { tell(head.values(of: "Host").joined(separator: ", ")) }
            answers.behave(event)
        }
    }

    @Test("--connect-to connects elsewhere, over TCP and a Unix socket, and speaks to the name in the address")
    func connectTo() async throws {
        try await Program.withFolder { folder in
            for place in [Endpoint.tcp(host: "127.0.0.1", port: 0), .unixSocket(path: "\(folder)/a b.sock")] {
                let hosts = Requested()
                let acceptor = try await Sockets.accept(at: place, connectTimeout: .seconds(10)) {
                    Self.peer { hosts.add($0) }
                }
                let there = acceptor.endpoint.description
                let out = FileSystem.join(folder, "run")
                let words = [
                    "server", "ws://chat.example.invalid:8080/room", "--connect-to", there, "--cases", "ping/*",
                ]
                let result = try await Program.run(words + ["--out", out])
                await acceptor.close()
                #expect(result.status == 0, "\(result.output)\(result.error)")
                #expect(hosts.all == ["chat.example.invalid:8080"])
                let report = try RunFolder(path: out).readReport()
                #expect(report.peer.url == "ws://chat.example.invalid:8080/room" && report.options.connectTo == there)
            }
        }
    }

    @Test("Where nobody listens at the place of --connect-to, the line names that place")
    func nobodyThere() async throws {
        try await Program.withFolder { folder in
            let words = ["server", "ws://chat.example.invalid", "--connect-to", "unix:\(folder)/none", "--quiet"]
            let result = try await Program.run(words + ["--out", FileSystem.join(folder, "run")])
            let line = "wsconform: unix:\(folder)/none does not exist; start the server or check the path\n"
            #expect(result.status == 2 && result.error == line)
        }
    }
}

extension RouteTests {
    @Test("What a proxy refuses is told in one line, and its credentials appear nowhere")
    func refusingProxy() async throws {
        let asked = Requested()
        let peer = ScriptedPeer { event, answers in
            guard case .request(let head) = event else { return }
            asked.add("\(head.startLineText) \(head.values(of: "Proxy-Authorization"))")
            answers.send(Array("HTTP/1.1 407 No\r\nServer: s3cret-word\r\n\r\n".utf8))
        }
        let place = Endpoint.tcp(host: "127.0.0.1", port: 0)
        let acceptor = try await Sockets.accept(at: place, connectTimeout: .seconds(10)) { peer }
        let proxy = acceptor.endpoint
        try await Program.withFolder { folder in
            let words = ["server", "ws://chat.example.invalid/room", "--proxy", "http://me:s3cret-word@\(proxy)"]
            let result = try await Program.run(words + ["--out", folder])
            #expect(result.status == 2)
            let line = "the proxy \(proxy) refuses the credentials (407); check user and password of --proxy"
            #expect(result.error.contains("wsconform: \(line)\n"), "\(result.error)")
            let file = String(decoding: try FileSystem.read(RunFolder(path: folder).reportPath), as: UTF8.self)
            for text in [result.output, result.error, file] {
                #expect(!text.contains("s3cret") && !text.contains("bWU6"))
            }
            #expect(try RunFolder(path: folder).readReport().options.proxy == "http://***@\(proxy)")
        }
        await acceptor.close()
        #expect(asked.all == ["CONNECT chat.example.invalid:80 HTTP/1.1 [\"Basic bWU6czNjcmV0LXdvcmQ=\"]"])
    }

    @Test("The proxy of the environment is for remote targets alone, and can be declined")
    func environment() async throws {
        let model = ScriptedPeer { event, answers in answers.behave(event) }
        let acceptor = try await Sockets.accept(at: .tcp(host: "127.0.0.1", port: 0), connectTimeout: .seconds(10)) {
            model
        }
        // Nobody listens there, so that a run through it could not pass.
        let variables = ["HTTPS_PROXY": "http://me:s3cret-word@127.0.0.1:1", "NO_PROXY": "", "no_proxy": ""]
        try await Program.withFolder { folder in
            let more = ["--cases", "ping/empty", "--out", folder, "--quiet"]
            let local = ["server", "ws://\(acceptor.endpoint)"] + more
            let direct = try await Program.run(local, environment: variables)
            #expect(direct.status == 0 && direct.error == "", "\(direct.error)")
            // TEST-NET-1 of RFC 5737 is nobody's.
            let remote = ["server", "ws://192.0.2.1:9001"] + more
            let result = try await Program.run(remote, environment: variables)
            let note =
                "connections go through the proxy http://***@127.0.0.1:1 of HTTPS_PROXY; --proxy none goes directly"
            let refused = "the proxy 127.0.0.1:1 refused the connection; start it, or check --proxy"
            #expect(result.status == 2)
            for line in [note, refused] { #expect(result.error.contains("wsconform: \(line)\n"), "\(result.error)") }
            let elsewhere = remote + ["--connect-to", acceptor.endpoint.description]
            #expect(try await Program.run(elsewhere, environment: variables).status == 0)
            let wrong = try await Program.run(remote, environment: variables.merging(["https_proxy": "ftp://p"]) { $1 })
            #expect(wrong.error.hasPrefix("wsconform: the variable https_proxy: a proxy of ftp://"), "\(wrong.error)")
        }
        await acceptor.close()
    }
}

/// What was asked for, each once.
final class Requested: Sendable {
    private let kept = Mutex<Set<String>>([])

    var all: Set<String> { kept.withLock { $0 } }

    func add(_ text: String) {
        kept.withLock { _ = $0.insert(text) }
    }
}
