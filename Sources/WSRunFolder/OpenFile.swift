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
    private let descriptor: Int32
    private let mend: String

    private init(_ path: String, _ descriptor: Int32, mend: String) {
        self.path = path
        self.descriptor = descriptor
        self.mend = mend
    }

    /// Opens a regular file for reading; the user names it, so it may be a link.
    convenience init(reading path: String) throws(FileError) {
        try self.init(path, mend: "check the path") { unsafe open(path, Self.readFlags) }
    }

    /// Opens a regular file below a folder for reading; a link on the way is an error.
    convenience init(reading entry: String, in folder: String) throws(FileError) {
        let path = FileSystem.join(folder, entry)
        try self.init(path, mend: "record the run again") {
            var last = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            let names = entry.split(separator: "/").map(String.init)
            for (index, name) in names.enumerated() {
                guard last >= 0 else { return last }
                let flags = index == names.count - 1 ? Self.readFlags : O_RDONLY | O_DIRECTORY | O_CLOEXEC
                let next = unsafe openat(last, name, flags | O_NOFOLLOW)
                let code = errno
                close(last)
                errno = code
                last = next
            }
            return last
        }
    }

    /// Creates a new file; it replaces an existing one, and a link is not followed.
    convenience init(new path: String) throws(FileError) {
        try self.init(path, mend: FileSystem.writeMend) {
            let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let first = unsafe open(path, flags, 0o666)
            guard first < 0, errno == EEXIST, unsafe unlink(path) == 0 else { return first }
            return unsafe open(path, flags, 0o666)
        }
    }

    private convenience init(_ path: String, mend: String, open: () -> Int32) throws(FileError) {
        let opened = open()
        guard opened >= 0 else {
            if errno == ELOOP { throw FileError(path: path, problem: "is a link, which is not followed; \(mend)") }
            throw FileSystem.failure(path, "cannot be opened", mend: mend)
        }
        self.init(path, opened, mend: mend)
        var status = stat()
        guard unsafe fstat(opened, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FileError(path: path, problem: "is no regular file; \(mend)")
        }
    }

    // Without O_NONBLOCK, opening a FIFO would wait for a writer.
    private static let readFlags = O_RDONLY | O_NONBLOCK | O_CLOEXEC

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
    var size: Int {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

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
