import WSCatalogue
import WSJudge
import WSReport
import WSRunner
import WSScenario
import WSTranscript

/// Takes what a run tells: judges results as they come, writes their transcripts, and gathers the report.
actor RunLog {
    /// Where transcripts go.
    nonisolated let folder: RunFolder

    private var builder: ReportBuilder
    private var progress: ProgressLine
    private var server: String?
    private var trouble: FileError?

    private static let longestName = 120

    init(options: Report.Options, folder: RunFolder, progress: ProgressLine) {
        self.folder = folder
        self.progress = progress
        builder = ReportBuilder(options: options, reference: Judging.reference)
    }

    /// Takes one event.
    ///
    /// Called by the task of the run: once that is cancelled, conversations end because we end them, and what was
    /// recorded of them says nothing about the peer.
    func take(_ event: RunEvent) {
        guard !Task.isCancelled else { return }
        switch event {
        case .peer(let server):
            // It becomes a part of file names.
            self.server = server.flatMap { $0.isEmpty ? nil : String($0.prefix(Self.longestName)) }
        case .planned(let count):
            progress.begin(count)
        case .finished(let result):
            add(result)
            progress.finished()
        case .replaced(let result):
            add(result)
        case .note(let line):
            progress.clear()
            Console.error("wsconform: \(TextEscaping.escaped(line))\n")
        }
    }

    /// Takes the end of the run.
    func finish(_ ending: RunEnding) -> RunOutcome {
        progress.clear()
        switch ending {
        case .cancelled: return .cancelled
        case .unreachable(let line): return told(.unreachable(line), line)
        case .broken(let line): return told(.troubled(line), line)
        case .complete:
            // The trouble with a transcript has been told when it came.
            return trouble.map { .troubled($0.description) } ?? .complete
        }
    }

    /// The report of everything taken.
    func report(peer: (String?) -> Report.Peer, run: Report.Run, outcome: RunOutcome) -> Report {
        builder.report(
            tool: Report.Tool(version: Wsconform.version),
            roleUnderTest: .server,
            peer: peer(server),
            run: run,
            footer: outcome.footer
        )
    }

    private func told(_ outcome: RunOutcome, _ line: String) -> RunOutcome {
        Console.error("wsconform: \(TextEscaping.escaped(line))\n")
        return outcome
    }

    private func add(_ result: ConversationResult) {
        let id = result.scenario.id
        var path: String?
        if let transcript = result.transcript {
            do {
                try folder.write(transcript, of: id)
                path = RunFolder.transcriptPath(of: id)
            } catch {
                note(error)
            }
        }
        builder.add(
            JudgedScenario(
                scenario: result.scenario,
                judgement: Judging.judge(result),
                started: result.transcript.map { _ in Timestamp.utc(milliseconds: result.startedAtMilliseconds) },
                autobahnOrdinal: Judging.autobahnOrdinal(of: id),
                transcriptPath: path
            )
        )
    }

    /// Tells of trouble with files once: a full disk would tell it three hundred times.
    private func note(_ error: FileError) {
        guard trouble == nil else { return }
        trouble = error
        progress.clear()
        Console.error("wsconform: \(error)\n")
    }
}
