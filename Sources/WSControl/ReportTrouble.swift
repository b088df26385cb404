/// Why a report could not be written, in one line.
package struct ReportTrouble: Error, Sendable {
    /// The line.
    package var line: String

    /// Creates an error with this line.
    package init(_ line: String) {
        self.line = line
    }
}
