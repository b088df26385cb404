import WSLimits
import WSReport
import WSRunFolder

/// A report that the command line names, by its file or by the folder of its run.
enum ReportFile {
    /// The path of the file.
    static func path(_ named: String) -> String {
        FileSystem.isFolder(named) ? RunFolder(path: named).reportPath : named
    }

    /// Reads a report.
    static func read(_ named: String) throws -> Report {
        let file = path(named)
        return try ReportText.decode(FileSystem.read(file, limit: Limits.reportFile), file: file)
    }
}
