import WSJudge
package import WSReport
package import WSRunner
import WSScenario
import WSTranscript

/// Makes of a result what stays of it: the transcript in its file, and the case of the report.
package struct CaseFiling: Sendable {
    /// Where transcripts go.
    package let folder: RunFolder
    /// Makes the case of the report.
    package let maker: ReportCaseMaker

    /// Files cases in a folder.
    package init(folder: RunFolder, maker: ReportCaseMaker) {
        self.folder = folder
        self.maker = maker
    }

    /// What was made of a result.
    package struct Filed: Sendable {
        /// The case.
        package let entry: Report.Case
        /// What kept the transcript from being written.
        package let trouble: FileError?
    }

    /// Writes what was recorded and judges it.
    ///
    /// - Parameters:
    ///   - result: the result.
    ///   - ordinal: the scenario's position in Autobahn's list, counted from 1; 0 where it has none.
    ///   - recording: where its large octet runs are; nil where they are in the folder already.
    /// - Returns: the case, and what went wrong.
    package func file(_ result: ConversationResult, ordinal: Int, recording: String? = nil) -> Filed {
        let id = result.scenario.id
        var path: String?
        var second: String?
        var trouble: FileError?
        if let transcript = result.transcript {
            do {
                try folder.takeOver()
                let isKept =
                    if let recording {
                        try folder.write(transcript, of: id, sidecarAt: recording)
                    } else {
                        try folder.write(transcript, of: id)
                    }
                path = isKept ? RunFolder.transcriptPath(of: id) : nil
                try folder.writeAutobahn(isKept ? result.autobahnTranscript : nil, of: id)
                if isKept, result.autobahnTranscript != nil { second = RunFolder.autobahnTranscriptPath(of: id) }
            } catch {
                trouble = error
            }
        }
        var judged = JudgedScenario(
            scenario: result.scenario,
            judgement: Judging.judge(result),
            started: result.transcript.map { _ in Timestamp.utc(milliseconds: result.startedAtMilliseconds) },
            autobahnOrdinal: ordinal,
            transcriptPath: path,
            autobahnTranscriptPath: second
        )
        if let transcript = result.transcript { judged.octets = Judging.octets(transcript, of: result.scenario) }
        return Filed(entry: maker.entry(of: judged), trouble: trouble)
    }
}
