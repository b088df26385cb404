import WSCatalogue
import WSJudge
package import WSReport
package import WSRunner
import WSScenario
import WSTranscript

/// Files a result: writes its transcript and creates the case of the report.
package struct CaseFiling: Sendable {
    /// The folder for transcripts.
    package let folder: RunFolder
    /// Creates the case of the report.
    package let maker: ReportCaseMaker

    /// Creates a filing for a folder.
    package init(folder: RunFolder, maker: ReportCaseMaker) {
        self.folder = folder
        self.maker = maker
    }

    /// A result that was filed.
    package struct Filed: Sendable {
        /// The case of the report.
        package let entry: Report.Case
        /// Why the transcript could not be written; nil if it was.
        package let trouble: FileError?
    }

    /// Writes a result's transcripts and judges it.
    ///
    /// - Parameters:
    ///   - result: The result.
    ///   - ordinal: The scenario's position in Autobahn's list, from 1; 0 if it has none.
    ///   - recording: The path of its large runs of octets; nil if they are already in the folder.
    /// - Returns: The case, and what went wrong.
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
            judgement: Judging.judge(result, failByDrop: maker.options.failByDrop == true),
            started: result.transcript.map { _ in Timestamp.utc(milliseconds: result.startedAtMilliseconds) },
            autobahnOrdinal: ordinal,
            transcriptPath: path,
            autobahnTranscriptPath: second
        )
        if let transcript = result.transcript { judged.octets = Judging.octets(transcript, of: result.scenario) }
        var entry = maker.entry(of: judged)
        do {
            entry.scenario = try fileScenario(result.scenario)
        } catch {
            trouble = trouble ?? error
        }
        return Filed(entry: entry, trouble: trouble)
    }

    /// Writes a scenario that is not in the catalogue, so that the case can be judged and played again.
    ///
    /// - Returns: The path of its file in the folder; nil if there is none.
    private func fileScenario(_ scenario: Scenario) throws(FileError) -> String? {
        guard Catalogue.scenario(scenario.id) == nil, let octets = ScenarioFile.encode(scenario) else { return nil }
        try folder.takeOver()
        try folder.writeScenario(octets, of: scenario.id)
        return RunFolder.scenarioPath(of: scenario.id)
    }
}
