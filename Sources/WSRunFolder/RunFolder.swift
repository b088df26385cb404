import WSLimits
package import WSReport
package import WSTranscript

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The folder of a run: `report.json`, and the records in `transcripts/`.
package struct RunFolder: Sendable {
    /// The path of the folder.
    package let path: String
    /// The state that all folders of the run share.
    package let ledger: RunLedger

    /// Creates a description of a folder; nothing is created on the disk yet.
    package init(path: String, ledger: RunLedger = .ofThisProcess) {
        self.path = path
        self.ledger = ledger
    }

    /// The path of the report.
    package var reportPath: String { FileSystem.join(path, "report.json") }

    /// The path of the standard error output of a supervised target.
    package var targetLogPath: String { FileSystem.join(path, "target.log") }

    /// What a run writes into its folder, except the report.
    private static let parts = ["transcripts", "logs", "recording", "scenarios"]
    private static let endings = [".ndjson", ".bin", ".log", ".partial", ".json"]

    /// Creates the folder and checks that it can be written, before anything runs; other runs may not use it then.
    ///
    /// The files of an earlier run stay until ``takeOver()``.
    package func prepare() throws(FileError) {
        try FileSystem.createFolder(path)
        try ledger.hold(path)
        for part in Self.parts where FileSystem.isLink(FileSystem.join(path, part)) {
            let link = FileSystem.join(path, part)
            throw FileError(path: link, problem: "is a link, which is not followed; \(FileSystem.writeMend)")
        }
        // A run that was killed may have left it aside.
        restoreEarlierReport()
        let trial = FileSystem.join(path, ".wsconform")
        try FileSystem.replace(trial, with: [])
        // The disk's own clock decides which files are older than this run.
        if let now = FileSystem.changed(trial) { ledger.begin(path, at: now) }
        try FileSystem.remove(trial)
    }

    /// Removes the records of an earlier run, and puts its report aside until this run has one.
    ///
    /// The folders of the records stay, because another task may just write into one of them.
    ///
    /// It is called before the first result is written. So a run without results replaces nothing, and a report beside
    /// new records is always that of the same run. Only the first call has an effect.
    package func takeOver() throws(FileError) {
        guard let moment = ledger.endBeginning(path) else { return }
        if FileSystem.exists(reportPath) { try FileSystem.move(reportPath, to: earlierPath) }
        for part in Self.parts {
            let folder = FileSystem.join(path, part)
            FileSystem.removeFiles(below: folder, endingIn: Self.endings, before: moment)
        }
    }

    /// The path of an earlier report while this run has none.
    private var earlierPath: String { FileSystem.join(path, "report.json.earlier") }

    /// Restores the earlier report if this run has none.
    package func restoreEarlierReport() {
        guard FileSystem.exists(earlierPath), !FileSystem.exists(reportPath) else { return }
        try? FileSystem.move(earlierPath, to: reportPath)
    }

    /// Removes the earlier report and the folders that are empty since its records are gone, because this run is done.
    package func dropEarlierReport() {
        try? FileSystem.remove(earlierPath)
        for part in Self.parts { FileSystem.removeEmptyFolders(below: FileSystem.join(path, part)) }
    }

    /// What was not stored because there was no room; nil if everything was.
    package var omissions: String? {
        let count = ledger.omitted
        guard count > 0 else { return nil }
        return "\(Limits.transcripts) is reached: \(count == 1 ? "1 case has" : "\(count) cases have") no transcript"
    }

    /// Whether an earlier report stays, because the new one has no judged cases.
    package func keepsEarlierReport(than report: Report) -> Bool {
        report.summary.judged == 0 && !report.footer.complete && FileSystem.exists(reportPath)
    }

    /// The path of a case's transcript as the report has it.
    package static func transcriptPath(of id: String) -> String { "transcripts/\(id).ndjson" }

    /// The path of the record of the second play, with Autobahn's own waits.
    package static func autobahnTranscriptPath(of id: String) -> String { "transcripts/\(id).autobahn.ndjson" }

    private static func sidecarPath(of id: String) -> String { "transcripts/\(id).bin" }

    /// Creates the store for the large runs of octets of a case.
    package func makeSidecar(for id: String) -> any SidecarStore {
        FileSidecar(newAt: FileSystem.join(path, Self.sidecarPath(of: id)), ledger: ledger)
    }

    /// Writes a case's transcript.
    ///
    /// - Returns: Whether there was room for it.
    @discardableResult
    package func write(_ transcript: Transcript, of id: String) throws(FileError) -> Bool {
        let file = FileSystem.join(path, Self.transcriptPath(of: id))
        let text = TranscriptText.encode(transcript)
        guard ledger.take(text.count) else {
            ledger.omit()
            (transcript.sidecar as? FileSidecar)?.discard()
            // Files of an earlier conversation of the case would be taken for this one's.
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
            // A sidecar of an earlier run belongs to no transcript any more.
            try FileSystem.remove(FileSystem.join(path, Self.sidecarPath(of: id)))
        }
        return true
    }

    /// Writes a case's transcript whose sidecar was recorded in another place.
    package func write(_ transcript: Transcript, of id: String, sidecarAt path: String) throws(FileError) -> Bool {
        if let sidecar = transcript.sidecar as? FileSidecar, sidecar.isUsed, FileSystem.exists(path) {
            try FileSystem.move(path, to: FileSystem.join(self.path, Self.sidecarPath(of: id)))
        }
        return try write(transcript, of: id)
    }

    /// Writes the record of a case's second play, with Autobahn's own waits; removes an old one if there is none.
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

    /// The path of the standard error output of the command that played a case.
    package func clientLogPath(of id: String) -> String { FileSystem.join(path, "logs/\(id).log") }

    /// Moves the records, and the report if there is one, to another folder.
    ///
    /// They replace those of an earlier run there.
    package func move(to other: RunFolder) throws(FileError) {
        for entry in Self.entries {
            let source = FileSystem.join(path, entry)
            let place = FileSystem.join(other.path, entry)
            try FileSystem.removeAll(place)
            guard FileSystem.exists(source) else { continue }
            try FileSystem.move(source, to: place)
        }
        // This folder has no report any more, and must not get an old one back.
        dropEarlierReport()
    }

    /// The entries that a run leaves in its folder.
    private static let entries = ["transcripts", "logs", "scenarios", "report.json"]

    /// Writes the report; cases that are already encoded are inserted as they are, by id.
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

    /// Whether a case has a transcript.
    package func hasTranscript(of id: String) -> Bool {
        FileSystem.exists(FileSystem.join(path, Self.transcriptPath(of: id)))
    }

    /// Reads a case's transcript and its sidecar, if it has one; links are not followed.
    package func readTranscript(of id: String) throws(FileError) -> Transcript {
        let bin = Self.sidecarPath(of: id)
        let sidecar = FileSystem.exists(FileSystem.join(path, bin)) ? try FileSidecar(existing: bin, in: path) : nil
        return try readTranscript(Self.transcriptPath(of: id), sidecar)
    }

    /// Reads the record of a case's second play, with Autobahn's own waits; nil if there is none.
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

    /// Copies a case's records from another run, as far as there is room; links are not followed.
    ///
    /// - Returns: Whether there was room for them.
    package func copyTranscript(of id: String, from other: RunFolder) throws(FileError) -> Bool {
        var parts: [(entry: String, size: Int)] = []
        for entry in [Self.transcriptPath(of: id), Self.sidecarPath(of: id), Self.autobahnTranscriptPath(of: id)] {
            guard FileSystem.exists(FileSystem.join(other.path, entry)) else { continue }
            if entry == Self.sidecarPath(of: id), !other.usesSidecar(id) { continue }
            parts.append((entry, try OpenFile(reading: entry, in: other.path).size))
        }
        // No run has that much room, and the sum stays small.
        let size = parts.reduce(0) { sum, part in sum + min(part.size, Limits.transcripts.value + 1) }
        guard ledger.take(size) else {
            ledger.omit()
            return false
        }
        do throws(FileError) {
            for part in parts {
                let place = FileSystem.join(path, part.entry)
                try FileSystem.createFolder(FileSystem.folder(of: place))
                _ = try FileSystem.copy(part.entry, in: other.path, to: place, atMost: part.size)
            }
        } catch {
            ledger.giveBack(size)
            for part in parts { try? FileSystem.remove(FileSystem.join(path, part.entry)) }
            throw error
        }
        return true
    }

    /// Puts a case's records of another try in place of its own, as far as there is room.
    ///
    /// - Returns: Whether it has a transcript now.
    package func replaceRecords(of id: String, from other: RunFolder) throws(FileError) -> Bool {
        for entry in [Self.transcriptPath(of: id), Self.sidecarPath(of: id), Self.autobahnTranscriptPath(of: id)] {
            try FileSystem.remove(FileSystem.join(path, entry))
        }
        let (log, place) = (other.clientLogPath(of: id), clientLogPath(of: id))
        if FileSystem.exists(log) {
            try FileSystem.createFolder(FileSystem.folder(of: place))
            try FileSystem.move(log, to: place)
        }
        guard other.hasTranscript(of: id) else { return false }
        return try copyTranscript(of: id, from: other)
    }

    /// Whether a case's transcript names octets in its sidecar; any other file in that place is not ours.
    private func usesSidecar(_ id: String) -> Bool {
        guard let transcript = try? readTranscript(Self.transcriptPath(of: id), nil) else { return false }
        return transcript.events.contains { event in
            guard case .received(_, let parts) = event.kind else { return false }
            return parts.contains { if case .sidecar = $0 { true } else { false } }
        }
    }
}
