#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Finds processes of a command that left its process group, such as daemons with their own session.
///
/// They are recognised by an environment variable that they inherited and no other process has. The environment is read
/// from Linux's `/proc`; on other systems none are found.
package struct StrayProcesses: Sendable {
    /// The name of the variable.
    package static let variable = "WSCONFORM_RUN"

    /// The value of the variable.
    let value: String

    /// Whether such processes can be found on this system.
    package static var isAvailable: Bool {
        #if os(Linux)
        true
        #else
        false
        #endif
    }

    /// Creates a unique mark for one or several commands.
    package init() {
        value = "\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    /// Ends all of them.
    ///
    /// - Parameter group: The command's own process group, which was already ended and may still be exiting.
    /// - Returns: The name and number of each process.
    package func end(besides group: Int32? = nil) -> [String] {
        #if os(Linux)
        var ended: [String] = []
        // Processes that are started meanwhile are found in the next round.
        for _ in 0..<Self.rounds {
            let found = find().filter { getpgid($0) != group }
            guard !found.isEmpty else { break }
            for process in found {
                let name = Self.name(of: process)
                if kill(process, SIGKILL) == 0 { ended.append("\(name) (\(process))") }
            }
        }
        return Array(Set(ended)).sorted()
        #else
        return []
        #endif
    }

    #if os(Linux)
    private static let rounds = 3
    private static let longestEnvironment = 1 << 20

    private func find() -> [Int32] {
        guard let folder = unsafe opendir("/proc") else { return [] }
        defer { unsafe closedir(folder) }
        let wanted = Array("\(Self.variable)=\(value)\0".utf8)
        var found: [Int32] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            guard let process = Int32(name), process != getpid() else { continue }
            if Self.holds(Self.content("/proc/\(process)/environ", Self.longestEnvironment), wanted) {
                found.append(process)
            }
        }
        return found
    }

    private static func name(of process: Int32) -> String {
        let octets = content("/proc/\(process)/comm", 64).prefix { $0 != UInt8(ascii: "\n") }
        return octets.isEmpty ? "a process" : String(decoding: octets, as: UTF8.self)
    }

    private static func holds(_ octets: [UInt8], _ wanted: [UInt8]) -> Bool {
        // Each variable ends with a zero octet.
        octets.split(separator: 0).contains { $0.elementsEqual(wanted.dropLast()) }
    }

    private static func content(_ path: String, _ most: Int) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var result: [UInt8] = []
        while result.count < most {
            var count = 0
            result += unsafe [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, initialised in
                count = unsafe max(0, read(descriptor, buffer.baseAddress, 16_384))
                initialised = count
            }
            if count == 0 { break }
        }
        return result
    }
    #endif
}
