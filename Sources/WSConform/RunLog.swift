import WSCatalogue
import WSJudge
import WSLimits
import WSReport
import WSRunFolder
import WSRunner
import WSScenario
import WSTranscript

/// Receives the events of a run against a server: has results judged and transcripts written meanwhile.
///
/// The run continues meanwhile, or a server would be idle while a result is judged.
actor RunLog {
    /// The folder for transcripts.
    nonisolated let folder: RunFolder

    /// Judges results; each holds its record in memory until it is judged.
    private let work = SideWork(limit: Limits.waitingResults.value)
    private var results: PeerResults
    private let monitor: any RunMonitor
    private var server: String?
    /// What a handshake without the user's credentials came to; nil if none was tried.
    private var withoutCredentials: String?

    private static let longestName = Limits.peerName.value

    init(results: PeerResults, monitor: any RunMonitor) {
        folder = results.folder
        self.results = results
        self.monitor = monitor
    }

    /// The encoded cases, by id.
    var texts: [String: [UInt8]] { results.texts }

    /// Handles one event.
    ///
    /// The task of the run calls it. After its cancellation, we end the conversations ourselves, and their records say
    /// nothing about the peer.
    func take(_ event: RunEvent) async {
        guard !Task.isCancelled else { return }
        switch event {
        case .peer(let server):
            // The name becomes part of file names.
            self.server = server.flatMap { $0.isEmpty ? nil : String($0.prefix(Self.longestName)) }
        case .withoutCredentials(_, let line):
            withoutCredentials = results.maker.credentials.masked(line)
        case .planned(let count):
            monitor.planned(count)
        case .finished(let result):
            monitor.finished(result.scenario.id)
            await add(result)
        case .replaced(let result):
            await add(result)
        case .note(let line):
            monitor.note(results.maker.credentials.masked(line))
        case .quiet:
            await work.finish()
        }
    }

    /// Handles the end of the run, after all earlier results were judged.
    func finish(_ ending: RunEnding) async -> RunOutcome {
        await work.finish()
        monitor.ended()
        if let line = folder.omissions { monitor.note(line) }
        switch ending {
        case .cancelled: return .cancelled
        case .unreachable(let line): return told(.unreachable(line), line)
        case .broken(let line): return told(.troubled(line), line)
        case .complete:
            // An error with a transcript was already reported.
            return results.trouble.map { .troubled($0.description) } ?? .complete
        }
    }

    /// The report of all results.
    func report(peer: (String?) -> Report.Peer, run: Report.Run, outcome: RunOutcome) -> Report {
        var peer = peer(server)
        peer.withoutCredentials = withoutCredentials
        return results.report(peer: peer, run: run, outcome: outcome)
    }

    private func told(_ outcome: RunOutcome, _ line: String) -> RunOutcome {
        monitor.note(results.maker.credentials.masked(line))
        return outcome
    }

    /// Has a result judged and its transcript written.
    private func add(_ result: ConversationResult) async {
        let id = result.scenario.id
        results.noteSecurity(of: result)
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
