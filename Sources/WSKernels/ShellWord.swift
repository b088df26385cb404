/// Quotes text for a shell's command line.
package enum ShellWord {
    /// The text in a form that a POSIX shell reads as one word without changes.
    ///
    /// - Parameter text: Any text.
    /// - Returns: The text itself if a shell reads nothing in it specially; else the text in single quotes.
    package static func quoted(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ":", ",", "@", "%", "+", "=": true
            default: false
            }
        }
        guard !isPlain || text.isEmpty else { return text }
        return "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
