/// Why a report could not be written, in one line.
package struct ReportTrouble: Error, Sendable {
    /// The line.
    package var line: String

    /// Puts the line in.
    package init(_ line: String) {
        self.line = line
    }
}
