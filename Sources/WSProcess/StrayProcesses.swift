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
        let wanted = Array("\(Self.variable)=\(value)\0".utf8)
        return ProcessFiles.processes.filter { process in
            guard process != getpid() else { return false }
            let environment = ProcessFiles.content("/proc/\(process)/environ", atMost: Self.longestEnvironment)
            return Self.holds(environment, wanted)
        }
    }

    private static func name(of process: Int32) -> String {
        let octets = ProcessFiles.content("/proc/\(process)/comm", atMost: 64).prefix { $0 != UInt8(ascii: "\n") }
        return octets.isEmpty ? "a process" : String(decoding: octets, as: UTF8.self)
    }

    private static func holds(_ octets: [UInt8], _ wanted: [UInt8]) -> Bool {
        // Each variable ends with a zero octet.
        octets.split(separator: 0).contains { $0.elementsEqual(wanted.dropLast()) }
    }
    #endif
}
