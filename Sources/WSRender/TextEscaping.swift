/// Makes text of a peer harmless for a terminal.
///
/// `Console` passes everything that it prints through ``escaped(_:)`` or ``lines(_:)``, so that no caller can forget
/// it.
package enum TextEscaping {
    /// The text on one line, with control characters, line separators and bidirectional marks as escapes.
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

    /// Escapes text like ``escaped(_:)``, but keeps line feeds and the colours of ``TextStyle``.
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

    /// The rest of a colour sequence after its escape character: `[`, up to two digits, `m`.
    private static func colour(_ rest: Substring.UnicodeScalarView) -> String? {
        let start = rest.prefix(4)
        guard start.first == "[", let end = start.firstIndex(of: "m") else { return nil }
        let digits = start[start.index(after: start.startIndex)..<end]
        return digits.allSatisfy { ("0"..."9").contains($0) } ? "[\(digits.map { String($0) }.joined())m" : nil
    }

    /// The escaped text, cut to this many characters.
    package static func escaped(_ text: String, limit: Int) -> String {
        // The text is cut before it is escaped, too, because it may be very long.
        let whole = escaped(String(text.prefix(limit + 1)))
        return whole.count > limit ? whole.prefix(limit - 1) + "…" : whole
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // Bidirectional marks are format characters.
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
