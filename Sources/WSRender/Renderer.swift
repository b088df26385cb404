package import WSReport

/// Renders reports as files of one form.
///
/// A renderer is a pure function of the reports: it knows no catalogue, no file system and no clock, and bounds what it
/// writes, however large the reports are. A new one is a file here and a line in ``Renderers/all``.
package protocol Renderer {
    /// The name for `--format`.
    static var name: String { get }
    /// What it writes, in a few words for the help.
    static var product: String { get }

    /// The file of every report of one peer.
    static var file: OwnFile { get }

    /// Renders the reports of one or more peers.
    ///
    /// - Parameter reports: At least one report.
    /// - Returns: The files, whose paths have no folder and belong to no other renderer.
    /// - Throws: ``RenderError`` if the reports cannot be rendered together.
    static func render(_ reports: [Report]) throws(RenderError) -> [RenderedFile]
}

/// A file that a renderer writes, with what shows that it did.
package struct OwnFile: Sendable, Hashable {
    /// The name of the file.
    package var name: String
    /// A text near the beginning of the file that no other program writes.
    package var mark: String

    /// Whether a file with this beginning is one of ours.
    package func isOwn(_ beginning: [UInt8]) -> Bool { String(decoding: beginning, as: UTF8.self).contains(mark) }
}

/// The list of renderers, by which commands know them.
package enum Renderers {
    /// All renderers, sorted by name.
    package static let all: [any (Renderer & Sendable).Type] = [
        AutobahnRenderer.self, BadgeRenderer.self, PageRenderer.self, JUnitRenderer.self, MarkdownRenderer.self,
    ]

    /// The names for `--format`, as in `autobahn, junit`.
    package static var names: String { all.map { $0.name }.joined(separator: ", ") }

    /// Each name with what it writes, for the help.
    package static var products: String { all.map { "\($0.name) (\($0.product))" }.joined(separator: ", ") }

    /// Finds renderers by their names.
    ///
    /// - Parameter list: Names, separated by commas.
    /// - Returns: The renderers, each once, in the order of the names.
    /// - Throws: ``RenderError/unknownFormat(_:)`` for a name that is not in the list.
    package static func named(_ list: String) throws(RenderError) -> [any (Renderer & Sendable).Type] {
        var found: [any (Renderer & Sendable).Type] = []
        for name in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let renderer = all.first(where: { $0.name == name }) else { throw .unknownFormat(String(name)) }
            if !found.contains(where: { $0.name == name }) { found.append(renderer) }
        }
        return found
    }
}
