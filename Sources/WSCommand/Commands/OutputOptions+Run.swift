import WSConform
import WSRender
import WSReport
import WSScenario

extension OutputOptions {
    /// The settings of a run, including the other options of the command line.
    func settings(
        _ role: Report.RoleUnderTest,
        _ selection: SelectionOptions,
        _ sizes: SizeOptions,
        _ jobs: Int,
        _ timeout: SilenceLimit,
        _ effort: Effort,
        _ seed: UInt64
    ) throws -> RunSettings {
        var settings = RunSettings(out: out)
        settings.selection = selection.selection
        settings.jobs = jobs
        settings.timeout = timeout
        settings.effort = effort
        settings.seed = seed
        settings.maximumMessage = sizes.maxMessage.octets
        settings.peerLimit = sizes.peerLimit?.octets
        settings.profile = profile
        settings.failByDrop = failByDrop
        settings.configuration = ConfigurationUse.current
        settings.gate = try gate.gate(testing: role)
        settings.require = require
        settings.agent = agent
        return settings
    }

    /// Writes the reports of a run and prints the summaries.
    ///
    /// - Returns: The exit status.
    func deliver(_ finished: [FinishedRun], _ monitor: ConsoleMonitor) -> ExitStatus {
        if let job = Console.gitHubActions {
            let reports = finished.map(\.report)
            Console.commands(job.annotations(of: reports))
            job.summarise(reports, monitor)
        }
        let rendering = Formats.rendering(formats.flatMap(\.self))
        return ExitStatus.worst(
            finished.map { run in
                run.deliver(as: rendering, monitor) { isWritten in
                    Console.summarise(run, isWritten: isWritten, out: out, quiet: quiet, noColour: noColor)
                }
            }
        )
    }
}
