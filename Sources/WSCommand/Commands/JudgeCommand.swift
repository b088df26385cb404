import ArgumentParser
import WSConform
import WSJudge
import WSReport
import WSRunFolder
import WSScenario

/// The command `wsconform judge`.
struct JudgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "Judge a recorded run anew.",
        discussion: """
            wsconform judge ./wsconform-report --out /tmp/again
            wsconform judge ./wsconform-report --profile autobahn --fail-by-drop --out /tmp/as-autobahn
            """
    )

    @Argument(help: "The folder of the run.", completion: .directory)
    var folder: String

    @Option(
        help: ArgumentHelp("The folder for the new report and a copy of what was recorded.", valueName: "folder"),
        completion: .directory
    )
    var out: String

    @Option(help: "Whose judgement becomes the verdict; default: as in the run.")
    var profile: Profile?

    @Flag(
        help: "Take Autobahn's verdicts from a tester that fails connections by dropping TCP; default: as in the run."
    )
    var failByDrop = false

    @OptionGroup(title: "What counts")
    var gate: GateOptions

    @Option(name: .customLong("format"), help: Formats.help, completion: Formats.completion, transform: Formats.list)
    var formats: [[String]] = []

    @Flag(help: "Print only the last line, and trouble.")
    var quiet = false

    @Flag(help: "Print without colour.")
    var noColor = false

    func validate() throws {
        guard !folder.isEmpty else {
            throw ValidationError("the run's folder is empty; name the --out of an earlier run")
        }
        guard !out.isEmpty else { throw ValidationError("--out is empty; name a folder") }
    }

    func run() async throws {
        let source = RunFolder(path: folder)
        let target = RunFolder(path: out)
        guard FileSystem.isFolder(folder) else {
            throw ValidationError("\(folder) is no folder; name the --out of an earlier run")
        }
        try checkPlaces()
        var old = try source.readReport()
        let gate = try gate.gate(testing: old.roleUnderTest, asIn: old.options)
        gate.note(in: &old.options)
        if failByDrop { old.options.failByDrop = true }
        try target.prepare()
        let stop = StopSwitch()
        let signals = await Signals { stop.stop() }
        let monitor = ConsoleMonitor(showsProgress: false)
        let judging = Rejudging(old: old, source: source, target: target, profile: profile)
        let (report, trouble, ofOtherPace) = judging.report { stop.isStopped }
        if let trouble { monitor.note("\(trouble)") }
        if let first = ofOtherPace.first {
            let count = ofOtherPace.count == 1 ? "1 case was" : "\(ofOtherPace.count) cases were"
            monitor.note("\(count) played at another pace than today, first \(first); judged by what was recorded")
        }
        if let line = judging.unlisted { monitor.note(line) }
        if let line = target.omissions { monitor.note(line) }
        let run = FinishedRun(report: report, ending: stop.isStopped ? .cancelled : nil, folder: target, gate: gate)
        let rendering = Formats.rendering(formats.flatMap(\.self))
        let status = run.deliver(as: rendering, monitor) { isWritten in
            Console.summarise(run, isWritten: isWritten, out: out, quiet: quiet, noColour: noColor)
        }
        signals.cancel()
        throw ExitCode((trouble != nil ? status.withTrouble : status).rawValue)
    }

    /// Refuses a folder for the new report if writing there could replace what is judged.
    private func checkPlaces() throws {
        let (run, place) = (FileSystem.place(of: folder), FileSystem.place(of: out))
        guard run != place else {
            throw ValidationError("--out \(out) is the run itself; name another folder")
        }
        guard !place.hasPrefix(FileSystem.join(run, "")) else {
            throw ValidationError("--out \(out) lies inside the run \(folder); name a folder outside of both")
        }
        guard !run.hasPrefix(FileSystem.join(place, "")) else {
            throw ValidationError("--out \(out) contains the run \(folder); name a folder outside of both")
        }
    }
}
