import ArgumentParser
import WSGate
import WSRender
import WSReport

/// The command `wsconform diff`.
struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what differs between two reports.",
        discussion: """
            wsconform diff before/report.json after/report.json

            Of two runs of one peer, or of two peers. Exit status: 0 if nothing is worse, 1 if something is.
            """
    )

    @Argument(help: "The earlier report, or the folder with it.", completion: .json)
    var old: String

    @Argument(help: "The later report, or the folder with it.", completion: .json)
    var new: String

    @Flag(help: "Print without colour.")
    var noColor = false

    func run() throws {
        let (first, second) = (try ReportFile.read(old), try ReportFile.read(new))
        guard first.roleUnderTest == second.roleUnderTest else {
            throw ValidationError(
                "\(old) is of a \(first.roleUnderTest.rawValue) and \(new) of a \(second.roleUnderTest.rawValue); name two of a kind"
            )
        }
        for (path, report) in [(old, first), (new, second)] where !report.footer.complete {
            Console.tell("\(path): the run is incomplete: \(report.footer.reason ?? "cut short")")
        }
        let comparison = ReportComparison(first, second)
        Console.out(
            ComparisonText(
                comparison,
                first,
                second,
                style: TextStyle(hasColour: Console.wantsColour(noColour: noColor))
            ).text
        )
        if comparison.isWorse { throw ExitCode(ExitStatus.findings.rawValue) }
    }
}
