/// The public declarations of a module, read from its source text.
struct PublicAPI {
    /// Each declaration in one line, with the types around it, sorted.
    private(set) var lines: [String] = []

    /// Reads some files.
    init(_ texts: [String]) {
        for text in texts { read(text) }
        lines.sort()
    }

    /// A declaration whose braces enclose others.
    private struct Scope {
        var name: String
        var depth: Int
        var isPublicEnum: Bool
    }

    private mutating func read(_ text: String) {
        var scopes: [Scope] = []
        var depth = 0
        var pending: String?
        for line in text.split(separator: "\n") {
            let code = Self.code(of: line)
            guard !code.isEmpty else { continue }
            var isDeclaration = false
            if let begun = pending {
                // A signature may take several lines.
                pending = begun + " " + code
                isDeclaration = true
            } else if Self.isScope(code) || code.hasPrefix("public ")
                || (code.hasPrefix("case ") && scopes.last.map { $0.isPublicEnum && $0.depth == depth } ?? false)
            {
                pending = code
                isDeclaration = true
            }
            if isDeclaration, let declaration = pending, Self.isWhole(declaration) {
                pending = nil
                let signature = Self.signature(declaration)
                if signature.hasPrefix("public ") || signature.hasPrefix("case ") {
                    lines.append((scopes.map(\.name) + [signature]).joined(separator: " / "))
                }
                if Self.isScope(declaration), declaration.hasSuffix("{") {
                    let isPublicEnum = declaration.hasPrefix("public ") && declaration.contains("enum ")
                    scopes.append(Scope(name: Self.name(declaration), depth: depth + 1, isPublicEnum: isPublicEnum))
                }
            }
            depth += code.count { $0 == "{" } - code.count { $0 == "}" }
            scopes.removeAll { $0.depth > depth }
        }
    }

    private static let scopes = ["struct ", "enum ", "class ", "actor ", "extension ", "protocol "]

    private static func isScope(_ code: String) -> Bool {
        let words = ["public ", "package ", "private ", "fileprivate ", "final ", "indirect "]
        var rest = Substring(code)
        while let word = words.first(where: { rest.hasPrefix($0) }) { rest = rest.dropFirst(word.count) }
        return scopes.contains { rest.hasPrefix($0) }
    }

    /// The name of a type.
    private static func name(_ declaration: String) -> String {
        let words = declaration.split(separator: " ").map(String.init)
        let place = words.firstIndex { word in scopes.contains("\(word) ") } ?? 0
        return words.dropFirst(place + 1).first.map { String($0.prefix { $0 != ":" && $0 != "<" }) } ?? ""
    }

    /// Whether all parentheses of a declaration are closed.
    private static func isWhole(_ declaration: String) -> Bool {
        declaration.count { $0 == "(" } == declaration.count { $0 == ")" } && !declaration.hasSuffix(",")
    }

    /// A declaration without its body and its value.
    private static func signature(_ declaration: String) -> String {
        var depth = 0
        var result = ""
        // The operator's name is no value.
        for character in declaration.replacing("func ==", with: "func ≡") {
            if "([".contains(character) { depth += 1 }
            if ")]".contains(character) { depth -= 1 }
            if depth == 0, "{=".contains(character) { break }
            result.append(character)
        }
        let words = result.split(separator: " ").joined(separator: " ")
        return words.replacing("( ", with: "(").replacing(" )", with: ")").replacing("≡", with: "==")
    }

    /// A line without comments, blanks around it and the content of strings.
    private static func code(of line: Substring) -> String {
        var result = ""
        var isInString = false
        var before: Character = " "
        for character in line.drop(while: \.isWhitespace) {
            if character == "\"", before != "\\" { isInString.toggle() }
            if !isInString, character == "/", before == "/" {
                result.removeLast()
                break
            }
            if !isInString || character == "\"" { result.append(character) }
            before = character
        }
        while result.last?.isWhitespace == true { result.removeLast() }
        return result
    }
}
