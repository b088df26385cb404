/// Writes text into the pages of ``AutobahnRenderer``, so that a peer's text stays text.
enum AutobahnHTML {
    /// A text on one line: no markup, no control characters, nothing that changes the direction of what follows.
    static func text(_ text: some StringProtocol) -> String { HTMLText.escaped(String(text), limit: longest) }

    /// Far above what a report has of any text, which is bounded there.
    private static let longest = 1 << 20

    /// A text whose lines stay lines.
    static func lines(_ text: String) -> String {
        // Octets are used, because CR LF is a single Character.
        text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            let end = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            return self.text(String(decoding: end, as: UTF8.self))
        }.joined(separator: "\n")
    }

    /// A page without scripts and without anything from elsewhere.
    ///
    /// - Parameters:
    ///   - title: The title, as plain text.
    ///   - body: The content, as HTML.
    /// - Returns: The page.
    static func page(title: String, body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(text(title))</title>
        <style>
        \(style)
        </style>
        </head>
        <body>
        <a name="top"></a>
        \(body)
        </body>
        </html>

        """
    }

    private static let style = """
        :root { color-scheme: light dark; }
        body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem; }
        table { border-collapse: collapse; }
        td, th { border: 1px solid #8886; padding: .2rem .6rem; text-align: left; vertical-align: top; }
        pre { background: #8881; padding: .6rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        .agent_case_result_row td a { color: inherit; }
        .case_category, .agent { font-weight: bold; }
        .case_ok { background: #2a8a3a40; }
        .case_almost, .case_non_strict { background: #c9a22740; }
        .case_info { background: #3b7dd840; }
        .case_failed { background: #d0302f60; }
        .case_missing, .case_unimplemented { background: #8883; }
        .case_duration { font-size: .85em; }
        """
}
