import SystemPackage
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

    /// Creates an error.
    package init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

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

    /// Reads the first octets of a regular file below a folder; links on the way are not followed.
    package static func beginning(of entry: String, in folder: String, count: Int) throws(FileError) -> [UInt8] {
        try OpenFile(reading: entry, in: folder).read(at: 0, count: count)
    }

    /// Replaces a file: writes another one beside it and renames that, so that no reader sees a partial file.
    ///
    /// Links are not followed. If writing fails, nothing remains of the new file.
    package static func replace(_ path: String, with octets: [UInt8]) throws(FileError) {
        try replace(path) { file throws(FileError) in try file.write(octets.span) }
    }

    /// Writes octets at the end of a regular file that the user names; it is created if it does not exist.
    package static func append(_ octets: [UInt8], to path: String) throws(FileError) {
        try OpenFile(appendingTo: path).write(octets.span)
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
            try attempt(path, "cannot be replaced") { try check(unsafe rename(beside, path)) }
        } catch {
            try? unlink(beside)
            throw error
        }
    }

    /// Creates a folder and its parents.
    package static func createFolder(_ path: String) throws(FileError) {
        guard !path.isEmpty, !isFolder(path) else { return }
        let parent = folder(of: path)
        if !parent.isEmpty, parent != path { try createFolder(parent) }
        try attempt(path, "the folder cannot be made") {
            do {
                try check(unsafe mkdir(path, 0o777))
            } catch Errno.fileExists {
                // Another run may have created it meanwhile.
                guard isFolder(path) else { throw Errno.notDirectory }
            }
        }
    }

    /// Creates a folder that only this user may read, in `TMPDIR` or else in `/tmp`.
    ///
    /// - Throws: ``FileError`` if there is no room or no right for it.
    /// - Returns: Its path.
    package static func createTemporaryFolder() throws(FileError) -> String {
        let place = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var path = Array(join(place.isEmpty ? "/tmp" : place, "wsconform-XXXXXX").utf8CString)
        let isMade = unsafe path.withUnsafeMutableBufferPointer { buffer in
            unsafe buffer.baseAddress.map { unsafe mkdtemp($0) != nil } ?? false
        }
        guard isMade else {
            let problem = Errno(rawValue: errno)
            throw failure(place, "no folder can be made there", problem, mend: "name another with TMPDIR")
        }
        return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes a file if it exists.
    package static func remove(_ path: String) throws(FileError) {
        try attempt(path, "cannot be removed") {
            do {
                try unlink(path)
            } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {}
        }
    }

    /// Moves a file or a folder on the same disk; it replaces what is there.
    package static func move(_ path: String, to place: String) throws(FileError) {
        try createFolder(folder(of: place))
        try attempt(place, "cannot be moved there") { try check(unsafe rename(path, place)) }
    }

    /// Removes a file, or a folder with its content; links are removed and never followed.
    package static func removeAll(_ path: String, depth: Int = 0) throws(FileError) {
        // Our folders are never that deep; deeper content is not ours and stays.
        guard depth < 16, isFolder(path), !isLink(path) else { return try remove(path) }
        for entry in entries(of: path) { try removeAll(join(path, entry), depth: depth + 1) }
        try attempt(path, "cannot be removed") {
            do {
                try check(unsafe rmdir(path))
            } catch Errno.noSuchFileOrDirectory {}
        }
    }

    /// Removes a folder if it exists and is empty.
    package static func removeEmptyFolder(_ path: String) {
        _ = unsafe rmdir(path)
    }

    /// Whether an entry is a link.
    package static func isLink(_ path: String) -> Bool { status(path)?.type == .symbolicLink }

    /// When an entry was last changed, in nanoseconds by the clock of its disk; nil if it does not exist.
    package static func changed(_ path: String) -> Int64? {
        status(path).map { Int64($0.st_mtim.tv_sec) * 1_000_000_000 + Int64($0.st_mtim.tv_nsec) }
    }

    /// Whether an entry is a regular file that is not empty.
    package static func holdsSomething(_ path: String) -> Bool {
        status(path).map { $0.type == .regular && $0.size > 0 } ?? false
    }

    private static func status(_ path: String) -> Stat? {
        try? Stat(FilePath(path), followTargetSymlink: false)
    }

    /// Removes files below a folder that were not changed since a moment.
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
            if status.type == .directory {
                removeFiles(below: path, endingIn: suffixes, before: moment, depth: depth - 1)
            } else if suffixes.contains(where: { name.hasSuffix($0) }), let changed = changed(path), changed < moment {
                try? unlink(path)
            }
        }
    }

    /// Removes the folders below a folder that have no file.
    ///
    /// No link is followed.
    package static func removeEmptyFolders(below folder: String, depth: Int = 6) {
        guard depth > 0, !isLink(folder) else { return }
        for name in entries(of: folder) {
            let path = join(folder, name)
            guard status(path)?.type == .directory else { continue }
            removeEmptyFolders(below: path, depth: depth - 1)
            removeEmptyFolder(path)
        }
    }

    /// The sorted names of the entries of a folder that end in a suffix; empty if it cannot be read.
    package static func names(in folder: String, endingIn suffix: String) -> [String] {
        entries(of: folder).filter { $0.hasSuffix(suffix) }.sorted()
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

    /// The absolute path without links of an entry, of which only the first folders may exist yet.
    package static func place(of path: String) -> String {
        var place = path.hasPrefix("/") ? "/" : resolved(".") ?? "."
        for name in path.split(separator: "/") where name != "." {
            let next = join(place, String(name))
            place = name == ".." ? folder(of: place) : resolved(next) ?? next
        }
        return place
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

    /// Removes an entry that is not a folder.
    static func unlink(_ path: String) throws {
        try check(systemUnlink(path))
    }

    /// Throws an error if a system call has failed.
    private static func check(_ result: Int32) throws {
        guard result == 0 else { throw Errno(rawValue: errno) }
    }

    /// Performs an operation on a path; an error of the system becomes one line.
    private static func attempt(_ path: String, _ problem: String, _ body: () throws -> Void) throws(FileError) {
        do {
            try body()
        } catch {
            throw failure(path, problem, error, mend: writeMend)
        }
    }

    /// Creates an error about a path from an error of the system.
    static func failure(_ path: String, _ problem: String, _ error: any Error, mend: String) -> FileError {
        let error = error as? Errno
        // If this process has too many files open, another folder does not help.
        let isOutOfFiles = error == .tooManyOpenFiles || error == .tooManyOpenFilesInSystem
        let mend = isOutOfFiles ? "raise the limit with ulimit -n, or try fewer --jobs" : mend
        let cause = error.map { $0.description.lowercased() } ?? "unknown error"
        return FileError(path: path, problem: "\(problem): \(cause); \(mend)")
    }
}

private func systemUnlink(_ path: String) -> Int32 { unsafe unlink(path) }
