/// Makes any text harmless in GitHub's Markdown: no structure, no link, no mention of a person or an issue.
enum MarkdownText {
    /// The text as a code span, also for a cell of a table; empty for empty text.
    ///
    /// Nothing in a code span is a link or a mention. Backticks and vertical bars look like `\u{60}`, because they end
    /// a span and a cell.
    static func code(_ text: String, limit: Int) -> String {
        let text = TextEscaping.escaped(text, limit: limit)
            .replacing("`", with: "\\u{60}").replacing("|", with: "\\u{7C}")
        return text.isEmpty ? "" : "`\(text)`"
    }

    /// The text as prose, or as a code span where something in it could become a link or a mention.
    static func prose(_ text: String, limit: Int) -> String {
        let text = TextEscaping.escaped(text, limit: limit)
        guard !isActive(text) else { return code(text, limit: limit) }
        var result = ""
        for scalar in text.unicodeScalars {
            if marks.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    /// Lines as a block of code that none of them can end.
    static func block(_ lines: [String]) -> String {
        let longest = lines.flatMap { $0.split { $0 != "`" } }.map(\.count).max() ?? 0
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return ([fence + "text"] + lines + [fence]).joined(separator: "\n")
    }

    private static let marks: Set<Unicode.Scalar> = [
        "\\", "*", "_", "[", "]", "<", ">", "&", "~", "!", "$", "{", "}", "=",
    ]

    /// Whether a part of the text could be a link, a mention, code, a cell's end, or structure at the start of a line.
    private static func isActive(_ text: String) -> Bool {
        let active: Set<Unicode.Scalar> = ["@", "#", "|", "`"]
        if text.unicodeScalars.contains(where: active.contains) { return true }
        let start = text.drop { $0.isNumber }
        if let first = start.first, !first.isLetter, !(first == " " && start.startIndex > text.startIndex) {
            return true
        }
        let lower = text.lowercased()
        if ["://", "www.", "gh-"].contains(where: lower.contains) { return true }
        // Seven hexadecimal digits may be the name of a commit.
        var run = 0
        for scalar in lower.unicodeScalars {
            run = scalar.properties.isASCIIHexDigit ? run + 1 : 0
            if run >= 7 { return true }
        }
        return false
    }
}
