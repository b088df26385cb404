import Foundation
import PeerTestSupport
import Synchronization
import Testing
import WSCommand
import WSConform
import WSJudge
import WSLink
import WSProtocol
import WSReport
import WSRunFolder
import WSTransport

/// A server that keeps the requests it gets.
private final class Requests: Sendable {
    private let kept = Mutex<[HTTPHead]>([])

    var all: [HTTPHead] { kept.withLock { $0 } }

    /// Echoes, after keeping the request; picks the last subprotocol that it is offered.
    var peer: ScriptedPeer {
        ScriptedPeer { [self] event, answers in
            guard case .request(let head) = event else { return answers.behave(event) }
            kept.withLock { $0.append(head) }
            let key = head.values(of: "Sec-WebSocket-Key").first ?? ""
            let chosen = head.tokens(of: "Sec-WebSocket-Protocol").last
            answers.send(HandshakeResponse.accepting(key: key, subprotocol: chosen).encode())
        }
    }
}

@Suite("Options that real endpoints need", .serialized, .timeLimit(.minutes(15)))
struct HandshakeOptionTests {
    /// Runs the program against a server on a host, and gives what the server was asked.
    private func run(
        host: String = "127.0.0.1",
        url: (Int) -> String = { "ws://127.0.0.1:\($0)" },
        _ words: [String]
    ) async throws -> (port: Int, requests: [HTTPHead], result: Program.Result, report: Report, files: String) {
        let requests = Requests()
        let endpoint = Endpoint.tcp(host: host, port: 0)
        let acceptor = try await Sockets.accept(at: endpoint, connectTimeout: .seconds(10)) { requests.peer }
        let port = try #require(acceptor.endpoint.port)
        let done = try await Program.withFolder { folder in
            let more = ["--cases", "ping/*", "--out", folder]
            let result = try await Program.run(["server", url(port)] + more + words)
            let folder = RunFolder(path: folder)
            let files = String(decoding: try FileSystem.read(folder.reportPath), as: UTF8.self)
            return (result, try folder.readReport(), files)
        }
        await acceptor.close()
        return (port, requests.all, done.0, done.1, done.2)
    }

    @Test("Cookies go into one field, in their order, and are masked in the report")
    func cookies() async throws {
        let words = ["--cookie", "session=s3cr3t", "--cookie", "theme=\"dark\"", "--header", "X-Mine: yes"]
        let (_, requests, result, _, file) = try await run(words)
        #expect(result.status == 0, "\(result.error)")
        #expect(requests.count > 10)
        for request in requests {
            #expect(request.values(of: "X-Mine") == ["yes"])
        }
        // One is tried without credentials.
        let cookies = requests.map { $0.values(of: "Cookie") }
        #expect(cookies.count { $0.isEmpty } == 1)
        #expect(cookies.allSatisfy { $0.isEmpty || $0 == ["session=s3cr3t; theme=\"dark\""] })
        #expect(result.output.contains("without the credentials (Cookie) a handshake is opened"), "\(result.output)")
        #expect(!file.contains("s3cr3t") && !result.output.contains("s3cr3t"))
        #expect(file.contains("Cookie: ***"))
    }

    @Test("What a server sends back of credentials is masked everywhere, also when the run is judged anew")
    func reflected() async throws {
        let secrets = ["tok-31415926", "s3cr3t-cookie", "k3y-of-api"]
        let peer = ScriptedPeer { event, answers in
            switch event {
            case .request(let head):
                let key = head.values(of: "Sec-WebSocket-Key").first ?? ""
                var response = HandshakeResponse.accepting(key: key, subprotocol: secrets[0])
                response.reason = secrets[1]
                response.fields += [
                    HTTPField("Location", "/login?back=" + secrets[2]), HTTPField("Server", secrets[0]),
                ]
                answers.send(response.encode())
            case .ping: answers.sendClose(1011, reason: "no \(secrets[2])")
            case .message: answers.send(.text, Array(secrets.joined(separator: " ").utf8))
            default: answers.behave(event)
            }
        }
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        let acceptor = try await Sockets.accept(at: endpoint, connectTimeout: .seconds(10)) { peer }
        try await Program.withFolder { folder in
            let run = FileSystem.join(folder, "run")
            let again = FileSystem.join(folder, "again")
            let words = [
                "server", "ws://\(acceptor.endpoint)/?token=\(secrets[0])", "--cookie", "sid=\(secrets[1])",
                "--header",
                "X-Api-Key: \(secrets[2])", "--cases", "framing/*", "--cases", "ping/*", "--timeout", "1", "--out", run,
            ]
            let result = try await Program.run(words)
            let anew = try await Program.run(["judge", run, "--out", again])
            let files = try [run, again].map { path in
                String(decoding: try FileSystem.read(RunFolder(path: path).reportPath), as: UTF8.self)
            }
            for text in files + [result.output, result.error, anew.output, anew.error] {
                for secret in secrets { #expect(!text.contains(secret.prefix(8))) }
            }
            #expect(files[0].contains("***"))
        }
        await acceptor.close()
    }

    @Test("A credential that is longer than what is shown, or beyond ASCII, is masked in every form of a report")
    func cut() async throws {
        let (long, foreign) = ("eyJhbGci." + String(repeating: "0123456789", count: 7), "pässwört-314")
        let peer = ScriptedPeer { event, answers in
            switch event {
            case .request(let head):
                let key = head.values(of: "Sec-WebSocket-Key").first ?? ""
                var response = HandshakeResponse.accepting(key: key)
                response.reason = foreign
                response.fields.append(HTTPField("Server", "server/\(foreign)"))
                answers.send(response.encode())
            case .ping: answers.send(.pong, Array(long.utf8))
            default: answers.behave(event)
            }
        }
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        let acceptor = try await Sockets.accept(at: endpoint, connectTimeout: .seconds(10)) { peer }
        try await Program.withFolder { folder in
            let words = [
                "server", "ws://\(acceptor.endpoint)", "--header", "Authorization: Bearer \(long)", "--header",
                "X-Token: \(foreign)", "--cases", "ping/*", "--timeout", "1", "--format",
                "autobahn,badge,html,junit,markdown", "--out", folder,
            ]
            let result = try await Program.run(words)
            #expect(result.status == 1, "\(result)")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0 != "transcripts" }
            #expect(files.count > 8)
            var texts = [result.output + result.error]
            for file in files {
                texts.append(String(decoding: try FileSystem.read(FileSystem.join(folder, file)), as: UTF8.self))
            }
            for (text, file) in zip(texts, ["the terminal"] + files) {
                for part in ["eyJhbGci", "65794a6862476369", "ssw", "737377"] {
                    #expect(!text.contains(part), "\(part) in \(file)")
                }
            }
            #expect(texts.contains { $0.contains("*** ...") })
        }
        await acceptor.close()
    }

    @Test("Origin, subprotocols, path and query reach the server as they were given")
    func everything() async throws {
        let words = ["--origin", "https://app.example", "--subprotocol", "v2.chat", "--subprotocol", "v1.chat"]
        let (port, requests, result, _, _) = try await run(
            url: { "ws://127.0.0.1:\($0)/rooms/7%20b?token=a&b=%2F" },
            words
        )
        #expect(result.status == 0, "\(result.error)")
        for request in requests {
            #expect(request.startLineText == "GET /rooms/7%20b?token=a&b=%2F HTTP/1.1")
            #expect(request.values(of: "Origin") == ["https://app.example"])
            #expect(request.tokens(of: "Sec-WebSocket-Protocol") == ["v2.chat", "v1.chat"])
            #expect(request.values(of: "Host") == ["127.0.0.1:\(port)"])
        }
    }

    @Test("A query without a path gets the path that it needs")
    func queryAlone() async throws {
        let (_, requests, result, _, _) = try await run(url: { "ws://127.0.0.1:\($0)?a=b" }, [])
        #expect(result.status == 0, "\(result.error)")
        #expect(requests.allSatisfy { $0.startLineText == "GET /?a=b HTTP/1.1" })
    }

    @Test("IPv6 has its brackets in Host, and in the name and the address that the report gives")
    func ipv6() async throws {
        let (port, requests, result, report, _) = try await run(host: "::1", url: { "ws://[::1]:\($0)/" }, [])
        #expect(result.status == 0, "\(result.error)")
        #expect(!requests.isEmpty && requests.allSatisfy { $0.values(of: "Host") == ["[::1]:\(port)"] })
        #expect(report.peer == Report.Peer(name: "[::1]:\(port)", url: "ws://[::1]:\(port)/"))
        #expect(report.withoutVolatileParts.peer.url == "ws://{authority}/")
    }

    /// The addresses that the name localhost has on this machine.
    private static let localAddresses = ["127.0.0.1", "::1"].filter { address in
        let hosts = (try? String(contentsOfFile: "/etc/hosts", encoding: .utf8)) ?? ""
        return hosts.split(separator: "\n").contains { line in
            let words = line.split(whereSeparator: \.isWhitespace)
            return words.first == address[...] && words.dropFirst().contains("localhost")
        }
    }

    @Test("A name finds a server that listens on one of its addresses only", arguments: localAddresses)
    func bothFamilies(host: String) async throws {
        let (port, requests, result, report, _) = try await run(host: host, url: { "ws://localhost:\($0)/" }, [])
        #expect(result.status == 0, "\(result.error)")
        #expect(!requests.isEmpty && requests.allSatisfy { $0.values(of: "Host") == ["localhost:\(port)"] })
        #expect(report.summary.fail == 0 && report.summary.inconclusive == 0)
    }

    @Test(
        "A bad value is one line that names it and the mend",
        arguments: [
            (["ws://a", "--cookie", "session"], ["--cookie", "no equals sign"]),
            (["ws://a", "--cookie", "a b=c"], ["the name may hold no blanks"]),
            (["ws://a", "--cookie", "a=b; c=d"], ["the value may hold no", "semicolons"]),
            (["ws://a", "--cookie", "a=\"b"], ["the value may hold no"]),
            (["ws://a", "--cookie", "a=b", "--header", "Cookie: c=d"], ["--cookie", "two fields"]),
            (["ws://a", "--header", "X-Mine"], ["no colon"]),
            (["ws://a", "--header", "X Mine: a"], ["the name may hold no blanks"]),
            (["ws://a", "--header", "Host: b"], ["Host is not free", "the address sets it"]),
            (["ws://a", "--origin", "a\nb"], ["--origin", "control characters"]),
            (["ws://a", "--subprotocol", "a,b"], ["one token"]),
            (["ws://a", "--subprotocol", "x", "--subprotocol", "x"], ["--subprotocol x is there twice"]),
            (["ws://[fe80::1%25eth0]:80/"], ["zone id"]),
            (["ws://[fe80::1%eth0]:80/"], ["zone id"]),
            (["ws://[example.org]:80/"], ["no IPv6 address"]),
            (["ws://[::1:80/"], ["does not close it"]),
            (["ws://::1:80/"], ["without brackets"]),
            (["ws://a:99999/"], ["port"]),
            (["ws://a/#b"], ["fragment"]),
        ] as [([String], [String])]
    )
    func bad(words: [String], parts: [String]) async throws {
        let result = try await Program.run(["server"] + words)
        #expect(result.status == 64)
        for part in parts { #expect(result.error.contains(part), "\(result.error)") }
        #expect(result.error.split(separator: "\n").count == 1)
    }
}
