import Testing
import WSConform
import WSLink
import WSModelPeer
import WSTransport

/// What the articles show, against the model server.
@Suite struct `The snippet of the articles` {
    /// The server listens once, for all cases.
    static let server = Task {
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        return try await Sockets.accept(at: endpoint, connectTimeout: .seconds(10)) { ModelServer() }
    }
    let port: Int

    init() async throws {
        port = try await Self.server.value.endpoint.port ?? 0
    }

    @Test(arguments: try Suite.cases(testing: .server, "closing/*", "utf8/*"))
    func conforms(_ test: ConformanceCase) async throws {
        let result = try await test.run(against: .server("ws://127.0.0.1:\(port)/"))
        #expect(result.verdict != .fail, "\(result.explanation)")
    }

    @Test(arguments: try Suite.cases(testing: .server, "ping/*"))
    func isStrict(_ test: ConformanceCase) async throws {
        let result = try await test.run(against: .server("ws://127.0.0.1:\(port)/"))
        #expect(result.verdict < .tolerated, "\(result.explanation)")
    }

    @Test func report() async throws {
        let report = try await Suite.run(against: .server("ws://127.0.0.1:\(port)/"), "ping/*", "closing/*")
        #expect(report.conforms, "\(report)")
    }

    @Test func target() async throws {
        let target = ConformanceTarget.server(
            "wss://127.0.0.1:9443/chat?room=1",
            handshake: ConformanceTarget.Handshake(
                subprotocols: ["chat"],
                headers: ["Authorization": "Bearer secret-token"],
                origin: "https://www.example"
            ),
            tls: ConformanceTarget.TLS(authorities: "Tests/ca.pem")
        )
        let test = try #require(Suite.case("closing/one-byte-payload", testing: .server))
        let error = await #expect(throws: ConformanceError.self) { try await test.run(against: target) }
        #expect(error?.description.contains("Tests/ca.pem") == true)
    }

    @Test func command() {
        let target = ConformanceTarget.client(command: ["node", "client.js", "{url}"])
        #expect(target.role == .client && "\(target)" == "node")
    }
}
