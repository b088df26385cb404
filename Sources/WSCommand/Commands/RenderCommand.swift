import ArgumentParser
import WSConform
import WSLimits
import WSRender
import WSReport
import WSRunFolder

/// The command `wsconform render`.
struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Write reports in another form.",
        discussion: """
            wsconform render ./wsconform-report/report.json --format autobahn --out /tmp/autobahn
            wsconform render */report.json --format autobahn --out /tmp/autobahn
            """
    )

    /// The output formats.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        /// The JSON files of Autobahn|Testsuite.
        case autobahn
    }

    @Argument(help: "The reports, one for each peer.")
    var reports: [String]

    @Option(help: "The form.")
    var format: Format

    @Option(help: ArgumentHelp("The folder to write to.", valueName: "folder"))
    var out: String

    func validate() throws {
        guard !reports.isEmpty else { throw ValidationError("no report given; name at least one report.json") }
        guard !reports.contains("") else {
            throw ValidationError("the path of a report is empty; name a report.json")
        }
        guard !out.isEmpty else { throw ValidationError("--out is empty; name a folder") }
    }

    func run() throws {
        let read = try reports.map { path in
            let file = FileSystem.isFolder(path) ? FileSystem.join(path, "report.json") : path
            return try ReportText.decode(FileSystem.read(file, limit: Limits.reportFile), file: file)
        }
        for (path, report) in zip(reports, read) where !report.footer.complete {
            Console.tell("\(path): the run is incomplete: \(report.footer.reason ?? "cut short")")
        }
        let files = try rendered(read)
        try FileSystem.createFolder(out)
        for file in files {
            try FileSystem.replace(FileSystem.join(out, file.path), with: file.octets)
        }
    }

    private func rendered(_ reports: [Report]) throws -> [RenderedFile] {
        do {
            switch format {
            case .autobahn: return try AutobahnRenderer.render(reports)
            }
        } catch {
            throw ValidationError(error.description)
        }
    }
}
