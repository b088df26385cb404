/// Makes any text harmless in XML 1.0, in an attribute as in an element.
enum XMLText {
    /// The text on one line, with what XML forbids or reads as markup as escapes.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - limit: The most characters that are kept.
    /// - Returns: The text; control characters look like `\u{1B}`.
    static func escaped(_ text: String, limit: Int = ordinaryLimit) -> String {
        var result = ""
        for scalar in TextEscaping.escaped(text, limit: limit).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&apos;"
            // XML allows all other non-characters.
            case "\u{FFFE}", "\u{FFFF}": result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The most characters of a text, where a caller has no other bound.
    static let ordinaryLimit = 2_000
}
