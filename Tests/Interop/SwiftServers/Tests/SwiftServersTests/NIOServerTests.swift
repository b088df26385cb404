import Testing
import WSConform

@Suite("A server on NIOWebSocket")
struct NIOServerTests {
    /// The server listens once, for all cases.
    static let server = Task { try await EchoServer.listen() }
    let port: Int

    init() async throws {
        port = try await Self.server.value
    }

    @Test(arguments: try Suite.cases(testing: .server, "closing/*", "utf8/*"))
    func conforms(_ test: ConformanceCase) async throws {
        let result = try await test.run(against: .server("ws://127.0.0.1:\(port)/"))
        withKnownIssue {
            #expect(result.verdict != .fail, "\(result.explanation)")
        } when: {
            KnownFailures.nioServer.contains(test.id)
        }
    }
}
