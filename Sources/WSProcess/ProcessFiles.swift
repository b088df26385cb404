import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

#if os(Linux)
/// Reads what Linux says of its processes below `/proc`.
enum ProcessFiles {
    /// The numbers of all processes.
    static var processes: [Int32] {
        guard let folder = unsafe opendir("/proc") else { return [] }
        defer { unsafe closedir(folder) }
        var found: [Int32] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if let process = Int32(name) { found.append(process) }
        }
        return found
    }

    /// The content of a file, as far as it can be read; empty where it cannot, such as of a process that has ended.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - most: reading ends once there are so many octets.
    /// - Returns: the octets.
    static func content(_ path: String, atMost most: Int) -> [UInt8] {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else { return [] }
        defer { try? file.close() }
        var result: [UInt8] = []
        while result.count < most {
            let piece = unsafe [UInt8](unsafeUninitializedCapacity: pieceLength) { buffer, initialised in
                initialised = unsafe (try? file.read(into: UnsafeMutableRawBufferPointer(buffer))) ?? 0
            }
            if piece.isEmpty { break }
            result += piece
        }
        return result
    }

    private static let pieceLength = 16_384
}
#endif
