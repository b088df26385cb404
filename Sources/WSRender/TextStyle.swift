package import WSJudge

/// Formats text for a terminal: colour and columns.
package struct TextStyle {
    /// Whether text gets colour at all.
    package var hasColour: Bool

    /// Creates a style.
    package init(hasColour: Bool = false) {
        self.hasColour = hasColour
    }

    /// Emphasised text.
    package func bold(_ text: String) -> String { wrapped(text, "1") }

    /// Faint text.
    package func dim(_ text: String) -> String { wrapped(text, "2") }

    /// Text in the colour of a verdict.
    package func coloured(_ text: String, _ verdict: Verdict) -> String {
        switch verdict {
        case .fail: wrapped(text, "31")
        case .inconclusive: wrapped(text, "35")
        case .tolerated: wrapped(text, "33")
        case .pass: wrapped(text, "32")
        case .informational, .skipped, .unimplemented: text
        }
    }

    private func wrapped(_ text: String, _ code: String) -> String {
        hasColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// The text, padded with blanks on the right to this width.
    package static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// The text, padded with blanks on the left to this width.
    package static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// Formats rows as aligned columns, two blanks apart, without blanks at the ends of lines.
    ///
    /// - Parameters:
    ///   - rows: The cells.
    ///   - numbers: The indices of columns to align on the right.
    /// - Returns: A line for each row.
    package static func table(_ rows: [[String]], numbers: Set<Int> = []) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                numbers.contains(column) ? right(cell, widths[column]) : left(cell, widths[column])
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
