/// Makes text of a peer harmless for a terminal.
///
/// Whatever leaves for a terminal passes ``escaped(_:)`` or ``lines(_:)`` in `Console`: no caller can forget it.
package enum TextEscaping {
    /// The text on one line: control characters, line separators and changes of direction are written as escapes.
    package static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isHarmful(scalar): result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Lines of ours: as ``escaped(_:)``, but with line feeds and the colours of ``TextStyle``.
    package static func lines(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0 != "\n" && isHarmful($0) }) else { return text }
        var result = ""
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            if scalar == "\n" {
                result += "\n"
            } else if scalar == "\u{1B}", let colour = colour(rest) {
                result += "\u{1B}\(colour)"
                rest.removeFirst(colour.unicodeScalars.count)
            } else {
                result += escaped(String(scalar))
            }
        }
        return result
    }

    /// What follows an escape character that begins a colour: `[`, up to two digits, `m`.
    private static func colour(_ rest: Substring.UnicodeScalarView) -> String? {
        let start = rest.prefix(4)
        guard start.first == "[", let end = start.firstIndex(of: "m") else { return nil }
        let digits = start[start.index(after: start.startIndex)..<end]
        return digits.allSatisfy { ("0"..."9").contains($0) } ? "[\(digits.map { String($0) }.joined())m" : nil
    }

    /// The escaped text, cut after so many characters.
    package static func escaped(_ text: String, limit: Int) -> String {
        // Cut before it is escaped, too: a peer's text may be long.
        let whole = escaped(String(text.prefix(limit + 1)))
        return whole.count > limit ? whole.prefix(limit - 1) + "…" : whole
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // Among the formats are the marks that turn the direction of text.
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
