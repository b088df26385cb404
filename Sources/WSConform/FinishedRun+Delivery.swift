import WSReport
import WSRunFolder

extension RunFolder {
    /// Writes a report, unless an earlier one is worth more, and tells what came of the run in any case.
    ///
    /// - Parameters:
    ///   - report: the report.
    ///   - cases: those of its cases that are text already, by id.
    ///   - monitor: is told of trouble.
    ///   - tell: prints the summary, from memory.
    /// - Returns: whether something could not be written.
    func deliver(
        _ report: Report,
        cases: [String: [UInt8]] = [:],
        _ monitor: some RunMonitor,
        tell: () -> Void
    ) -> Bool {
        guard !keepsEarlierReport(than: report) else {
            tell()
            monitor.note("nothing was judged: \(reportPath) is still the report of an earlier run")
            return false
        }
        do {
            try write(report, cases: cases)
            dropEarlierReport()
            tell()
            return false
        } catch {
            restoreEarlierReport()
            tell()
            monitor.note("\(error); there is no report of this run but the text above")
            return true
        }
    }
}
