import Foundation
import Testing
import WSCommand
import WSConform
import WSJudge
import WSLimits
import WSReport
import WSRunFolder
import WSTranscript

@Suite("The folder of a run")
struct RunFolderTests {
    @Test("What several reports share is written once, and each report reads as if it had been written alone")
    func sharedTexts() {
        var shared = SharedTexts()
        var played = Samples.entry("closing/a", .pass)
        played.transcript = "transcripts/closing/a.ndjson"
        let reports = [
            [Samples.entry("closing/a", .inconclusive), Samples.entry("ping/a", .inconclusive, reason: "one")],
            [played, Samples.entry("ping/a", .inconclusive, reason: "two")],
            [Samples.entry("closing/a", .inconclusive), Samples.entry("ping/a", .inconclusive, reason: "one")],
        ].map { Samples.report($0) }
        for (report, count) in zip(reports, [2, 1, 2]) {
            let texts = shared.texts(of: report)
            #expect(texts.count == count)
            #expect(ReportText.encode(report, cases: texts) == ReportText.encode(report))
        }
    }

    @Test("Two runs that write into one folder at once are one too many; the second is told so")
    func twoRuns() async throws {
        try await Program.withFolder { folder in
            let first = try Program.start(["client", "--listen", "127.0.0.1:0", "--out", folder, "--quiet"])
            _ = first.line()
            let words = ["server", "--embedded", "--cases", "ping/empty", "--out", folder, "--quiet"]
            let second = try await Program.run(words)
            #expect(second.status == 2 && second.output == "")
            let mend = "wait for its end, or choose another folder with --out"
            #expect(second.error == "wsconform: \(folder): is in use by another run of wsconform; \(mend)\n")
            // A run that is killed leaves no lock behind.
            first.send(SIGKILL)
            _ = await first.result()
            #expect(try await Program.run(words).status == 0)
            #expect(try RunFolder(path: folder).readReport().cases.map(\.id) == ["ping/empty"])
        }
    }

    private static func withFolder(_ body: (RunFolder) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "wsconform-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        try body(RunFolder(path: url.path))
    }

    private static func transcript(_ sidecar: (any SidecarStore)? = nil) -> Transcript {
        let header = TranscriptHeader(
            scenario: "ping/a",
            roleUnderTest: "server",
            url: "ws://a",
            seed: 1,
            effort: "quick"
        )
        var recorder = TranscriptRecorder(header: header, sidecar: sidecar)
        recorder.connected(at: 0)
        return recorder.transcript
    }

    @Test("A transcript and its sidecar read back")
    func roundTrip() throws {
        try Self.withFolder { folder in
            try folder.prepare()
            let sidecar = folder.makeSidecar(for: "ping/a")
            var recorder = TranscriptRecorder(header: Self.transcript().header, sidecar: sidecar)
            let octets = (0..<200_000).map { UInt8(truncatingIfNeeded: $0) }
            recorder.received([recorder.part(octets.span)], at: 1)
            recorder.ended(.finished, at: 2)
            try folder.write(recorder.transcript, of: "ping/a")
            let read = try folder.readTranscript(of: "ping/a")
            #expect(read.events == recorder.transcript.events)
            #expect(read.sidecar?.read(position: 0, length: octets.count) == octets)
            #expect(read.sidecar?.read(position: 199_990, length: 100).count == 10)
        }
    }

    @Test("A sidecar is made only when something is appended, and one that is left over goes away")
    func sidecarIsLazy() throws {
        try Self.withFolder { folder in
            let bin = FileSystem.join(folder.path, "transcripts/ping/a.bin")
            let first = folder.makeSidecar(for: "ping/a")
            #expect(!FileSystem.exists(bin))
            #expect(first.append([1, 2].span) == 0)
            #expect(first.append([3].span) == 2)
            #expect(FileSystem.exists(bin))
            var recorder = TranscriptRecorder(
                header: Self.transcript().header,
                sidecar: folder.makeSidecar(for: "ping/a")
            )
            recorder.ended(.reset, at: 1)
            try folder.write(recorder.transcript, of: "ping/a")
            #expect(!FileSystem.exists(bin))
        }
    }

    @Test("A new run takes away what an earlier one left, but not before it has something of its own")
    func takeOver() throws {
        try Self.withFolder { folder in
            try folder.prepare()
            try folder.write(Samples.findings)
            try folder.write(Self.transcript(), of: "ping/a")
            let old = FileSystem.join(folder.path, "transcripts/ping/a.ndjson")
            let foreign = FileSystem.join(folder.path, "transcripts/ping/mine.txt")
            try FileSystem.replace(foreign, with: [1])
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1)],
                ofItemAtPath: old
            )
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1)],
                ofItemAtPath: foreign
            )
            #expect(try folder.readReport() == Samples.findings)

            try folder.prepare()
            #expect(FileSystem.exists(folder.reportPath) && FileSystem.exists(old))
            try folder.write(Self.transcript(), of: "ping/b")
            try folder.takeOver()
            #expect(!FileSystem.exists(folder.reportPath) && !FileSystem.exists(old))
            #expect(folder.hasTranscript(of: "ping/b") && FileSystem.exists(foreign))
            try folder.write(Samples.findings)
            try folder.takeOver()
            #expect(FileSystem.exists(folder.reportPath))
        }
    }

    @Test("Removing an earlier run's records takes no folder away from a task that writes, before all is written")
    func emptiedFolders() throws {
        try Self.withFolder { folder in
            try folder.prepare()
            try folder.write(Self.transcript(), of: "handshake/request/a")
            let old = FileSystem.join(folder.path, "transcripts/handshake/request/a.ndjson")
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1)],
                ofItemAtPath: old
            )
            try folder.prepare()
            try folder.takeOver()
            #expect(!FileSystem.exists(old) && FileSystem.isFolder(FileSystem.folder(of: old)))
            try folder.write(Self.transcript(), of: "ping/b")
            folder.dropEarlierReport()
            #expect(!FileSystem.exists(FileSystem.join(folder.path, "transcripts/handshake")))
            #expect(folder.hasTranscript(of: "ping/b"))
        }
    }

    @Test("Transcripts of a run end at their limit, and what has no room is counted")
    func room() throws {
        try Self.withFolder { made in
            let folder = RunFolder(path: made.path, ledger: RunLedger(room: 100_000))
            try folder.prepare()
            let sidecar = folder.makeSidecar(for: "ping/a")
            let octets = [UInt8](repeating: 1, count: 90_000)
            #expect(sidecar.append(octets.span) == 0)
            #expect(sidecar.append(octets.span) == nil)
            var recorder = TranscriptRecorder(header: Self.transcript().header, sidecar: sidecar)
            recorder.received([.octets([UInt8](repeating: 2, count: 20_000))], at: 1)
            recorder.ended(.finished, at: 2)
            #expect(try !folder.write(recorder.transcript, of: "ping/a"))
            #expect(!folder.hasTranscript(of: "ping/a"))
            #expect(!FileSystem.exists(FileSystem.join(folder.path, "transcripts/ping/a.bin")))
            #expect(folder.omissions?.contains("1 case has no transcript") == true)
            // What it had taken is free again.
            #expect(folder.makeSidecar(for: "ping/b").append(octets.span) == 0)
        }
    }

    @Test("No link is followed, whether it is read, written or copied")
    func links() throws {
        try Self.withFolder { folder in
            try folder.prepare()
            let secret = FileSystem.join(folder.path, "secret")
            try FileSystem.replace(secret, with: Array("secret".utf8))
            let manager = FileManager.default
            for entry in ["report.json.partial", "report.json", "transcripts/ping/a.ndjson.partial"] {
                let path = FileSystem.join(folder.path, entry)
                try FileSystem.createFolder(FileSystem.folder(of: path))
                try manager.createSymbolicLink(atPath: path, withDestinationPath: secret)
            }
            try folder.write(Samples.findings)
            try folder.write(Self.transcript(), of: "ping/a")
            #expect(try FileSystem.read(secret) == Array("secret".utf8))
            #expect(try folder.readReport() == Samples.findings)

            try manager.createSymbolicLink(
                atPath: FileSystem.join(folder.path, "transcripts/ping/b.ndjson"),
                withDestinationPath: secret
            )
            try manager.createSymbolicLink(
                atPath: FileSystem.join(folder.path, "transcripts/pong"),
                withDestinationPath: FileSystem.join(folder.path, "transcripts/ping")
            )
            let other = RunFolder(path: FileSystem.join(folder.path, "other"))
            for id in ["ping/b", "pong/a"] {
                #expect(throws: FileError.self) { _ = try folder.readTranscript(of: id) }
                #expect(throws: FileError.self) { _ = try other.copyTranscript(of: id, from: folder) }
                #expect(!other.hasTranscript(of: id))
            }
        }
    }

    @Test("A folder whose parts are links is refused before anything is run")
    func linkedParts() throws {
        try Self.withFolder { folder in
            try folder.prepare()
            let link = FileSystem.join(folder.path, "transcripts")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/tmp")
            #expect {
                try folder.prepare()
            } throws: { error in
                "\(error)" == "\(link): is a link, which is not followed; choose another folder with --out"
            }
        }
    }

    @Test("Files that are none are refused without waiting for anybody")
    func noFiles() throws {
        try Self.withFolder { folder in
            try folder.prepare()
            let fifo = FileSystem.join(folder.path, "report.json")
            #expect(unsafe mkfifo(fifo, 0o600) == 0)
            for path in [fifo, "/dev/zero", "/dev/null", folder.path] {
                #expect {
                    _ = try FileSystem.read(path)
                } throws: { error in
                    "\(error)".contains("is no regular file")
                }
            }
            #expect(throws: FileError.self) { _ = try folder.readReport() }
        }
    }

    @Test("A file that is larger than its limit is refused")
    func largeFile() throws {
        try Self.withFolder { folder in
            try folder.prepare()
            let path = FileSystem.join(folder.path, "report.json")
            try FileSystem.replace(path, with: [])
            // A file with a hole takes no room.
            #expect(unsafe truncate(path, off_t(Limits.reportFile.value) + 1) == 0)
            #expect {
                _ = try FileSystem.read(path)
            } throws: { error in
                "\(error)".contains("it exceeds \(Limits.reportFile)")
            }
        }
    }

    @Test("A place that cannot be written is told in one line with its path")
    func unwritable() throws {
        try Self.withFolder { folder in
            try FileSystem.createFolder(folder.path)
            let file = FileSystem.join(folder.path, "file")
            try FileSystem.replace(file, with: [1])
            let below = RunFolder(path: FileSystem.join(file, "below"))
            #expect {
                try below.prepare()
            } throws: { error in
                "\(error)" == "\(file): the folder cannot be made: not a directory; choose another folder with --out"
            }
            // Nothing can be appended there; the octets stay where they are.
            #expect(below.makeSidecar(for: "a/b").append([1].span) == nil)
        }
    }

    @Test("A transcript that is cut short is told with its file")
    func cutShort() throws {
        try Self.withFolder { folder in
            try folder.write(Self.transcript(), of: "ping/a")
            #expect {
                _ = try folder.readTranscript(of: "ping/a")
            } throws: { error in
                "\(error)".hasPrefix("\(folder.path)/transcripts/ping/a.ndjson: line 2: the transcript is truncated")
            }
        }
    }
}
