import WSProcess
import WSRunner
import WSScenario

/// Deals with clients that do not connect: a few starts show whether any of them ever will.
extension CasesByLauncher {
    /// Records why a case has no connection, or keeps that until it is known whether the client connects at all.
    func noteMissing(_ course: Course, _ scenario: Scenario) async {
        let words = lastWords.removeValue(forKey: scenario.id) ?? ""
        guard !Task.isCancelled, !course.hasBegun else {
            return await record(scenario, .inconclusive("the run was ended before this was over"))
        }
        let what =
            course.exit.map { "ended with \($0) before it asked for the case\(words)" }
            ?? "runs but did not ask for the case\(words)"
        if hasConnected {
            noteMissedInRow(what)
            await tell("absent", "\(launcher.name) \(what); \(mend)")
            return await record(scenario, .inconclusive("\(launcher.name) \(what)"))
        }
        absences.append((scenario, what))
        if absences.count >= Self.mostAbsences { giveUp("\(launcher.name) \(what)") }
    }

    /// Why nothing can be judged, in one line: no client has connected, and no more are started.
    ///
    /// - Returns: Nil if a client has connected, or if there were too few to tell; then each case has its own result.
    func absence() async -> String? {
        guard !hasConnected, !Task.isCancelled, let obstacle else {
            await recordAbsences()
            return nil
        }
        guard let last = absences.last, absences.count >= Self.mostAbsences else { return obstacle }
        let starts = "was started \(absences.count) times and never connected"
        return "\(launcher.commandLine) \(starts): it \(last.what); \(mend)"
    }

    /// Records the cases whose clients did not connect, because others have results.
    func recordAbsences() async {
        let kept = absences
        absences = []
        for (scenario, what) in kept { await record(scenario, .inconclusive("\(launcher.name) \(what)")) }
        if let first = kept.first { await tell("absent", "\(launcher.name) \(first.what); \(mend)") }
    }

    private var mend: String {
        launcher.namesAddress
            ? "it was given the address of the case, and has to open that"
            : "give it the address: {url} in its arguments, or WSCONFORM_URL"
    }
}

extension ClientSession.Stop {
    /// The line about a run that could not go on, or not begin.
    var trouble: String? {
        switch self {
        case .broken(let line), .absent(let line): line
        case .signal, .asked, .done: nil
        }
    }
}
