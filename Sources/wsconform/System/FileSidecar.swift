import Synchronization
import WSTranscript

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A sidecar in a file: made when something is appended, read while it is there.
package final class FileSidecar: SidecarStore {
    private struct Writing {
        var file: OpenFile?
        var length = 0
        var hasFailed = false
    }

    private let path: String
    private let writing: Mutex<Writing>

    /// A sidecar for a new recording; nothing is made yet.
    package init(newAt path: String) {
        self.path = path
        writing = Mutex(Writing())
    }

    /// The sidecar of an earlier recording, to be read only.
    package init(existingAt path: String) throws(FileError) {
        self.path = path
        let file = try OpenFile(path, O_RDONLY, mend: "record the run again")
        writing = Mutex(Writing(file: file, hasFailed: true))
    }

    /// Whether anything has been appended.
    package var isUsed: Bool { writing.withLock { $0.length > 0 } }

    /// Appends octets and returns the position of the first; nil when they can't be kept.
    package func append(_ octets: Span<UInt8>) -> Int? {
        // A lock takes no span along.
        var copy: [UInt8] = []
        copy.reserveCapacity(octets.count)
        for index in octets.indices { copy.append(octets[index]) }
        return writing.withLock { writing in
            guard !writing.hasFailed else { return nil }
            do {
                let file = try writing.file ?? makeFile()
                writing.file = file
                try file.write(copy.span)
            } catch {
                // The octets stay in memory then; writing the transcript tells the user.
                writing.hasFailed = true
                return nil
            }
            defer { writing.length += copy.count }
            return writing.length
        }
    }

    /// Reads octets back; fewer than asked for when the store ends before.
    package func read(position: Int, length: Int) -> [UInt8] {
        guard position >= 0, length > 0, let file = writing.withLock({ $0.file }) else { return [] }
        return (try? file.read(at: position, count: length)) ?? []
    }

    private func makeFile() throws(FileError) -> OpenFile {
        try FileSystem.createFolder(FileSystem.folder(of: path))
        return try OpenFile(path, O_RDWR | O_CREAT | O_TRUNC, mend: FileSystem.writeMend)
    }
}
