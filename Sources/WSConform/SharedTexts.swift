package import WSReport

/// The encoded cases that are the same in the reports of several clients, such as those that no client requested.
///
/// Each is encoded only once, so that many clients do not delay the end of a run.
package struct SharedTexts {
    private var known: [String: (entry: Report.Case, text: [UInt8])] = [:]

    /// Creates an empty collection.
    package init() {}

    /// The encoded cases of a report that have no transcript, by id.
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
