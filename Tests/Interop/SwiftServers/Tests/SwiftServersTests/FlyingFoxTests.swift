import FlyingFox
import Testing
import WSConform

@Suite("A server on FlyingFox")
struct FlyingFoxTests {
    /// Listens once, for all cases.
    static let server = Task {
        let server = try HTTPServer(address: .inet(ip4: "127.0.0.1", port: 0))
        await server.appendRoute("GET /", to: .webSocket(EchoWSMessageHandler()))
        let running = Task { try await server.run() }
        try await server.waitUntilListening()
        guard case .ip4(_, let port) = await server.listeningAddress else {
            running.cancel()
            throw NoPort()
        }
        return port
    }

    /// The server listens at no address of IPv4.
    struct NoPort: Error {}

    @Test(arguments: try Suite.cases(testing: .server, "closing/*", "utf8/*", "fragmentation/*", "ping/*"))
    func conforms(_ test: ConformanceCase) async throws {
        let port = try await Self.server.value
        let result = try await test.run(against: .server("ws://127.0.0.1:\(port)/"))
        withKnownIssue {
            #expect(result.verdict != .fail, "\(result.explanation)")
        } when: {
            KnownFailures.flyingFox.contains(test.id)
        }
    }
}
