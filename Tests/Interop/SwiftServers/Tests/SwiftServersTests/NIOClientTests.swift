import Testing
import WSConform

@Suite("A client on NIOWebSocket")
struct NIOClientTests {
    /// The client under test, made once for all cases.
    static let client = ConformanceTarget.client { url in try await connectAndEcho(url) }

    @Test(arguments: try Suite.cases(testing: .client, "closing/*", "fragmentation/*"))
    func conforms(_ test: ConformanceCase) async throws {
        let result = try await test.run(against: Self.client)
        withKnownIssue {
            #expect(result.verdict != .fail, "\(result.explanation)")
        } when: {
            KnownFailures.nioClient.contains(test.id)
        }
    }
}
