import Testing

@Suite struct `Layout` {
    /// What may stand at the top, besides names that begin with a dot.
    static let fixed: Set<String> = [
        "Package.swift", "Sources", "Tests", "Fuzz", "Vectors", "Reports", "README.md", "LICENSE",
    ]

    @Test func `Nothing stands at the top but the fixed names and what git ignores`() throws {
        let patterns = try Checkout.text(".gitignore").split(separator: "\n")
        let ignored = patterns.map { $0.hasSuffix("/") ? $0.dropLast() : $0 }
        for name in try Checkout.names(in: "") where !Self.fixed.contains(name) {
            let isIgnored = ignored.contains { $0 == name || $0.first == "*" && name.hasSuffix($0.dropFirst()) }
            #expect(isIgnored, "\(name) belongs into one of the folders")
        }
    }

    @Test func `What has to be there is there`() {
        for path in ["Package.swift", "README.md", "LICENSE", ".ci/run", ".swift-format", ".github/CONTRIBUTING.md"] {
            #expect(Checkout.holds(path), "\(path) is missing")
        }
    }

    @Test(arguments: ["README.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md", ".github/CHANGELOG.md"])
    func `Links inside the repository lead somewhere`(path: String) throws {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        for link in MarkdownLinks.relative(in: try Checkout.text(path)) {
            #expect(Checkout.holds(folder.isEmpty ? link : "\(folder)/\(link)"), "\(path) links to \(link)")
        }
    }
}

/// The links of a Markdown text.
enum MarkdownLinks {
    /// The targets of links to files of the same repository, without what follows `#`.
    static func relative(in text: String) -> [String] {
        text.split(separator: "](").dropFirst().compactMap { rest in
            let target = rest.prefix { $0 != ")" && $0 != "#" }
            return target.isEmpty || target.contains(":") ? nil : String(target)
        }
    }
}
