/// Makes any text harmless in HTML, in an attribute in quotes as in an element.
enum HTMLText {
    /// The text on one line, with control characters and bidirectional marks as escapes, and markup as entities.
    ///
    /// - Parameters:
    ///   - text: Any text.
    ///   - limit: The most characters that are kept.
    /// - Returns: The text.
    static func escaped(_ text: String, limit: Int) -> String {
        var result = ""
        for scalar in TextEscaping.escaped(text, limit: limit).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
