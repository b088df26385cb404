import FoundationEssentials
package import WSReport
package import WSTranscript

/// The folder of a run: `report.json`, and below `transcripts/` what was recorded.
package struct RunFolder: Sendable {
    /// Where it is.
    package let path: String

    /// Names a folder; nothing is made yet.
    package init(path: String) {
        self.path = path
    }

    /// The path of the report.
    package var reportPath: String { FileSystem.join(path, "report.json") }

    /// The path of what a target that we started wrote to standard error.
    package var targetLogPath: String { FileSystem.join(path, "target.log") }

    /// Makes the folder and shows that it can be written, before anything is run.
    ///
    /// The report of an earlier run goes away: whoever finds a report afterwards finds that of this run.
    package func prepare() throws(FileError) {
        try FileSystem.createFolder(path)
        try FileSystem.replace(reportPath, with: [])
        try FileSystem.remove(reportPath)
    }

    /// The path of a case's transcript, as the report has it.
    static func transcriptPath(of id: String) -> String { "transcripts/\(id).ndjson" }

    private static func sidecarPath(of id: String) -> String { "transcripts/\(id).bin" }

    /// The store for the large octet runs of one case.
    package func makeSidecar(for id: String) -> any SidecarStore {
        FileSidecar(newAt: FileSystem.join(path, Self.sidecarPath(of: id)))
    }

    /// Writes a case's transcript.
    package func write(_ transcript: Transcript, of id: String) throws(FileError) {
        let file = FileSystem.join(path, Self.transcriptPath(of: id))
        try FileSystem.createFolder(FileSystem.folder(of: file))
        try FileSystem.replace(file, with: TranscriptText.encode(transcript))
        if let sidecar = transcript.sidecar as? FileSidecar, !sidecar.isUsed {
            // What an earlier run may have left belongs to no transcript any more.
            try FileSystem.remove(FileSystem.join(path, Self.sidecarPath(of: id)))
        }
    }

    /// Writes a case's transcript, whose large octet runs were recorded elsewhere.
    package func write(_ transcript: Transcript, of id: String, sidecarAt path: String) throws(FileError) {
        if let sidecar = transcript.sidecar as? FileSidecar, sidecar.isUsed, FileSystem.exists(path) {
            try FileSystem.move(path, to: FileSystem.join(self.path, Self.sidecarPath(of: id)))
        }
        try write(transcript, of: id)
    }

    /// The path of what a command wrote to standard error while it played a case.
    package func clientLogPath(of id: String) -> String { FileSystem.join(path, "logs/\(id).log") }

    /// Gives what was recorded, and the report if there is one, to another folder.
    package func move(to other: RunFolder) throws(FileError) {
        for entry in ["transcripts", "logs", "report.json"] {
            let source = FileSystem.join(path, entry)
            guard FileSystem.exists(source) else { continue }
            try FileSystem.move(source, to: FileSystem.join(other.path, entry))
        }
    }

    /// Writes the report; those of its cases that are text already go in as they are, by id.
    package func write(_ report: Report, cases: [String: [UInt8]] = [:]) throws(FileError) {
        try FileSystem.replace(reportPath, with: ReportText.encode(report, cases: cases))
    }

    /// Reads the report.
    package func readReport() throws -> Report {
        try ReportText.decode(FileSystem.read(reportPath), file: reportPath)
    }

    /// Whether there is a transcript of a case.
    package func hasTranscript(of id: String) -> Bool {
        FileSystem.exists(FileSystem.join(path, Self.transcriptPath(of: id)))
    }

    /// Reads a case's transcript, with its sidecar if it has one.
    package func readTranscript(of id: String) throws(FileError) -> Transcript {
        let file = FileSystem.join(path, Self.transcriptPath(of: id))
        let bin = FileSystem.join(path, Self.sidecarPath(of: id))
        let sidecar = FileSystem.exists(bin) ? try FileSidecar(existingAt: bin) : nil
        let octets = try FileSystem.read(file)
        do {
            return try TranscriptText.decode(Data(octets), sidecar: sidecar)
        } catch {
            throw FileError(path: file, problem: error.description)
        }
    }

    /// Copies what was recorded of a case from another run.
    package func copyTranscript(of id: String, from other: RunFolder) throws(FileError) {
        for entry in [Self.transcriptPath(of: id), Self.sidecarPath(of: id)] {
            let source = FileSystem.join(other.path, entry)
            guard FileSystem.exists(source) else { continue }
            let target = FileSystem.join(path, entry)
            try FileSystem.createFolder(FileSystem.folder(of: target))
            try FileSystem.replace(target, with: FileSystem.read(source))
        }
    }
}
