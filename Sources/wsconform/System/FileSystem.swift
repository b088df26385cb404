#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Why a file could not be read or written, in one line that names it.
package struct FileError: Error, Hashable, CustomStringConvertible {
    /// The file or folder.
    package var path: String
    /// What went wrong, and what to do.
    package var problem: String

    /// The path and what is wrong with it.
    package var description: String { "\(path): \(problem)" }
}

/// The few things that commands do with files.
package enum FileSystem {
    /// The whole content of a file.
    package static func read(_ path: String) throws(FileError) -> [UInt8] {
        let file = try OpenFile(path, O_RDONLY, mend: "check the path")
        return try file.readToEnd()
    }

    /// Writes a file beside its place and renames it, so that nobody ever sees half of it.
    package static func replace(_ path: String, with octets: [UInt8]) throws(FileError) {
        let beside = path + ".partial"
        do {
            let file = try OpenFile(beside, O_WRONLY | O_CREAT | O_TRUNC, mend: writeMend)
            try file.write(octets.span)
        }
        guard unsafe rename(beside, path) == 0 else { throw failure(path, "cannot be replaced", mend: writeMend) }
    }

    /// Makes a folder and those above it.
    package static func createFolder(_ path: String) throws(FileError) {
        guard !path.isEmpty, !isFolder(path) else { return }
        let parent = folder(of: path)
        if !parent.isEmpty, parent != path { try createFolder(parent) }
        guard unsafe mkdir(path, 0o777) == 0 || (errno == EEXIST && isFolder(path)) else {
            throw failure(path, "the folder cannot be made", mend: writeMend)
        }
    }

    /// Removes a file if it is there.
    package static func remove(_ path: String) throws(FileError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else {
            throw failure(path, "cannot be removed", mend: writeMend)
        }
    }

    /// Gives a file or a folder another place on the same disk; what is there goes away.
    package static func move(_ path: String, to place: String) throws(FileError) {
        try createFolder(folder(of: place))
        guard unsafe rename(path, place) == 0 else { throw failure(place, "cannot be moved there", mend: writeMend) }
    }

    /// Removes a folder if it is there and empty.
    package static func removeEmptyFolder(_ path: String) {
        _ = unsafe rmdir(path)
    }

    /// Whether there is a file or a folder.
    package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Whether there is a folder.
    package static func isFolder(_ path: String) -> Bool {
        // Only a folder has an entry of this name.
        unsafe access(path + "/.", F_OK) == 0
    }

    /// The absolute path without links; nil when there is nothing.
    static func resolved(_ path: String) -> String? {
        guard let text = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }

    /// A path with an entry added.
    package static func join(_ folder: String, _ entry: String) -> String {
        folder.hasSuffix("/") ? folder + entry : "\(folder)/\(entry)"
    }

    /// The folder that holds an entry; empty for one in the current folder.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static let writeMend = "choose another folder with --out"

    /// What the system said last, about a path.
    static func failure(_ path: String, _ problem: String, mend: String) -> FileError {
        let code = errno
        let cause = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        let isOutOfFiles = code == EMFILE || code == ENFILE
        return FileError(
            path: path,
            problem: "\(problem): \(cause.lowercased()); \(isOutOfFiles ? "raise ulimit -n, or lower --jobs" : mend)"
        )
    }
}

/// A file that is open until its owner lets go of it.
final class OpenFile: Sendable {
    private let path: String
    private let descriptor: Int32
    private let mend: String

    /// Opens a file.
    init(_ path: String, _ flags: Int32, mend: String) throws(FileError) {
        let opened = unsafe open(path, flags | O_CLOEXEC, 0o666)
        guard opened >= 0 else { throw FileSystem.failure(path, "cannot be opened", mend: mend) }
        self.path = path
        self.mend = mend
        descriptor = opened
    }

    deinit {
        close(descriptor)
    }

    /// Appends octets.
    func write(_ octets: Span<UInt8>) throws(FileError) {
        var done = 0
        while done < octets.count {
            let rest = octets.extracting(done..<octets.count)
            let count = unsafe rest.withUnsafeBufferPointer { buffer in
                unsafe systemWrite(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw FileSystem.failure(path, "cannot be written", mend: mend) }
            done += count
        }
    }

    /// Reads octets from a place; fewer than asked for when the file ends before.
    func read(at position: Int, count: Int) throws(FileError) -> [UInt8] {
        var result: [UInt8] = []
        while result.count < count {
            let piece = try readOnce(at: position + result.count, count: min(count - result.count, 1 << 20))
            if piece.isEmpty { break }
            result += piece
        }
        return result
    }

    /// Reads everything.
    func readToEnd() throws(FileError) -> [UInt8] {
        try read(at: 0, count: .max)
    }

    private func readOnce(at position: Int, count: Int) throws(FileError) -> [UInt8] {
        var failed = false
        let octets = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
            var got = -1
            repeat {
                got = unsafe pread(descriptor, buffer.baseAddress, count, off_t(position))
            } while got < 0 && errno == EINTR
            failed = got < 0
            initialised = max(got, 0)
        }
        guard !failed else { throw FileSystem.failure(path, "cannot be read", mend: mend) }
        return octets
    }
}

private func systemWrite(_ descriptor: Int32, _ octets: UnsafePointer<UInt8>?, _ count: Int) -> Int {
    unsafe write(descriptor, octets, count)
}
