package import WSReport

/// The texts of cases that stand alike in the reports of several clients, as those do that a client has not asked for.
///
/// Each is written once, so that many clients do not keep a run from ending.
package struct SharedTexts {
    private var known: [String: (entry: Report.Case, text: [UInt8])] = [:]

    /// Begins with none.
    package init() {}

    /// The texts of a report's cases of which nothing was recorded, by id.
    package mutating func texts(of report: Report) -> [String: [UInt8]] {
        var texts: [String: [UInt8]] = [:]
        for entry in report.cases where entry.transcript == nil {
            if let one = known[entry.id], one.entry == entry {
                texts[entry.id] = one.text
            } else {
                let text = ReportText.encode(entry)
                known[entry.id] = (entry, text)
                texts[entry.id] = text
            }
        }
        return texts
    }
}
