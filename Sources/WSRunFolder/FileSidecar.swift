import Synchronization
import WSTranscript

/// A sidecar in a file, which is created when something is appended.
package final class FileSidecar: SidecarStore {
    private struct Writing {
        var file: OpenFile?
        var length = 0
        var hasFailed = false
    }

    private let path: String
    private let ledger: RunLedger
    private let writing: Mutex<Writing>

    /// Creates a sidecar for a new recording, without a file yet.
    package init(newAt path: String, ledger: RunLedger = .ofThisProcess) {
        self.path = path
        self.ledger = ledger
        writing = Mutex(Writing())
    }

    /// Opens the sidecar of an earlier recording for reading; links below the folder are not followed.
    package init(existing entry: String, in folder: String) throws(FileError) {
        path = FileSystem.join(folder, entry)
        ledger = .ofThisProcess
        let file = try OpenFile(reading: entry, in: folder)
        writing = Mutex(Writing(file: file, hasFailed: true))
    }

    /// Whether anything has been appended.
    package var isUsed: Bool { writing.withLock { $0.length > 0 } }

    /// The number of octets on the disk.
    var length: Int { writing.withLock { $0.length } }

    /// Deletes the file; octets that were written can still be read.
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

    /// Appends octets and returns the position of the first one; nil if they cannot be stored.
    package func append(_ octets: Span<UInt8>) -> Int? {
        // A span cannot be used inside the lock.
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
                // The octets stay in memory, and the user is told when the transcript cannot be written.
                ledger.giveBack(copy.count)
                writing.hasFailed = true
                return nil
            }
            defer { writing.length += copy.count }
            return writing.length
        }
    }

    /// The number of octets in the file.
    package var count: Int { writing.withLock { $0.file }?.size ?? 0 }

    /// Reads octets; fewer than requested if the file ends before.
    package func read(position: Int, length: Int) -> [UInt8] {
        guard position >= 0, length > 0, let file = writing.withLock({ $0.file }) else { return [] }
        return (try? file.read(at: position, count: length)) ?? []
    }

    private func makeFile() throws(FileError) -> OpenFile {
        try FileSystem.createFolder(FileSystem.folder(of: path))
        return try OpenFile(new: path)
    }
}
