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
    /// What went wrong, and what to do.
    package var problem: String

    /// The path and what is wrong with it.
    package var description: String { "\(path): \(problem)" }
}

/// The few things that commands do with files.
package enum FileSystem {
    /// The whole content of a regular file, which is read only as far as a limit allows.
    ///
    /// - Parameters:
    ///   - path: the file; what the user names may be a link.
    ///   - limit: how much may be read.
    /// - Throws: ``FileError`` where it is no regular file, cannot be read, or is larger.
    /// - Returns: its octets.
    package static func read(_ path: String, limit: Limit = Limits.reportFile) throws(FileError) -> [UInt8] {
        try OpenFile(reading: path).readToEnd(limit)
    }

    /// The whole content of a regular file below a folder; no link is followed on the way.
    package static func read(_ entry: String, in folder: String, limit: Limit) throws(FileError) -> [UInt8] {
        try OpenFile(reading: entry, in: folder).readToEnd(limit)
    }

    /// Writes a file beside its place and renames it, so that nobody ever sees half of it.
    ///
    /// Neither the file nor the one beside it is written through a link, and nothing is left of what could not be
    /// written.
    package static func replace(_ path: String, with octets: [UInt8]) throws(FileError) {
        try replace(path) { file throws(FileError) in try file.write(octets.span) }
    }

    /// Copies a regular file below a folder to a place, in pieces; no link is followed on the way.
    ///
    /// - Returns: how many octets it has.
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

    /// Removes a file, or a folder with all that is in it; links are removed and never followed.
    package static func removeAll(_ path: String, depth: Int = 0) throws(FileError) {
        // What we make is at most so deep; what is deeper is somebody else's, and stays.
        guard depth < 16, isFolder(path), !isLink(path) else { return try remove(path) }
        for entry in entries(of: path) { try removeAll(join(path, entry), depth: depth + 1) }
        guard unsafe rmdir(path) == 0 || errno == ENOENT else {
            throw failure(path, "cannot be removed", mend: writeMend)
        }
    }

    /// Removes a folder if it is there and empty.
    package static func removeEmptyFolder(_ path: String) {
        _ = unsafe rmdir(path)
    }

    /// Whether an entry is a link, whatever it leads to.
    package static func isLink(_ path: String) -> Bool {
        status(path).map { $0.st_mode & S_IFMT == S_IFLNK } ?? false
    }

    /// When an entry was last changed, in nanoseconds, by the clock of its disk; nil where there is none.
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

    /// Removes files below a folder that have not been changed since a moment, and folders that are empty then.
    ///
    /// Only files whose names end as ours do are touched, and no link is followed.
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

    /// Whether there is a file or a folder.
    package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Whether there is a folder.
    package static func isFolder(_ path: String) -> Bool {
        // Only a folder has an entry of this name.
        unsafe access(path + "/.", F_OK) == 0
    }

    /// The absolute path without links; nil when there is nothing.
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

    /// What the system said last, about a path.
    package static func failure(_ path: String, _ problem: String, mend: String) -> FileError {
        let code = errno
        // Another folder is no help where this process has too many files open.
        let mend = code == EMFILE || code == ENFILE ? "raise the limit with ulimit -n, or try fewer --jobs" : mend
        let cause = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return FileError(path: path, problem: "\(problem): \(cause.lowercased()); \(mend)")
    }
}
