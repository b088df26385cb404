import WSReport

/// The page of a case in Autobahn's form.
struct AutobahnCasePage {
    let entry: Report.Case
    let number: String
    let report: Report

    private var verdict: Report.AutobahnResult? { entry.autobahn }

    /// The page.
    var text: String {
        let outcome = AutobahnOutcome(behaviorOf: entry)
        let agent = AutobahnHTML.text(report.peer.name)
        let title = "<b>Case \(AutobahnHTML.text(number))</b>: \(outcome.word)"
        let when = verdict?.started.map { ", \(verdict?.duration ?? 0) ms at \(AutobahnHTML.text($0))" } ?? ""
        let sections = [
            "<p><a href=\"index.html\">all cases</a></p>",
            "<h1 class=\"case \(outcome.style)\">\(agent): \(title)\(when)</h1>",
            block("case_desc", "Description", "<p>\(AutobahnHTML.text(entry.title))</p>"),
            block("case_expect", "Requirement", "<p>\(AutobahnHTML.text(AutobahnRenderer.expectation(entry)))</p>"),
            block("case_outcome", "Outcome", outcomes),
            block("case_closing_beh", "End of the connection", closing),
            block("handshake", "Opening handshake", handshake),
            block("wire_statistics", "Statistics", statistics),
            block("wirelog", "On the wire", wire),
        ]
        return AutobahnHTML.page(
            title: "\(report.peer.name): case \(number)",
            body: sections.joined(separator: "\n")
        )
    }

    private func block(_ name: String, _ title: String, _ content: String) -> String {
        "<div class=\"case_text_block \(name)\">\n<h2>\(title)</h2>\n\(content)\n</div>"
    }

    // MARK: - Sections

    private var outcomes: String {
        guard let verdict else {
            return "<p>\(AutobahnHTML.text(entry.verdictWord)): \(AutobahnHTML.text(entry.reason))</p>"
        }
        let expected = verdict.expected.sorted { $0.key < $1.key }.map { outcome, events in
            "<li>\(AutobahnHTML.text(outcome)): <code>\(shown(events))</code></li>"
        }
        return """
            <p>\(AutobahnHTML.text(verdict.behavior)): \(AutobahnHTML.text(verdict.result))</p>
            <p>Expected:</p>
            <ul>\(expected.joined())</ul>
            <p>Observed: <code>\(shown(verdict.received))</code></p>
            <p>wsconform: \(AutobahnHTML.text(entry.verdictWord))\(ownReason)</p>
            """
    }

    private var ownReason: String { entry.reason.isEmpty ? "" : ": " + AutobahnHTML.text(entry.reason) }

    private func shown(_ events: [[String]]) -> String {
        let all = events.map { "(" + $0.map { "\"\(AutobahnHTML.text($0))\"" }.joined(separator: ", ") + ")" }
        return all.isEmpty ? "nothing" : all.joined(separator: ", ")
    }

    private var closing: String {
        guard let verdict else { return "<p>It was not played to its end.</p>" }
        let rows: [(String, String, String)] = [
            ("isServer", "\(report.roleUnderTest == .client)", "the tester was the server"),
            ("closedByMe", "\(verdict.closedByMe)", "the tester sent its Close frame first"),
            ("failedByMe", "\(verdict.failedByMe)", "the tester failed the connection"),
            ("droppedByMe", "\(verdict.droppedByMe)", "the tester ended TCP"),
            ("wasClean", "\(verdict.wasClean)", "Close frames went both ways, and the server ended TCP"),
            ("wasNotCleanReason", verdict.wasNotCleanReason ?? "None", "why it was not clean"),
            (
                "wasServerConnectionDropTimeout", "\(verdict.wasServerConnectionDropTimeout)",
                "the server did not end TCP in time"
            ),
            ("wasOpenHandshakeTimeout", "\(verdict.wasOpenHandshakeTimeout)", "the handshake was not over in time"),
            ("wasCloseHandshakeTimeout", "\(verdict.wasCloseHandshakeTimeout)", "no Close frame came back in time"),
            ("localCloseCode", code(verdict.localCloseCode), "the code of the tester's Close frame"),
            ("localCloseReason", verdict.localCloseReason ?? "None", "the reason of the tester's Close frame"),
            ("remoteCloseCode", code(verdict.remoteCloseCode), "the code of the peer's Close frame"),
            ("remoteCloseReason", verdict.remoteCloseReason ?? "None", "the reason of the peer's Close frame"),
        ]
        let table = rows.map { name, value, meaning in
            "<tr><td>\(name)</td><td>\(AutobahnHTML.text(value))</td><td>\(meaning)</td></tr>"
        }
        return """
            <p>\(AutobahnHTML.text(verdict.resultClose)) (\(AutobahnHTML.text(verdict.behaviorClose)))</p>
            <table>
            \(table.joined(separator: "\n"))
            </table>
            """
    }

    private func code(_ code: UInt16?) -> String { code.map { String($0) } ?? "None" }

    private var handshake: String {
        """
        <pre class="http_dump">\(AutobahnHTML.lines(trimmed(verdict?.httpRequest ?? "?")))</pre>
        <pre class="http_dump">\(AutobahnHTML.lines(trimmed(verdict?.httpResponse ?? "?")))</pre>
        """
    }

    private func trimmed(_ head: String) -> String {
        var head = head
        while head.last?.isNewline == true { head.removeLast() }
        return head
    }

    private var statistics: String {
        let tables = [
            table("Octets received", "read of", verdict?.rxOctetStats),
            table("Octets sent", "write of", verdict?.txOctetStats),
            table("Frames received", "opcode", verdict?.rxFrameStats),
            table("Frames sent", "opcode", verdict?.txFrameStats),
        ]
        return tables.joined(separator: "\n")
    }

    private func table(_ title: String, _ key: String, _ counts: [Int: Int]?) -> String {
        let rows = (counts ?? [:]).sorted { $0.key < $1.key }.map { "<tr><td>\($0.key)</td><td>\($0.value)</td></tr>" }
        return "<h3>\(title)</h3>\n<table><tr><th>\(key)</th><th>how often</th></tr>\(rows.joined())</table>"
    }

    private var wire: String {
        entry.wire.isEmpty
            ? "<p>Nothing was recorded.</p>"
            : "<pre>\(entry.wire.map { AutobahnHTML.text($0.text) }.joined(separator: "\n"))</pre>"
    }
}
