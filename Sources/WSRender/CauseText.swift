import WSJudge
import WSLimits
import WSReport
import WSScenario

/// A cause as text for a terminal.
struct CauseText {
    private let cause: Report.Cause
    private let report: Report
    private let style: TextStyle

    /// The most characters of ids of cases, so that the line has room for how many more there are.
    private static let mostCharactersOfCases = Limits.shownCharacters.value - 24

    init(_ cause: Report.Cause, of report: Report, style: TextStyle) {
        self.cause = cause
        self.report = report
        self.style = style
    }

    /// The cause in one line.
    var line: String {
        let place = cause.count == 1 && cause.part == nil ? cause.example : "\(cause.extent), \(cause.example)"
        return "\(verdict)  \(shown("\(place): \(cause.reason)"))"
    }

    /// The cause in full: what, how grave, what shows it, what is required, what to do, and the cases.
    ///
    /// - Parameter again: The command that runs the example again.
    /// - Returns: The lines.
    func lines(again: String) -> [String] {
        let example = report.cases.first { $0.id == cause.example }
        let name = shown(cause.example + (example?.autobahnNumber.map { " (Autobahn \($0))" } ?? ""))
        let impact = cause.impact.map { "  \($0.rawValue)" } ?? ""
        var lines = ["\(verdict)  \(style.bold(shown(cause.extent) + impact))  \(shown(cause.id))"] + finding
        lines.append("      \(style.bold(name))" + (example.map { "  \(shown($0.title))" } ?? ""))
        let wire = (example?.wire ?? []).map(\.text)
        lines += WireExcerpt(of: report).lines(wire, of: cause).map { style.dim("        \(shown($0))") }
        if cause.count > 1 { lines.append("      cases: \(shown(cases))") }
        lines.append("      again: \(again)")
        return lines
    }

    /// The reason, what is required, why it matters, what to do, and where it is known from.
    var finding: [String] {
        var lines: [String] = []
        if !cause.reason.isEmpty { lines.append("      \(shown(cause.reason))") }
        lines.append("      \(shown(citation))")
        if let why = report.requirements[cause.requirement]?.impactReason, !why.isEmpty {
            lines.append("      why it matters: \(shown(why))")
        }
        if let mend = cause.mend { lines.append("      what to do: \(shown(mend))") }
        if let known = cause.known, let first = known.first {
            let others = known.count == 1 ? "" : ", and \(known.count - 1) more"
            lines.append("      known: \(shown("\(first.project), \(first.reference)"))\(others)")
        }
        return lines
    }

    private var verdict: String { style.coloured(cause.verdict.rawValue, cause.verdict) }

    /// The section, the level and the sentence of the requirement.
    private var citation: String {
        guard let requirement = report.requirements[cause.requirement] else { return cause.requirement }
        let reference = RequirementReference(
            id: cause.requirement,
            source: requirement.source,
            section: requirement.section,
            level: requirement.level
        )
        return reference.citation + (requirement.sentence.isEmpty ? "" : ": \(requirement.sentence)")
    }

    /// The ids of the cases with common beginnings written once, such as `closing/code/{0,1,999}, and 12 more`.
    private var cases: String {
        let groups = CaseNames.grouped(cause.cases)
        var text = ""
        var told = 0
        for group in groups where text.count + group.text.count + 2 <= Self.mostCharactersOfCases {
            text += (text.isEmpty ? "" : ", ") + group.text
            told += group.count
        }
        // An id may be longer than a line; the example stands above.
        guard told > 0 else { return "\(cause.count)" }
        return text + (cause.count > told ? ", and \(cause.count - told) more" : "")
    }

    private func shown(_ text: String) -> String {
        TextEscaping.escaped(text, limit: Limits.shownCharacters.value)
    }
}

/// Ids of cases in a short form.
enum CaseNames {
    /// The most ids that one pair of braces holds.
    private static let mostInBraces = 12

    /// Groups ids that differ only behind their last slash.
    ///
    /// - Parameter ids: The ids, sorted.
    /// - Returns: The texts, each with the number of ids in it.
    static func grouped(_ ids: [String]) -> [(text: String, count: Int)] {
        var groups: [(folder: String, names: [String])] = []
        for id in ids {
            let cut = id.lastIndex(of: "/").map { id.index(after: $0) } ?? id.startIndex
            let folder = String(id[..<cut])
            if let last = groups.indices.last, groups[last].folder == folder, groups[last].names.count < mostInBraces {
                groups[last].names.append(String(id[cut...]))
            } else {
                groups.append((folder, [String(id[cut...])]))
            }
        }
        return groups.map { folder, names in
            (names.count == 1 ? folder + names[0] : "\(folder){\(names.joined(separator: ","))}", names.count)
        }
    }
}
