import Synchronization
import WSJudge
import WSReport
import WSRunFolder

/// Plays a run several times, and keeps of each case the worst try with its records.
package struct RepeatedRun: Sendable {
    /// How often the run is played.
    package let times: Int
    private let out: String
    private let gate: Gate
    private let stop: StopSwitch

    /// How many cases are named that differ between tries; each has its own line in the report.
    private static let mostNamed = 5

    /// Prepares a run.
    ///
    /// - Parameters:
    ///   - times: How often it is played.
    ///   - settings: Its settings, with the folder that the worst tries go to.
    ///   - stop: Ends the run early, and with it the repetition.
    package init(times: Int, settings: RunSettings, stoppedBy stop: StopSwitch) {
        self.times = times
        out = settings.out
        gate = settings.gate
        self.stop = stop
    }

    /// Plays the run until it was played often enough, or could not be completed.
    ///
    /// - Parameters:
    ///   - monitor: Receives the progress of each try; the same line only once.
    ///   - play: Plays the run once, into the folder that it is given.
    /// - Throws: What `play` throws, or `FileError`.
    /// - Returns: The results: those of the first try with the worst try of each case.
    package func run(
        _ monitor: some RunMonitor,
        _ play: (String, any RunMonitor) async throws -> [FinishedRun]
    ) async throws -> [FinishedRun] {
        guard times > 1 else { return try await play(out, monitor) }
        let once = OnceMonitor(monitor)
        let first = try await play(out, once)
        guard first.count == 1, let run = first.first, run.report.footer.complete else { return first }
        var worst = WorstTries(run)
        let folder = RunFolder(path: FileSystem.join(out, "try"))
        for number in 2...times where worst.isComplete && !stop.isStopped {
            let room = folder.ledger.room
            let next = try await play(folder.path, once)
            // The records of the try leave again, but for those that are copied.
            folder.ledger.restore(room: room)
            if let next = next.first { try worst.take(next, "try \(number) of \(times)") }
            try FileSystem.removeAll(folder.path)
        }
        if worst.isComplete, worst.count < times {
            worst.end("the run was ended by a signal behind try \(worst.count) of \(times)")
        }
        let report = worst.report(of: times)
        let differing = report.cases.filter { $0.tries != nil }
        if !differing.isEmpty {
            let named = differing.prefix(Self.mostNamed).map { entry in
                "\(entry.id) (\(entry.verdict.rawValue) in \(entry.tries?.share(of: entry.verdict) ?? ""))"
            }
            let more = differing.count > Self.mostNamed ? " and \(differing.count - Self.mostNamed) more" : ""
            let subject = differing.count == 1 ? "1 case differs" : "\(differing.count) cases differ"
            monitor.note("\(subject) between tries: \(named.joined(separator: ", "))\(more)")
        }
        return [FinishedRun(report: report, ending: nil, folder: run.folder, texts: worst.texts, gate: gate)]
    }
}

/// The worst try of each case so far.
private struct WorstTries {
    /// How many tries were complete.
    private(set) var count = 1
    /// The cases that are already encoded and unchanged, by id.
    private(set) var texts: [String: [UInt8]]
    /// Whether every try so far was complete.
    var isComplete: Bool { base.footer.complete }

    private var base: Report
    private let folder: RunFolder
    private var entries: [String: Report.Case]
    private var verdicts: [String: [Verdict]]
    private var requirements: [String: Report.Requirement] = [:]

    init(_ first: FinishedRun) {
        base = first.report
        folder = first.folder
        texts = first.texts
        entries = Dictionary(base.cases.map { ($0.id, $0) }, uniquingKeysWith: { one, _ in one })
        verdicts = entries.mapValues { [$0.verdict] }
    }

    /// Takes the worse cases of a try; of one that is not complete, only failures are certain.
    mutating func take(_ run: FinishedRun, _ name: String) throws(FileError) {
        let isComplete = run.report.footer.complete
        if let seconds = run.report.run?.durationSeconds { base.run?.durationSeconds += seconds }
        requirements.merge(run.report.requirements) { own, _ in own }
        for entry in run.report.cases where isComplete || entry.verdict == .fail {
            verdicts[entry.id, default: []].append(entry.verdict)
            guard let own = entries[entry.id], own.verdict < entry.verdict else { continue }
            entries[entry.id] = entry
            texts[entry.id] = nil
            if try !folder.replaceRecords(of: entry.id, from: run.folder) { entries[entry.id]?.transcript = nil }
        }
        guard isComplete else { return end("\(name): \(run.report.footer.reason ?? "it was not complete")") }
        count += 1
    }

    /// Marks the results as incomplete.
    mutating func end(_ reason: String) { base.footer = Report.Footer(complete: false, reason: reason) }

    /// The report of the worst tries.
    mutating func report(of times: Int) -> Report {
        var report = base
        report.options.tries = times
        for (id, all) in verdicts where Set(all).count > 1 {
            guard let entry = entries[id] else { continue }
            let tries = Report.Tries(all)
            let others = tries.verdicts.keys.filter { $0 != entry.verdict.rawValue }.sorted().joined(separator: " or ")
            let share = "\(tries.share(of: entry.verdict)), else \(others)"
            entries[id]?.tries = tries
            entries[id]?.reason = entry.reason.isEmpty ? "in \(share)" : "\(entry.reason); in \(share)"
            texts[id] = nil
        }
        report.replace(Array(entries.values), citing: requirements)
        return report
    }
}

/// Passes everything on to a monitor, but each line only once.
private final class OnceMonitor: RunMonitor {
    private let monitor: any RunMonitor
    private let told = Mutex<Set<String>>([])

    init(_ monitor: any RunMonitor) { self.monitor = monitor }

    func planned(_ count: Int) { monitor.planned(count) }
    func finished(_ id: String) { monitor.finished(id) }
    func ended() { monitor.ended() }
    func note(_ line: String) {
        if told.withLock({ $0.insert(line).inserted }) { monitor.note(line) }
    }
}
