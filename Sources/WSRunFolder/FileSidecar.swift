import Synchronization
import WSTranscript

/// A sidecar in a file: made when something is appended, read while it is there.
package final class FileSidecar: SidecarStore {
    private struct Writing {
        var file: OpenFile?
        var length = 0
        var hasFailed = false
    }

    private let path: String
    private let ledger: RunLedger
    private let writing: Mutex<Writing>

    /// A sidecar for a new recording; nothing is made yet.
    package init(newAt path: String, ledger: RunLedger = .ofThisProcess) {
        self.path = path
        self.ledger = ledger
        writing = Mutex(Writing())
    }

    /// The sidecar of an earlier recording, to be read only; no link below the folder is followed.
    package init(existing entry: String, in folder: String) throws(FileError) {
        path = FileSystem.join(folder, entry)
        ledger = .ofThisProcess
        let file = try OpenFile(reading: entry, in: folder)
        writing = Mutex(Writing(file: file, hasFailed: true))
    }

    /// Whether anything has been appended.
    package var isUsed: Bool { writing.withLock { $0.length > 0 } }

    /// How much it has taken of the disk.
    var length: Int { writing.withLock { $0.length } }

    /// Takes it away; what is read of it later is read all the same.
    package func discard() {
        let length = writing.withLock { writing in
            defer { writing.length = 0 }
            writing.hasFailed = true
            return writing.length
        }
        guard length > 0 else { return }
        ledger.giveBack(length)
        try? FileSystem.remove(path)
    }

    /// Appends octets and returns the position of the first; nil when they can't be kept.
    package func append(_ octets: Span<UInt8>) -> Int? {
        // A lock takes no span along.
        var copy: [UInt8] = []
        copy.reserveCapacity(octets.count)
        for index in octets.indices { copy.append(octets[index]) }
        return writing.withLock { writing in
            guard !writing.hasFailed else { return nil }
            guard ledger.take(copy.count) else {
                writing.hasFailed = true
                return nil
            }
            do {
                let file = try writing.file ?? makeFile()
                writing.file = file
                try file.write(copy.span)
            } catch {
                // The octets stay in memory then; writing the transcript tells the user.
                ledger.giveBack(copy.count)
                writing.hasFailed = true
                return nil
            }
            defer { writing.length += copy.count }
            return writing.length
        }
    }

    /// How many octets the file has.
    package var count: Int { writing.withLock { $0.file }?.size ?? 0 }

    /// Reads octets back; fewer than asked for when the store ends before.
    package func read(position: Int, length: Int) -> [UInt8] {
        guard position >= 0, length > 0, let file = writing.withLock({ $0.file }) else { return [] }
        return (try? file.read(at: position, count: length)) ?? []
    }

    private func makeFile() throws(FileError) -> OpenFile {
        try FileSystem.createFolder(FileSystem.folder(of: path))
        return try OpenFile(new: path)
    }
}
