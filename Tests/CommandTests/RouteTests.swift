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

/// What was asked for, each once.
final class Requested: Sendable {
    private let kept = Mutex<Set<String>>([])

    var all: Set<String> { kept.withLock { $0 } }

    func add(_ text: String) {
        kept.withLock { _ = $0.insert(text) }
    }
}
