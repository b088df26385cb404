#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Files beside the tests, read and written where the sources are.
enum Fixtures {
    /// The folder of these tests.
    static let folder = parent(of: #filePath)

    /// The folder of the sources under test.
    static let sources = parent(of: parent(of: folder)) + "/Sources/WSCatalogue"

    /// The text of a file.
    static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    private static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}
