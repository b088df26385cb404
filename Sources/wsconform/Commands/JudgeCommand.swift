import ArgumentParser
import WSCatalogue
import WSJudge
import WSReport
import WSScenario

/// `wsconform judge`.
struct JudgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "Judge a recorded run anew.",
        discussion: """
            wsconform judge ./wsconform-report --out /tmp/again
            wsconform judge ./wsconform-report --profile autobahn --out /tmp/as-autobahn
            """
    )

    @Argument(help: "The folder of the run.")
    var folder: String

    @Option(help: ArgumentHelp("The folder for the new report and a copy of what was recorded.", valueName: "folder"))
    var out: String

    @Option(help: "Whose judgement becomes the verdict; default: as in the run.")
    var profile: Profile?

    @Flag(help: "Let missed recommendations count as findings.")
    var strict = false

    @Flag(help: "Print only the last line, and trouble.")
    var quiet = false

    @Flag(help: "Print without colour.")
    var noColor = false

    func validate() throws {
        guard !out.isEmpty else { throw ValidationError("--out is empty; name a folder") }
    }

    func run() throws {
        let source = RunFolder(path: folder)
        let target = RunFolder(path: out)
        guard FileSystem.isFolder(folder) else {
            throw ValidationError("\(folder) is no folder; name the --out of an earlier run")
        }
        guard FileSystem.resolved(folder) != FileSystem.resolved(out) else {
            throw ValidationError("--out \(out) is the run itself; name another folder")
        }
        let old = try source.readReport()
        try target.prepare()
        let report = try Rejudging(old: old, source: source, target: target, profile: profile).report()
        try target.write(report)
        let text = SummaryText(
            report,
            style: TextStyle(hasColour: Console.wantsColour(noColour: noColor)),
            isStrict: strict,
            isEmbedded: false,
            reportPath: target.reportPath,
            requirement: { RequirementTable.shared.requirement($0)?.summary }
        )
        Console.out(quiet ? text.lastLine : text.everything)
        let outcome: RunOutcome = report.footer.complete ? .complete : .troubled(report.footer.reason ?? "cut short")
        throw ExitCode(ExitStatus(of: report.summary, isStrict: strict, ending: outcome).rawValue)
    }
}
