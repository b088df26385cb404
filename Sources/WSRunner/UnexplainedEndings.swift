package import WSScenario
package import WSTranscript

/// Ends of the target's process that no scenario made happen again.
package struct UnexplainedEndings: Sendable {
    /// How many there were.
    private(set) var count = 0
    /// The line about the first one.
    private var first = ""
    /// How the first one ended, which stands for all.
    private var firstSentence = ""
    /// Whether all of them were exits by itself, and no signal and no sanitizer.
    private var areExits = true

    /// How many are told one by one.
    private static let mostTold = 3
    /// How many suspects are named.
    private static let mostNamed = 8

    /// Creates an account of none.
    package init() {}

    /// Notes one, and the scenarios that were being played.
    ///
    /// - Returns: A line about it; nil if enough were told.
    package mutating func note(_ incident: TargetObservation, suspects: [Scenario]) -> String? {
        count += 1
        if case .exited? = incident.ending, incident.sanitizer == nil {} else { areExits = false }
        let line = "\(incident.sentence) in mid-run, and no case made it do so again; \(Self.names(suspects))"
        if count == 1 { (first, firstSentence) = (line, incident.sentence) }
        if count < Self.mostTold { return line }
        return count == Self.mostTold ? "\(line); it ends again and again, which is told at the end" : nil
    }

    /// The line about all of them; nil if there were none.
    package var line: String? {
        guard count > 1 else { return count == 0 ? nil : first }
        let mend =
            areExits
            ? "a server that exits by itself, as after each connection, cannot be judged: let it serve until it is ended"
            : "the first time \(first)"
        return "\(firstSentence) in mid-run, \(count) times in all, and no case made it do so again; \(mend)"
    }

    private static func names(_ suspects: [Scenario]) -> String {
        guard !suspects.isEmpty else { return "nothing was being played" }
        let names = suspects.prefix(mostNamed).map(\.id).joined(separator: ", ")
        let more = suspects.count > mostNamed ? " and \(suspects.count - mostNamed) more" : ""
        return "suspects: \(names)\(more)"
    }
}
