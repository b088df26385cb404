import PeerTestSupport
import Synchronization
import Testing
import WSCommand
import WSLink
import WSProtocol
import WSReport
import WSRunFolder
import WSTransport

@Suite("A first message from the command line", .serialized, .timeLimit(.minutes(15)))
struct FirstMessageTests {
    private static let secret = "tok-27182818"
    private static let message = "{\"type\": \"login\", \"token\": \"\(secret)\"}"

    /// An echo server that wants the message first, and then tells the secret wherever it can.
    private static var peer: ScriptedPeer {
        let isKnown = Mutex(false)
        return ScriptedPeer { event, answers in
            switch event {
            case .message(_, let octets) where !isKnown.withLock({ $0 }):
                guard octets == Array(message.utf8) else { return answers.sendClose(1008, reason: "log in") }
                isKnown.withLock { $0 = true }
                answers.send(.text, Array("welcome, \(secret)".utf8))
            case .message(let type, let octets) where octets.count == 126:
                answers.send(type, Array("\(secret) \(message)".utf8))
            case .close: answers.sendClose(1011, reason: "bye \(secret)")
            default: answers.behave(event)
            }
        }
    }

    @Test("An application is tested behind it, and its values are masked everywhere, also when judged anew")
    func masked() async throws {
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        let acceptor = try await Sockets.accept(at: endpoint, connectTimeout: .seconds(10)) { Self.peer }
        try await Program.withFolder { folder in
            let run = FileSystem.join(folder, "run")
            let again = FileSystem.join(folder, "again")
            let words = [
                "server", "ws://\(acceptor.endpoint)", "--first-message", Self.message, "--cases", "framing/text/*",
                "--cases", "ping/*", "--timeout", "1", "--no-config", "--out", run,
            ]
            let result = try await Program.run(words)
            #expect(result.status == 1 && result.output.contains("framing/text/126-octets"), "\(result.error)")
            #expect(result.output.contains("--first-message '***'"), "\(result.output)")
            let anew = try await Program.run(["judge", run, "--out", again])
            for path in [run, again] {
                let text = String(decoding: try FileSystem.read(RunFolder(path: path).reportPath), as: UTF8.self)
                #expect(!text.contains(Self.secret) && text.contains("(first message)"))
                #expect(try RunFolder(path: path).readReport().options.firstMessage == "***")
            }
            for text in [result.output, result.error, anew.output, anew.error] {
                #expect(!text.contains(Self.secret), "\(text)")
            }
        }
        await acceptor.close()
    }

    @Test("An empty one is refused in a line that says what to do")
    func empty() async throws {
        let result = try await Program.run(["server", "ws://127.0.0.1:1", "--first-message", "", "--no-config"])
        #expect(result.status == 64 && result.error.contains("write what the application wants"), "\(result.error)")
    }
}
