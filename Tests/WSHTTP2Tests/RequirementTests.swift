import Foundation
import Testing
import WSHTTP2

@Suite struct `Requirements of HTTP/2 rules` {
    @Test func `Each that a rule names is in the requirement table`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let table = try String(
            contentsOf: root.appending(path: "Sources/WSCatalogue/requirements.json"),
            encoding: .utf8
        )
        let named = HTTP2Rule.allCases.compactMap(\.requirement)
        #expect(named.count > 20)
        for requirement in named { #expect(table.contains("\"\(requirement)\""), "\(requirement)") }
    }
}
