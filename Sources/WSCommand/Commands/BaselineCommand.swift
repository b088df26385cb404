import ArgumentParser
import WSConform
import WSGate
import WSLimits
import WSReport
import WSRunFolder

/// The command `wsconform baseline`.
struct BaselineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline",
        abstract: "Write down what is known to fail, for --baseline.",
        discussion: """
            wsconform baseline init ./wsconform-report/report.json --out wsconform-baseline.json
            wsconform server ws://127.0.0.1:9001 --baseline wsconform-baseline.json
            wsconform baseline update wsconform-baseline.json ./wsconform-report/report.json

            Each entry is a line: a pattern (a case such as closing/code/*, a requirement such as RFC9112-3.2-06, or a \
            cause as reports name it), the reason why it stays, and if you like a link, a day until which it holds, and \
            atMost, how many cases it allows. Whatever else fails is new.
            """,
        subcommands: [Init.self, Update.self]
    )

    /// The command `wsconform baseline init`.
    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "init",
            abstract: "Write a baseline of everything that counts in a report.",
            discussion: """
                wsconform baseline init ./wsconform-report --out wsconform-baseline.json
                """
        )

        @Argument(help: "The report, or the folder with it.", completion: .json)
        var report: String

        @Option(help: ArgumentHelp("The file to write; it must not exist yet.", valueName: "file"), completion: .json)
        var out: String

        func run() throws {
            let report = try ReportFile.read(report)
            guard !FileSystem.exists(out) else {
                throw ValidationError("\(out) exists; change it with wsconform baseline update, or name another file")
            }
            let baseline = Baseline.begun(with: report, file: out)
            try FileSystem.replace(out, with: BaselineText.encode(baseline))
            let count = baseline.entries.count
            Console.out(
                count == 0
                    ? "\(out): nothing counts in this report, so nothing is expected\n"
                    : "\(out): \(count == 1 ? "1 entry" : "\(count) entries"); replace \"to be explained\" by why each stays, "
                        + "and name the file with --baseline, or as \"baseline\" in \(Invocation.standardFile)\n"
            )
        }
    }

    /// The command `wsconform baseline update`.
    struct Update: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "update",
            abstract: "Bring a baseline to the state of a report; reasons stay.",
            discussion: """
                wsconform baseline update wsconform-baseline.json ./wsconform-report
                """
        )

        @Argument(help: "The baseline; it is replaced.", completion: .json)
        var file: String

        @Argument(help: "The report, or the folder with it.", completion: .json)
        var report: String

        func run() throws {
            let report = try ReportFile.read(report)
            let baseline = try BaselineText.decode(FileSystem.read(file, limit: Limits.reportFile), file: file)
            guard !baseline.isOfReport else {
                throw ValidationError("\(file) is a report, which nothing is added to; name a file of baseline init")
            }
            if let mismatch = baseline.mismatch(report) {
                throw ValidationError("\(file) \(mismatch); name another report, or correct what it says of its peer")
            }
            guard report.footer.complete else {
                throw ValidationError("the run of this report is incomplete; name the report of a whole run")
            }
            let update = baseline.updated(with: report, among: .all(testing: report.roleUnderTest))
            try FileSystem.replace(file, with: BaselineText.encode(update.baseline))
            let lines = [("dropped", update.dropped), ("added", update.added), ("changed", update.changed)]
                .flatMap { word, patterns in patterns.map { "\(word)  \($0)\n" } }
            let count = update.baseline.entries.count
            Console.out(lines.joined() + "\(file): \(count == 1 ? "1 entry" : "\(count) entries")\n")
        }
    }
}
