package import WSLimits

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
    /// What went wrong, and how to correct it.
    package var problem: String

    /// The path and the problem.
    package var description: String { "\(path): \(problem)" }
}

/// The file operations of the commands.
package enum FileSystem {
    /// Reads the whole content of a regular file, up to a limit.
    ///
    /// - Parameters:
    ///   - path: The file; it may be a link, because the user names it.
    ///   - limit: The highest number of octets.
    /// - Throws: ``FileError`` if it is not a regular file, cannot be read, or is larger.
    /// - Returns: The content.
    package static func read(_ path: String, limit: Limit = Limits.reportFile) throws(FileError) -> [UInt8] {
        try OpenFile(reading: path).readToEnd(limit)
    }

    /// Reads the whole content of a regular file below a folder; links on the way are not followed.
    package static func read(_ entry: String, in folder: String, limit: Limit) throws(FileError) -> [UInt8] {
        try OpenFile(reading: entry, in: folder).readToEnd(limit)
    }

    /// Replaces a file: writes another one beside it and renames that, so that no reader sees a partial file.
    ///
    /// Links are not followed. If writing fails, nothing remains of the new file.
    package static func replace(_ path: String, with octets: [UInt8]) throws(FileError) {
        try replace(path) { file throws(FileError) in try file.write(octets.span) }
    }

    /// Copies a regular file below a folder in pieces; links on the way are not followed.
    ///
    /// - Returns: The number of octets copied.
    package static func copy(_ entry: String, in folder: String, to place: String, atMost: Int) throws(FileError) -> Int
    {
        let source = try OpenFile(reading: entry, in: folder)
        var done = 0
        try replace(place) { file throws(FileError) in
            while true {
                let piece = try source.read(at: done, count: pieceLength)
                guard !piece.isEmpty else { break }
                done += piece.count
                guard done <= atMost else {
                    throw FileError(path: join(folder, entry), problem: "it exceeds \(Limits.transcripts)")
                }
                try file.write(piece.span)
            }
        }
        return done
    }

    private static let pieceLength = 1 << 20

    private static func replace(
        _ path: String,
        _ write: (OpenFile) throws(FileError) -> Void
    ) throws(FileError) {
        let beside = path + ".partial"
        do throws(FileError) {
            try write(OpenFile(new: beside))
            guard unsafe rename(beside, path) == 0 else { throw failure(path, "cannot be replaced", mend: writeMend) }
        } catch {
            _ = unsafe unlink(beside)
            throw error
        }
    }

    /// Creates a folder and its parents.
    package static func createFolder(_ path: String) throws(FileError) {
        guard !path.isEmpty, !isFolder(path) else { return }
        let parent = folder(of: path)
        if !parent.isEmpty, parent != path { try createFolder(parent) }
        guard unsafe mkdir(path, 0o777) == 0 || (errno == EEXIST && isFolder(path)) else {
            throw failure(path, "the folder cannot be made", mend: writeMend)
        }
    }

    /// Removes a file if it exists.
    package static func remove(_ path: String) throws(FileError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else {
            throw failure(path, "cannot be removed", mend: writeMend)
        }
    }

    /// Moves a file or a folder on the same disk; it replaces what is there.
    package static func move(_ path: String, to place: String) throws(FileError) {
        try createFolder(folder(of: place))
        guard unsafe rename(path, place) == 0 else { throw failure(place, "cannot be moved there", mend: writeMend) }
    }

    /// Removes a file, or a folder with its content; links are removed and never followed.
    package static func removeAll(_ path: String, depth: Int = 0) throws(FileError) {
        // Our folders are never that deep; deeper content is not ours and stays.
        guard depth < 16, isFolder(path), !isLink(path) else { return try remove(path) }
        for entry in entries(of: path) { try removeAll(join(path, entry), depth: depth + 1) }
        guard unsafe rmdir(path) == 0 || errno == ENOENT else {
            throw failure(path, "cannot be removed", mend: writeMend)
        }
    }

    /// Removes a folder if it exists and is empty.
    package static func removeEmptyFolder(_ path: String) {
        _ = unsafe rmdir(path)
    }

    /// Whether an entry is a link.
    package static func isLink(_ path: String) -> Bool {
        status(path).map { $0.st_mode & S_IFMT == S_IFLNK } ?? false
    }

    /// When an entry was last changed, in nanoseconds by the clock of its disk; nil if it does not exist.
    package static func changed(_ path: String) -> Int64? {
        status(path).map { status in
            #if canImport(Darwin)
            Int64(status.st_mtimespec.tv_sec) * 1_000_000_000 + Int64(status.st_mtimespec.tv_nsec)
            #else
            Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
            #endif
        }
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status : nil
    }

    /// Removes files below a folder that were not changed since a moment, and folders that become empty.
    ///
    /// Only files with our name extensions are removed, and no link is followed.
    package static func removeFiles(
        below folder: String,
        endingIn suffixes: [String],
        before moment: Int64,
        depth: Int = 6
    ) {
        guard depth > 0, !isLink(folder) else { return }
        for name in entries(of: folder) {
            let path = join(folder, name)
            guard let status = status(path) else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                removeFiles(below: path, endingIn: suffixes, before: moment, depth: depth - 1)
                removeEmptyFolder(path)
            } else if suffixes.contains(where: { name.hasSuffix($0) }), let changed = changed(path), changed < moment {
                _ = unsafe unlink(path)
            }
        }
    }

    private static func entries(of folder: String) -> [String] {
        guard let open = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(open) }
        var names: [String] = []
        while let entry = unsafe readdir(open) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Whether a file or a folder exists.
    package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Whether a folder exists.
    package static func isFolder(_ path: String) -> Bool {
        // Only a folder has this entry.
        unsafe access(path + "/.", F_OK) == 0
    }

    /// The absolute path without links; nil if nothing exists there.
    package static func resolved(_ path: String) -> String? {
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

    /// An error about a path, with the system's last error message.
    package static func failure(_ path: String, _ problem: String, mend: String) -> FileError {
        let code = errno
        // If this process has too many files open, another folder does not help.
        let mend = code == EMFILE || code == ENFILE ? "raise the limit with ulimit -n, or try fewer --jobs" : mend
        let cause = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return FileError(path: path, problem: "\(problem): \(cause.lowercased()); \(mend)")
    }
}
