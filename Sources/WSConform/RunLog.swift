import WSCatalogue
import WSJudge
import WSLimits
import WSReport
import WSRunFolder
import WSRunner
import WSScenario
import WSTranscript

/// Takes what a run against a server tells: has results judged and their transcripts written beside the run.
///
/// The run goes on meanwhile: a server that is asked many things at once would otherwise idle while one is judged.
actor RunLog {
    /// Where transcripts go.
    nonisolated let folder: RunFolder

    /// Where results are judged; each holds its recording in memory until it is.
    private let work = SideWork(limit: Limits.waitingResults.value)
    private var results: PeerResults
    private let monitor: any RunMonitor
    private var server: String?

    private static let longestName = Limits.peerName.value

    init(results: PeerResults, monitor: any RunMonitor) {
        folder = results.folder
        self.results = results
        self.monitor = monitor
    }

    /// The cases as they stand in the report's file, by id.
    var texts: [String: [UInt8]] { results.texts }

    /// Takes one event.
    ///
    /// Called by the task of the run: once that is cancelled, conversations end because we end them, and what was
    /// recorded of them says nothing about the peer.
    func take(_ event: RunEvent) async {
        guard !Task.isCancelled else { return }
        switch event {
        case .peer(let server):
            // It becomes a part of file names.
            self.server = server.flatMap { $0.isEmpty ? nil : String($0.prefix(Self.longestName)) }
        case .planned(let count):
            monitor.planned(count)
        case .finished(let result):
            monitor.finished()
            await add(result)
        case .replaced(let result):
            await add(result)
        case .note(let line):
            monitor.note(results.maker.credentials.masked(line))
        case .quiet:
            await work.finish()
        }
    }

    /// Takes the end of the run, once everything is judged that came before it.
    func finish(_ ending: RunEnding) async -> RunOutcome {
        await work.finish()
        monitor.ended()
        if let line = folder.omissions { monitor.note(line) }
        switch ending {
        case .cancelled: return .cancelled
        case .unreachable(let line): return told(.unreachable(line), line)
        case .broken(let line): return told(.troubled(line), line)
        case .complete:
            // The trouble with a transcript has been told when it came.
            return results.trouble.map { .troubled($0.description) } ?? .complete
        }
    }

    /// The report of everything taken.
    func report(peer: (String?) -> Report.Peer, run: Report.Run, outcome: RunOutcome) -> Report {
        results.report(peer: peer(server), run: run, outcome: outcome)
    }

    private func told(_ outcome: RunOutcome, _ line: String) -> RunOutcome {
        monitor.note(results.maker.credentials.masked(line))
        return outcome
    }

    /// Has a result judged, and its transcript written.
    private func add(_ result: ConversationResult) async {
        let id = result.scenario.id
        let filing = results.filing
        await work.add(id) {
            let filed = filing.file(result, ordinal: Judging.autobahnOrdinal(of: id))
            return (filed, ReportText.encode(filed.entry))
        } handle: { filed, text in
            await self.keep(filed, text)
        }
    }

    private func keep(_ filed: CaseFiling.Filed, _ text: [UInt8]) {
        if let trouble = results.keep(filed, text: text) { monitor.note("\(trouble)") }
    }
}
