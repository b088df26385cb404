/// The text of a Swift file, read line by line as far as the rules of this repository need it.
struct SwiftText {
    let lines: [Substring]

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// How many lines the file has; the end of the last one begins no new line.
    var lineCount: Int { lines.last?.isEmpty == true ? lines.count - 1 : lines.count }

    /// The modules that are imported, each with its line number, counted from 1.
    var imports: [(module: String, line: Int)] {
        lines.indices.compactMap { index in
            guard !standsInForEssentials(index) else { return nil }
            return Self.imported(by: lines[index]).map { ($0, index + 1) }
        }
    }

    /// Whether a line imports Foundation because a system has no module FoundationEssentials, as Apple's have none.
    private func standsInForEssentials(_ index: Int) -> Bool {
        index >= 2 && lines[index - 1] == "#else" && Self.imported(by: lines[index]) == "Foundation"
            && Self.imported(by: lines[index - 2]) == "FoundationEssentials"
    }

    private static func imported(by line: Substring) -> String? {
        var words = line.split(separator: " ")[...]
        while let word = words.first, word.hasPrefix("@") || accessLevels.contains(String(word)) { words.removeFirst() }
        guard words.popFirst() == "import" else { return nil }
        if let kind = words.first, keywords.contains(String(kind)) { words.removeFirst() }
        let module = words.first?.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        return module.map { String($0) }
    }

    /// Whether anything but imports and comments is declared.
    var hasDeclaration: Bool { lines.contains { Declaration($0) != nil } }

    /// The names of what the protocols of this file require.
    var requirements: Set<String> {
        var names: Set<String> = []
        var isInProtocol = false
        for line in lines {
            let declaration = Declaration(line)
            if declaration?.keyword == "protocol" { isInProtocol = true }
            let isWhole = declaration?.keyword == "protocol" && line.hasSuffix("}")
            if isWhole || line.hasPrefix("}") { isInProtocol = false }
            // An initializer has no name to tell it by.
            if isInProtocol, let declaration, !declaration.name.isEmpty { names.insert(declaration.name) }
        }
        return names
    }

    /// The lines, counted from 1, of declarations for other modules that have no documentation comment.
    ///
    /// What a protocol requires is documented there.
    func undocumented(besides requirements: Set<String> = []) -> [Int] {
        lines.indices.filter { index in
            guard let declaration = Declaration(lines[index]), declaration.isForOthers else { return false }
            return !isDocumented(index) && !requirements.contains(declaration.name)
        }.map { $0 + 1 }
    }

    private func isDocumented(_ index: Int) -> Bool {
        for line in lines[..<index].reversed() {
            let text = line.trimmed
            // Attributes and instructions to the formatter stand between a declaration and its comment.
            if text.hasPrefix("@") || text.hasPrefix("// swift-format-ignore") { continue }
            return text.hasPrefix("///")
        }
        return false
    }

    /// The lines, counted from 1, of documentation comments that are wider than a screen.
    var wideDocumentation: [Int] {
        lines.indices.filter { lines[$0].trimmed.hasPrefix("///") && lines[$0].count > 120 }.map { $0 + 1 }
    }

    fileprivate static let accessLevels: Set<String> = [
        "public", "package", "internal", "fileprivate", "private", "open",
    ]

    fileprivate static let keywords: Set<String> = [
        "func", "var", "let", "struct", "enum", "class", "actor", "protocol", "typealias", "init", "subscript",
        "associatedtype", "macro", "extension",
    ]
}

/// The beginning of a declaration on one line.
private struct Declaration {
    let keyword: String
    /// The name; empty for an initializer.
    let name: String
    /// Whether other modules see it, and it is no extension, which says nothing of its own.
    let isForOthers: Bool

    init?(_ line: Substring) {
        var rest = line.trimmed
        while rest.hasPrefix("@") { rest = Self.withoutAttribute(rest) }
        var access: Set<String> = []
        while true {
            let word = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            rest = rest.dropFirst(word.count)
            // `class func` and `class var` are members, and `private(set)` limits the setter alone.
            if SwiftText.keywords.contains(word) {
                keyword = word
                name = String(rest.drop { $0 == " " }.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
                isForOthers = word != "extension" && !access.isDisjoint(with: ["public", "package", "open"])
                return
            }
            guard Self.modifiers.contains(word) || SwiftText.accessLevels.contains(word) else { return nil }
            if rest.hasPrefix("(") {
                rest = rest.drop { $0 != ")" }.dropFirst()
            } else {
                access.insert(word)
            }
            rest = rest.drop { $0 == " " }
        }
    }

    private static func withoutAttribute(_ text: Substring) -> Substring {
        var depth = 0
        for index in text.indices {
            switch text[index] {
            case "(": depth += 1
            case ")": depth -= 1
            case " " where depth == 0: return text[index...].drop { $0 == " " }
            default: break
            }
        }
        return ""
    }

    private static let modifiers: Set<String> = [
        "static", "final", "mutating", "nonmutating", "consuming", "borrowing", "override", "required", "convenience",
        "lazy", "weak", "unowned", "indirect", "nonisolated", "isolated", "prefix", "postfix", "infix", "dynamic",
    ]
}

extension Substring {
    /// The text without blanks at its beginning.
    fileprivate var trimmed: Substring { drop { $0 == " " || $0 == "\t" } }
}
