/// Makes text of a peer harmless for a terminal.
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

    /// The escaped text, cut after so many characters.
    package static func escaped(_ text: String, limit: Int) -> String {
        let whole = escaped(text)
        return whole.count > limit ? whole.prefix(limit - 1) + "…" : whole
    }

    /// An argument as a shell takes it.
    package static func shellQuoted(_ argument: String) -> String {
        let isPlain = argument.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ":", ",", "@", "%", "+", "=": true
            default: false
            }
        }
        guard !isPlain || argument.isEmpty else { return argument }
        return "'" + argument.replacing("'", with: "'\\''") + "'"
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        // Among the formats are the marks that turn the direction of text.
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
