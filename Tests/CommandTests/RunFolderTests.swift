import Foundation
import Testing
import WSReport
import WSTranscript
import wsconform

@Suite("The folder of a run")
struct RunFolderTests {
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

    @Test("A new run takes the report of an earlier one away at once")
    func prepare() throws {
        try Self.withFolder { folder in
            try folder.prepare()
            try folder.write(Samples.findings)
            #expect(try folder.readReport() == Samples.findings)
            try folder.prepare()
            #expect(!FileSystem.exists(folder.reportPath))
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
