package import WSReport

extension Report {
    /// That an agent could not be tested, and why, on one line.
    package var untestedLine: String { "\(peer.name): not tested, \(footer.reason ?? "the run was ended")" }
}

extension FinishedRun {
    /// The results in Autobahn's words, on one line: how many cases have which verdict, and which close.
    package var autobahnLine: String {
        let cases = report.withoutUnplayed.cases
        let behaviors = Self.counted(cases.map { $0.autobahn?.behavior ?? "FAILED" })
        let closes = Self.counted(cases.map { $0.autobahn?.behaviorClose ?? "FAILED" })
        let unplayed = report.cases.count - cases.count
        let missing = unplayed == 0 ? "" : "; never asked for \(unplayed) more"
        let count = cases.count == 1 ? "1 case" : "\(cases.count) cases"
        return "\(report.peer.name): \(count), \(behaviors); closes \(closes)\(missing)"
    }

    /// The words of Autobahn's verdicts, the good ones first.
    private static let words = [
        "OK", "NON-STRICT", "INFORMATIONAL", "UNIMPLEMENTED", "FAILED BY CLIENT", "UNCLEAN", "WRONG CODE", "FAILED",
    ]

    private static func counted(_ verdicts: [String]) -> String {
        let counts = Dictionary(grouping: verdicts) { $0 }.mapValues(\.count)
        return words.compactMap { word in counts[word].map { "\($0) \(word)" } }.joined(separator: ", ")
    }

    /// The report as Autobahn's files have it.
    package var autobahnReport: Report { report.withoutUnplayed }
}
