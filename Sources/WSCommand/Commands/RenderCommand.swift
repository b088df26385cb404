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
            wsconform render ./wsconform-report --format html,junit --out /tmp/results
            wsconform render */report.json --format html --out /tmp/matrix
            """
    )

    @Argument(help: "The reports, one for each peer.", completion: .json)
    var reports: [String]

    @Option(
        name: .customLong("format"),
        help: ArgumentHelp("The forms, with commas: \(Renderers.products).", valueName: "formats"),
        completion: Formats.completion,
        transform: Formats.list
    )
    var formats: [[String]]

    @Option(help: ArgumentHelp("The folder to write to.", valueName: "folder"), completion: .directory)
    var out: String

    func validate() throws {
        guard !reports.isEmpty else { throw ValidationError("no report given; name at least one report.json") }
        guard !reports.contains("") else {
            throw ValidationError("the path of a report is empty; name a report.json")
        }
        guard !out.isEmpty else { throw ValidationError("--out is empty; name a folder") }
    }

    func run() throws {
        let read = try reports.map(ReportFile.read)
        for (path, report) in zip(reports, read) where !report.footer.complete {
            Console.tell("\(path): the run is incomplete: \(report.footer.reason ?? "cut short")")
        }
        do {
            try Formats.rendering(formats.flatMap(\.self)).write(read, to: out)
        } catch let error as RenderError {
            throw ValidationError(error.description)
        }
    }
}

/// The values of `--format`.
enum Formats {
    /// The help of the option where it is not needed.
    static let help = ArgumentHelp(
        "Write the report in other forms, too, beside report.json; with commas, may be repeated: \(Renderers.names).",
        valueName: "formats"
    )

    /// The names that a shell completes.
    static var completion: CompletionKind { .names(Renderers.all.map { $0.name }) }

    /// Checks names with commas between them.
    @Sendable
    static func list(_ text: String) throws -> [String] {
        do throws(RenderError) {
            return try Renderers.named(text).map { $0.name }
        } catch {
            guard case .unknownFormat(let name) = error,
                let meant = UsageHint.meant(name, Renderers.all.map { $0.name })
            else { throw ValidationError(error.description) }
            throw ValidationError("'\(name)' is no form of a report; did you mean '\(meant)'?")
        }
    }

    /// The renderers with these names, each once.
    static func rendering(_ names: [String]) -> Rendering {
        Rendering(Renderers.all.filter { names.contains($0.name) })
    }
}
