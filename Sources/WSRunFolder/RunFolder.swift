import FoundationEssentials
import WSLimits
package import WSReport
package import WSTranscript

/// The folder of a run: `report.json`, and below `transcripts/` what was recorded.
package struct RunFolder: Sendable {
    /// Where it is.
    package let path: String
    /// What all folders of the run share.
    package let ledger: RunLedger

    /// Names a folder; nothing is made yet.
    package init(path: String, ledger: RunLedger = .ofThisProcess) {
        self.path = path
        self.ledger = ledger
    }

    /// The path of the report.
    package var reportPath: String { FileSystem.join(path, "report.json") }

    /// The path of what a target that we started wrote to standard error.
    package var targetLogPath: String { FileSystem.join(path, "target.log") }

    /// What a run writes into its folder besides the report.
    private static let parts = ["transcripts", "logs", "recording"]
    private static let endings = [".ndjson", ".bin", ".log", ".partial"]

    /// Makes the folder and shows that it can be written, before anything is run.
    ///
    /// What an earlier run left stays as it is until ``takeOver()``.
    package func prepare() throws(FileError) {
        try FileSystem.createFolder(path)
        for part in Self.parts where FileSystem.isLink(FileSystem.join(path, part)) {
            let link = FileSystem.join(path, part)
            throw FileError(path: link, problem: "is a link, which is not followed; \(FileSystem.writeMend)")
        }
        // A run that was killed has left it there.
        restoreEarlierReport()
        let trial = FileSystem.join(path, ".wsconform")
        try FileSystem.replace(trial, with: [])
        // The disk's own clock says what is older than this run.
        if let now = FileSystem.changed(trial) { ledger.begin(path, at: now) }
        try FileSystem.remove(trial)
    }

    /// Takes away what an earlier run recorded, and puts its report aside until there is another.
    ///
    /// Called before the first result is written, so that a run that achieves nothing replaces nothing, and whoever
    /// finds a report beside new results finds that of this run. Only the first call does something.
    package func takeOver() throws(FileError) {
        guard let moment = ledger.endBeginning(path) else { return }
        if FileSystem.exists(reportPath) { try FileSystem.move(reportPath, to: earlierPath) }
        for part in Self.parts {
            let folder = FileSystem.join(path, part)
            FileSystem.removeFiles(below: folder, endingIn: Self.endings, before: moment)
        }
    }

    /// Where the report of an earlier run is while this one has none.
    private var earlierPath: String { FileSystem.join(path, "report.json.earlier") }

    /// Puts the report of an earlier run back where none of this run is.
    package func restoreEarlierReport() {
        guard FileSystem.exists(earlierPath), !FileSystem.exists(reportPath) else { return }
        try? FileSystem.move(earlierPath, to: reportPath)
    }

    /// Takes the report of an earlier run away: there is one of this run.
    package func dropEarlierReport() {
        try? FileSystem.remove(earlierPath)
    }

    /// What was left out of the folder because there was no room for it; nil where nothing was.
    package var omissions: String? {
        let count = ledger.omitted
        guard count > 0 else { return nil }
        return "\(Limits.transcripts) is reached: \(count == 1 ? "1 case has" : "\(count) cases have") no transcript"
    }

    /// Whether an earlier report is worth more than a new one: a run that judged nothing replaces nothing.
    package func keepsEarlierReport(than report: Report) -> Bool {
        report.summary.judged == 0 && !report.footer.complete && FileSystem.exists(reportPath)
    }

    /// The path of a case's transcript, as the report has it.
    package static func transcriptPath(of id: String) -> String { "transcripts/\(id).ndjson" }

    /// The path of what was recorded when a case was played once more with Autobahn's own waits.
    package static func autobahnTranscriptPath(of id: String) -> String { "transcripts/\(id).autobahn.ndjson" }

    private static func sidecarPath(of id: String) -> String { "transcripts/\(id).bin" }

    /// The store for the large octet runs of one case.
    package func makeSidecar(for id: String) -> any SidecarStore {
        FileSidecar(newAt: FileSystem.join(path, Self.sidecarPath(of: id)), ledger: ledger)
    }

    /// Writes a case's transcript.
    ///
    /// - Returns: whether there was room for it.
    @discardableResult
    package func write(_ transcript: Transcript, of id: String) throws(FileError) -> Bool {
        let file = FileSystem.join(path, Self.transcriptPath(of: id))
        let text = TranscriptText.encode(transcript)
        guard ledger.take(text.count) else {
            ledger.omit()
            (transcript.sidecar as? FileSidecar)?.discard()
            // What an earlier conversation of the case has left would be taken for this one's.
            for path in [file, FileSystem.join(path, Self.sidecarPath(of: id))] { try FileSystem.remove(path) }
            return false
        }
        do throws(FileError) {
            try FileSystem.createFolder(FileSystem.folder(of: file))
            try FileSystem.replace(file, with: text)
        } catch {
            ledger.giveBack(text.count)
            (transcript.sidecar as? FileSidecar)?.discard()
            try? FileSystem.remove(FileSystem.join(path, Self.sidecarPath(of: id)))
            throw error
        }
        if let sidecar = transcript.sidecar as? FileSidecar, !sidecar.isUsed {
            // What an earlier run may have left belongs to no transcript any more.
            try FileSystem.remove(FileSystem.join(path, Self.sidecarPath(of: id)))
        }
        return true
    }

    /// Writes a case's transcript, whose large octet runs were recorded elsewhere.
    package func write(_ transcript: Transcript, of id: String, sidecarAt path: String) throws(FileError) -> Bool {
        if let sidecar = transcript.sidecar as? FileSidecar, sidecar.isUsed, FileSystem.exists(path) {
            try FileSystem.move(path, to: FileSystem.join(self.path, Self.sidecarPath(of: id)))
        }
        return try write(transcript, of: id)
    }

    /// Writes what was recorded when a case was played with Autobahn's own waits; removes it where it was not.
    package func writeAutobahn(_ transcript: Transcript?, of id: String) throws(FileError) {
        let file = FileSystem.join(path, Self.autobahnTranscriptPath(of: id))
        guard let transcript else { return try FileSystem.remove(file) }
        let text = TranscriptText.encode(transcript)
        guard ledger.take(text.count) else {
            ledger.omit()
            return try FileSystem.remove(file)
        }
        try FileSystem.replace(file, with: text)
    }

    /// The path of what a command wrote to standard error while it played a case.
    package func clientLogPath(of id: String) -> String { FileSystem.join(path, "logs/\(id).log") }

    /// Gives what was recorded, and the report if there is one, to another folder.
    ///
    /// It takes the place of what an earlier run has left there.
    package func move(to other: RunFolder) throws(FileError) {
        for entry in Self.entries {
            let source = FileSystem.join(path, entry)
            let place = FileSystem.join(other.path, entry)
            try FileSystem.removeAll(place)
            guard FileSystem.exists(source) else { continue }
            try FileSystem.move(source, to: place)
        }
        // The folder has no report of its own any more, and must not get an old one back.
        dropEarlierReport()
    }

    /// What a run leaves in its folder.
    private static let entries = ["transcripts", "logs", "report.json"]

    /// Writes the report; those of its cases that are text already go in as they are, by id.
    package func write(_ report: Report, cases: [String: [UInt8]] = [:]) throws(FileError) {
        try FileSystem.replace(reportPath, with: ReportText.encode(report, cases: cases))
    }

    /// Reads the report.
    package func readReport() throws -> Report {
        try ReportText.decode(
            FileSystem.read("report.json", in: path, limit: Limits.reportFile),
            file: reportPath
        )
    }

    /// Whether there is a transcript of a case.
    package func hasTranscript(of id: String) -> Bool {
        FileSystem.exists(FileSystem.join(path, Self.transcriptPath(of: id)))
    }

    /// Reads a case's transcript, with its sidecar if it has one; no link is followed.
    package func readTranscript(of id: String) throws(FileError) -> Transcript {
        let bin = Self.sidecarPath(of: id)
        let sidecar = FileSystem.exists(FileSystem.join(path, bin)) ? try FileSidecar(existing: bin, in: path) : nil
        return try readTranscript(Self.transcriptPath(of: id), sidecar)
    }

    /// Reads what was recorded when a case was played once more with Autobahn's own waits; nil where it was not.
    package func readAutobahnTranscript(of id: String) throws(FileError) -> Transcript? {
        let entry = Self.autobahnTranscriptPath(of: id)
        return FileSystem.exists(FileSystem.join(path, entry)) ? try readTranscript(entry, nil) : nil
    }

    private func readTranscript(_ entry: String, _ sidecar: FileSidecar?) throws(FileError) -> Transcript {
        let octets = try FileSystem.read(entry, in: path, limit: Limits.transcriptFile)
        do {
            return try TranscriptText.decode(Data(octets), sidecar: sidecar)
        } catch {
            throw FileError(path: FileSystem.join(path, entry), problem: error.description)
        }
    }

    /// Copies what was recorded of a case from another run; no link is followed.
    package func copyTranscript(of id: String, from other: RunFolder) throws(FileError) {
        for entry in [Self.transcriptPath(of: id), Self.sidecarPath(of: id), Self.autobahnTranscriptPath(of: id)] {
            guard FileSystem.exists(FileSystem.join(other.path, entry)) else { continue }
            let place = FileSystem.join(path, entry)
            try FileSystem.createFolder(FileSystem.folder(of: place))
            _ = try FileSystem.copy(entry, in: other.path, to: place, atMost: Limits.transcripts.value)
        }
    }
}
