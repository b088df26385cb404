/// The targets of `Package.swift`, read from its text.
struct Manifest {
    /// The names that each target lists as dependencies, products of other packages included.
    private(set) var dependencies: [String: Set<String>] = [:]

    init(_ text: String) {
        let characters = Array(Self.withoutComments(text))
        var index = 0
        while index < characters.count {
            defer { index += 1 }
            guard characters[index] == "(", Self.declaresTarget(characters[..<index]) else { continue }
            let (arguments, end) = Self.elements(of: characters, from: index + 1)
            // In the helpers' own declarations the name is a parameter and no literal.
            guard let name = arguments.first.flatMap({ Self.literal($0) }) else { continue }
            let list = arguments.dropFirst().first { $0.hasPrefix("[") || $0.hasPrefix("dependencies:") }
            dependencies[name] = Set(list.map { Self.names(in: $0) } ?? [])
            // A `.target(name:)` among the dependencies declares none.
            index = end
        }
    }

    private static func declaresTarget(_ before: ArraySlice<Character>) -> Bool {
        ["module", ".target", ".executableTarget", "tests", ".testTarget"].contains { call in
            guard before.suffix(call.count).elementsEqual(call) else { return false }
            return before.dropLast(call.count).last.map { !$0.isLetter } ?? true
        }
    }

    /// The texts between commas up to the bracket that closes the one before `start`, and that bracket's place.
    private static func elements(of characters: [Character], from start: Int) -> (texts: [String], end: Int) {
        var result: [String] = []
        var element = ""
        var end = start
        var depth = 0
        var isInString = false
        while end < characters.count {
            let character = characters[end]
            if character == "\"" { isInString.toggle() }
            if !isInString {
                if character == "(" || character == "[" { depth += 1 }
                if character == ")" || character == "]" { depth -= 1 }
                if depth < 0 { break }
            }
            end += 1
            if depth == 0, !isInString, character == "," {
                result.append(element)
                element = ""
            } else if !character.isWhitespace {
                // Blanks mean nothing outside of strings, and none of our names has one.
                element.append(character)
            }
        }
        return (result + (element.isEmpty ? [] : [element]), end)
    }

    /// The names that a list of dependencies holds: of each element, its first string.
    private static func names(in list: String) -> [String] {
        let characters = Array(list)
        guard let bracket = characters.firstIndex(of: "[") else { return [] }
        return elements(of: characters, from: bracket + 1).texts.compactMap { literal($0) }
    }

    /// The first string of an expression.
    private static func literal(_ expression: String) -> String? {
        let parts = expression.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.count > 2 ? String(parts[1]) : nil
    }

    private static func withoutComments(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.drop(while: \.isWhitespace).hasPrefix("//") }
            .joined(separator: "\n")
    }
}
