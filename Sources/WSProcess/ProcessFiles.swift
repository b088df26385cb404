import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

#if os(Linux)
/// Reads information about processes from Linux's `/proc`.
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

    /// The readable content of a file; empty if it cannot be read, as after the end of the process.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - most: The number of octets after which reading ends.
    /// - Returns: The octets.
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
