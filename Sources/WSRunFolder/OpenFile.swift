import SystemPackage
import WSLimits

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// An open file, which is closed with its last reference.
final class OpenFile: Sendable {
    private let path: String
    private let descriptor: FileDescriptor
    private let mend: String

    private init(_ path: String, _ descriptor: FileDescriptor, mend: String) {
        self.path = path
        self.descriptor = descriptor
        self.mend = mend
    }

    /// Opens a regular file for reading; the user names it, so it may be a link.
    convenience init(reading path: String) throws(FileError) {
        try self.init(path, mend: "check the path") {
            try FileDescriptor.open(FilePath(path), .readOnly, options: Self.readOptions)
        }
    }

    /// Opens a regular file below a folder for reading; a link on the way is an error.
    convenience init(reading entry: String, in folder: String) throws(FileError) {
        try self.init(FileSystem.join(folder, entry), mend: "record the run again") {
            let names = entry.split(separator: "/").map(String.init)
            var last = try FileDescriptor.open(FilePath(folder), .readOnly, options: Self.folderOptions)
            for (index, name) in names.enumerated() {
                let options = index == names.count - 1 ? Self.readOptions : Self.folderOptions
                let next = Result { try Self.open(name, in: last, options: options.union(.noFollow)) }
                try? last.close()
                last = try next.get()
            }
            return last
        }
    }

    /// Creates a new file; it replaces an existing one, and a link is not followed.
    convenience init(new path: String) throws(FileError) {
        try self.init(path, mend: FileSystem.writeMend) {
            do {
                return try Self.create(path)
            } catch Errno.fileExists {
                try FileSystem.unlink(path)
                return try Self.create(path)
            }
        }
    }

    /// Opens a regular file, or creates one, to write at its end.
    convenience init(appendingTo path: String) throws(FileError) {
        try self.init(path, mend: "check the path") {
            try FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.append, .create, .nonBlocking, .closeOnExec],
                permissions: FilePermissions(rawValue: 0o666)
            )
        }
    }

    private convenience init(_ path: String, mend: String, open: () throws -> FileDescriptor) throws(FileError) {
        let descriptor: FileDescriptor
        do {
            descriptor = try open()
        } catch Errno.tooManySymbolicLinkLevels {
            throw FileError(path: path, problem: "is a link, which is not followed; \(mend)")
        } catch {
            throw FileSystem.failure(path, "cannot be opened", error, mend: mend)
        }
        self.init(path, descriptor, mend: mend)
        guard (try? Stat(descriptor))?.type == .regular else {
            throw FileError(path: path, problem: "is no regular file; \(mend)")
        }
    }

    // Without O_NONBLOCK, opening a FIFO would wait for a writer.
    private static let readOptions: FileDescriptor.OpenOptions = [.nonBlocking, .closeOnExec]
    private static let folderOptions: FileDescriptor.OpenOptions = [.directory, .closeOnExec]

    private static func create(_ path: String) throws -> FileDescriptor {
        try FileDescriptor.open(
            FilePath(path),
            .readWrite,
            options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
            permissions: FilePermissions(rawValue: 0o666)
        )
    }

    /// Opens an entry of an open folder for reading.
    private static func open(
        _ name: String,
        in folder: FileDescriptor,
        options: FileDescriptor.OpenOptions
    ) throws -> FileDescriptor {
        let opened = unsafe openat(folder.rawValue, name, O_RDONLY | options.rawValue)
        guard opened >= 0 else { throw Errno(rawValue: errno) }
        return FileDescriptor(rawValue: opened)
    }

    deinit {
        try? descriptor.close()
    }

    /// Appends octets.
    func write(_ octets: Span<UInt8>) throws(FileError) {
        do {
            try unsafe octets.withUnsafeBufferPointer { _ = try unsafe descriptor.writeAll($0) }
        } catch {
            throw FileSystem.failure(path, "cannot be written", error, mend: mend)
        }
    }

    /// Reads octets from a position on; fewer than requested if the file ends before.
    func read(at position: Int, count: Int) throws(FileError) -> [UInt8] {
        var result: [UInt8] = []
        while result.count < count {
            let piece = try readOnce(at: position + result.count, count: min(count - result.count, 1 << 20))
            if piece.isEmpty { break }
            if result.isEmpty { result = piece } else { result += piece }
        }
        return result
    }

    /// The number of octets; 0 if the system does not tell.
    var size: Int { (try? Stat(descriptor)).map { Int($0.size) } ?? 0 }

    /// Reads the whole content, if it is within a limit.
    func readToEnd(_ limit: Limit) throws(FileError) -> [UInt8] {
        let size = self.size
        var result: [UInt8] = []
        // The claimed size is not allocated, because it may exceed the memory.
        if size <= limit.value {
            result.reserveCapacity(size)
            while result.count <= limit.value {
                let piece = try readOnce(at: result.count, count: 1 << 20)
                if piece.isEmpty { return result }
                result += piece
            }
        }
        throw FileError(path: path, problem: "it exceeds \(limit); \(mend)")
    }

    private func readOnce(at position: Int, count: Int) throws(FileError) -> [UInt8] {
        do {
            return try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
                initialised = try unsafe descriptor.read(
                    fromAbsoluteOffset: Int64(position),
                    into: UnsafeMutableRawBufferPointer(buffer)
                )
            }
        } catch {
            throw FileSystem.failure(path, "cannot be read", error, mend: mend)
        }
    }
}
