import Testing

/// The Swift that articles show is compiled and run by tests.
@Suite struct `Articles of the library` {
    static let articles = ["WSConform", "TestingYourServer", "TestingYourClient"].map {
        "Sources/WSConform/WSConform.docc/\($0).md"
    }

    /// The articles of the other products.
    static let others = ["WSProtocol", "WSDeflate"].map { "Sources/\($0)/\($0).docc/\($0).md" }

    /// Where what they show is compiled.
    static let folders = [
        "Tests/WSConformTests", "Tests/Interop/SwiftServers/Tests", "Tests/WSProtocolTests", "Tests/WSDeflateTests",
    ]

    @Test(arguments: articles + others)
    func `Each piece of Swift stands in a test, line by line`(path: String) throws {
        let blocks = SwiftBlocks.all(in: try Checkout.text(path))
        #expect(!blocks.isEmpty, "\(path) shows nothing")
        let files = try Self.folders.flatMap { try Checkout.swiftFiles(below: $0) }.map {
            SwiftBlocks.trimmed(try Checkout.text($0))
        }
        for block in blocks {
            #expect(files.contains { $0.contains(block) }, "\(path) shows what no test compiles:\n\(block)")
        }
    }

    @Test func `A block is found wherever it is indented`() {
        let article = "text\n```swift\nlet a = 1\n\n    b()\n```\n```\nno Swift\n```\n"
        #expect(SwiftBlocks.all(in: article) == ["let a = 1\nb()\n"])
        #expect(SwiftBlocks.trimmed("  func c() {\n    let a = 1\n    b()\n}\n").contains("let a = 1\nb()\n"))
    }

    @Test(arguments: articles + others)
    func `Each symbol that an article names is public`(path: String) throws {
        let module = String(path.split(separator: "/")[1])
        let files =
            try Checkout.swiftFiles(below: "Sources/\(module)") + Checkout.swiftFiles(below: "Sources/WSDeflate")
        let api = PublicAPI(try files.map { try Checkout.text($0) })
        let text = SwiftBlocks.prose(in: try Checkout.text(path))
        for link in text.split(separator: "``").enumerated().filter({ !$0.offset.isMultiple(of: 2) }).map(\.element) {
            let parts = link.split(separator: "/").map { String($0.prefix { $0 != "(" }) }
            let isFound =
                [[module], ["WSDeflate"]].contains(parts)
                || api.lines.contains { line in
                    let names = line.split(separator: " / ")
                    let types = names.dropLast().map(String.init)
                    return types == parts.dropLast()
                        && names.last.map { Self.declares($0, parts.last ?? "") } ?? false
                }
            #expect(isFound, "\(path) names \(link), which is not public")
        }
    }

    private static func declares(_ signature: Substring, _ name: String) -> Bool {
        let words = signature.split { !$0.isLetter && !$0.isNumber && $0 != "_" }
        let keywords = ["func", "var", "let", "struct", "enum", "class", "case", "protocol"]
        return zip(words, words.dropFirst()).contains { keywords.contains(String($0)) && $1 == name }
    }
}

/// The Swift in a Markdown text.
enum SwiftBlocks {
    /// The blocks that are marked as Swift, as ``trimmed(_:)`` has them.
    static func all(in text: String) -> [String] {
        var blocks: [String] = []
        var current: [Substring]?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let lines = current, line == "```" {
                blocks.append(trimmed(lines.joined(separator: "\n")))
                current = nil
            } else if current != nil {
                current?.append(line)
            } else if line == "```swift" {
                current = []
            }
        }
        return blocks
    }

    /// A text without its blocks of code.
    static func prose(in text: String) -> String {
        let parts = text.split(separator: "\n```", omittingEmptySubsequences: false)
        return parts.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element).joined(separator: "\n")
    }

    /// The lines without the blanks around them, and without empty ones.
    static func trimmed(_ text: String) -> String {
        let lines = text.split(separator: "\n").map { line in
            let start = line.drop(while: \.isWhitespace)
            return String(start.reversed().drop(while: \.isWhitespace).reversed())
        }
        return lines.filter { !$0.isEmpty }.map { "\($0)\n" }.joined()
    }
}
