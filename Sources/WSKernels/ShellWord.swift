/// Text as a word of a shell's command line.
package enum ShellWord {
    /// The text as a POSIX shell takes it for one word and changes nothing in it.
    ///
    /// - Parameter text: any text.
    /// - Returns: the text itself where it has nothing that a shell reads in its own way, or in single quotes.
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
