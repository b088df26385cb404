/// A file that a renderer produced.
package struct RenderedFile: Sendable, Hashable {
    /// The path below the output folder.
    package var path: String
    /// The content.
    package var octets: [UInt8]

    /// Creates a file of UTF-8 text.
    package init(path: String, text: String) {
        self.path = path
        octets = Array(text.utf8)
    }

    /// Creates a file.
    package init(path: String, octets: [UInt8]) {
        self.path = path
        self.octets = octets
    }

    /// The content as text.
    package var text: String { String(decoding: octets, as: UTF8.self) }
}

/// Why reports cannot be rendered together, in one line.
package enum RenderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Two reports have peers whose names give the same file names.
    case sameAgent(String, String)
    /// There is no renderer of this name.
    case unknownFormat(String)

    /// What is wrong, and what to do.
    package var description: String {
        switch self {
        case .sameAgent(let first, let second):
            first == second
                ? "two reports are of '\(first)'; run one again with another --agent, or render them apart"
                : "'\(first)' and '\(second)' give the same file names; run one again with another --agent"
        case .unknownFormat(let name):
            "'\(name)' is no form of a report; name some of \(Renderers.names)"
        }
    }
}
