import WSReport

/// A cell of Autobahn's table: a word and the class of its colour.
struct AutobahnOutcome {
    /// What the cell says.
    var word: String
    /// The class in the page, with the name that it has in Autobahn's pages.
    var style: String

    /// The case was not run for this agent.
    static let missing = AutobahnOutcome(word: "Missing", style: "case_missing")

    /// What the peer did with what it was sent.
    init(behaviorOf entry: Report.Case) {
        switch entry.autobahn?.behavior {
        case "OK": self.init(word: "Pass", style: "case_ok")
        case "NON-STRICT": self.init(word: "Non-Strict", style: "case_non_strict")
        case "INFORMATIONAL": self.init(word: "Info", style: "case_info")
        case "UNIMPLEMENTED": self.init(word: "Unimplemented", style: "case_unimplemented")
        default: self.init(word: "Fail", style: "case_failed")
        }
    }

    /// How the connection ended.
    init(closeOf entry: Report.Case) {
        let code = entry.autobahn?.remoteCloseCode.map { String($0) } ?? "None"
        switch entry.autobahn?.behaviorClose {
        case "OK": self.init(word: code, style: "case_ok")
        case "FAILED BY CLIENT": self.init(word: code, style: "case_almost")
        case "WRONG CODE": self.init(word: code, style: "case_non_strict")
        case "INFORMATIONAL": self.init(word: code, style: "case_info")
        case "UNCLEAN": self.init(word: "Unclean", style: "case_failed")
        default: self.init(word: "Fail", style: "case_failed")
        }
    }

    private init(word: String, style: String) {
        self.word = word
        self.style = style
    }
}
