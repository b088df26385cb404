import TestSupport
import Testing
import WSProtocol

/// What the judge says of hundreds of conversations is what was looked at once.
@Suite struct JudgedConversationsTests {
    private func difference(
        _ role: Role,
        _ name: String,
        _ holds: @escaping @Sendable (String) -> Bool
    ) throws -> String? {
        let text = try JudgedConversations(role: role, holds: holds).text()
        return Golden.difference(text, from: "\(role.rawValue)-\(name).txt")
    }

    private func difference(_ role: Role, _ chapter: String) throws -> String? {
        try difference(role, chapter) { $0 == chapter }
    }

    private func differenceOfOthers(_ role: Role) throws -> String? {
        try difference(role, "other-chapters") { !JudgedConversations.large.contains($0) }
    }

    @Test func `of servers, how connections are closed`() throws {
        #expect(try difference(.server, "closing") == nil)
    }

    @Test func `of servers, compression`() throws {
        #expect(try difference(.server, "compression") == nil)
    }

    @Test func `of servers, the opening handshake`() throws {
        #expect(try difference(.server, "handshake") == nil)
    }

    @Test func `of servers, known defects`() throws {
        #expect(try difference(.server, "defect") == nil)
    }

    @Test func `of servers, everything else`() throws {
        #expect(try differenceOfOthers(.server) == nil)
    }

    @Test func `of clients, how connections are closed`() throws {
        #expect(try difference(.client, "closing") == nil)
    }

    @Test func `of clients, compression`() throws {
        #expect(try difference(.client, "compression") == nil)
    }

    @Test func `of clients, the opening handshake`() throws {
        #expect(try difference(.client, "handshake") == nil)
    }

    @Test func `of clients, known defects`() throws {
        #expect(try difference(.client, "defect") == nil)
    }

    @Test func `of clients, everything else`() throws {
        #expect(try differenceOfOthers(.client) == nil)
    }
}
