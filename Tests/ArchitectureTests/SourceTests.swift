import Testing

@Suite struct `Source files` {
    static let files: [String] = ["Sources", "Tests", "Fuzz"].flatMap { folder in
        (try? Checkout.swiftFiles(below: folder)) ?? []
    }

    static let longest = 400

    @Test func `There are some`() {
        #expect(Self.files.contains { $0.hasPrefix("Sources/") })
        #expect(Self.files.contains { $0.hasPrefix("Tests/") })
    }

    @Test func `Each has at most 400 lines`() throws {
        for path in Self.files {
            let count = SwiftText(try Checkout.text(path)).lineCount
            if count > Self.longest { Issue.record("\(path) has \(count) lines") }
        }
    }

    @Test func `Each declaration for other modules is documented`() throws {
        let texts = try Self.files.filter { $0.hasPrefix("Sources/") }.map { ($0, SwiftText(try Checkout.text($0))) }
        let requirements = texts.reduce(into: Set()) { $0.formUnion($1.1.requirements) }
        for (path, text) in texts {
            for line in text.undocumented(besides: requirements) {
                Issue.record("\(path):\(line) has no documentation comment")
            }
        }
    }

    @Test func `Each line of documentation has at most 120 characters`() throws {
        for path in Self.files {
            for line in SwiftText(try Checkout.text(path)).wideDocumentation {
                Issue.record("\(path):\(line) is too wide")
            }
        }
    }
}
