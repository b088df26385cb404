import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A lock on the folder of a run, which the system drops when the process ends, however it ends.
///
/// It is on the folder itself and not on a file in it, so that nothing is left behind.
final class FolderLock: Sendable {
    private let descriptor: FileDescriptor?

    /// Locks a folder; where a file system knows no such locks, nothing is locked.
    ///
    /// - Parameter path: The folder, which exists.
    /// - Throws: ``FileError`` if another process has locked it.
    init(_ path: String) throws(FileError) {
        descriptor = try? FileDescriptor.open(FilePath(path), .readOnly, options: [.directory, .closeOnExec])
        guard let descriptor, flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
        throw FileError(
            path: path,
            problem: "is in use by another run of wsconform; wait for its end, or \(FileSystem.writeMend)"
        )
    }

    deinit {
        try? descriptor?.close()
    }
}
