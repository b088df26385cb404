import WSReport
import WSRunFolder

extension RunFolder {
    /// Writes a report, unless an earlier one has to be kept, and prints the summary in any case.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - cases: Its cases that are already encoded, by id.
    ///   - rendering: The other forms in which it is written beside the report, where those of an earlier run are
    ///     removed; nil to write none and to leave what is there.
    ///   - monitor: Receives errors.
    ///   - tell: Prints the summary, from memory, and is told whether the report is in its file.
    /// - Returns: Whether something could not be written.
    func deliver(
        _ report: Report,
        cases: [String: [UInt8]] = [:],
        as rendering: Rendering? = nil,
        _ monitor: some RunMonitor,
        tell: (_ isWritten: Bool) -> Void
    ) -> Bool {
        guard !keepsEarlierReport(than: report) else {
            tell(false)
            // Of a target that was never reached, one line says it all.
            if !report.cases.isEmpty {
                monitor.note("nothing was judged: \(reportPath) is still the report of an earlier run")
            }
            return false
        }
        do {
            try write(report, cases: cases)
            dropEarlierReport()
        } catch {
            restoreEarlierReport()
            tell(false)
            monitor.note("\(error); there is no report of this run but the text above")
            return true
        }
        defer { tell(true) }
        guard let rendering else { return false }
        rendering.removeOthers(in: path)
        do {
            try rendering.write([report], to: path)
            return false
        } catch {
            monitor.note("\(error)")
            return true
        }
    }
}
