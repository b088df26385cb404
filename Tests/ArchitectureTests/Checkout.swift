import Foundation

/// This checkout on disk.
enum Checkout {
    /// The folder that holds `Package.swift`.
    static let root: URL = {
        var folder = URL(filePath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder
    }()

    /// The text of the file at a path from the root.
    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Whether there is such a file or folder.
    static func holds(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// The names in a folder, those that begin with a dot left out.
    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
            .filter { !$0.hasPrefix(".") }
            .sorted()
    }

    /// The paths of all Swift files below a folder; none where there is no such folder.
    static func swiftFiles(below folder: String) throws -> [String] {
        guard holds(folder) else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: folder).path)
            .filter { path in
                path.hasSuffix(".swift") && !path.split(separator: "/").contains { $0.hasPrefix(".") }
            }
            .map { "\(folder)/\($0)" }
            .sorted()
    }

    /// What a module imports: by the name of what is imported, the places `path:line`.
    static func imports(of module: String) throws -> [String: [String]] {
        var result: [String: [String]] = [:]
        for path in try swiftFiles(below: "Sources/\(module)") {
            for (imported, line) in SwiftText(try text(path)).imports {
                result[imported, default: []].append("\(path):\(line)")
            }
        }
        return result
    }
}
