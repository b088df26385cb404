#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Measures memory and processor time of a process group with Linux's `/proc`.
///
/// The command may be a shell or a manager that started the server, so all processes of the group are added up. Shared
/// pages are counted for each process.
struct GroupUsage {
    /// The resident memory of all processes at the last sample, in octets.
    private(set) var resident: UInt64 = 0
    /// The processor time of all known processes, including ended ones, in nanoseconds.
    var processor: Int64 { ticks.values.reduce(0, +) * (1_000_000_000 / Self.ticksPerSecond) }

    private let group: Int32
    private var members: [Int32]
    private var ticks: [Int32: Int64] = [:]

    /// Creates a measurement that knows the leader of the group.
    init(group: Int32) {
        self.group = group
        members = [group]
    }

    #if os(Linux)
    /// Whether this system provides the values.
    static let isAvailable = true

    private static let ticksPerSecond = Int64(sysconf(Int32(_SC_CLK_TCK)))
    private static let pageSize = UInt64(sysconf(Int32(_SC_PAGESIZE)))

    /// Finds the processes of the group; new processes are found only here.
    mutating func findMembers() {
        members = ProcessFiles.processes.filter { Self.status(of: $0)?.group == group }
    }

    /// Samples memory and processor time of the known processes.
    mutating func sample() {
        resident = 0
        for member in members {
            guard let status = Self.status(of: member), status.group == group else { continue }
            resident += status.pages * Self.pageSize
            ticks[member] = status.ticks
        }
    }

    /// The used fields of `/proc/PID/stat`; nil if the process has ended.
    private static func status(of process: Int32) -> (group: Int32, ticks: Int64, pages: UInt64)? {
        let octets = ProcessFiles.content("/proc/\(process)/stat", atMost: 4_096)
        // The name is in parentheses and may itself contain parentheses.
        guard let name = octets.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = octets[(name + 1)...].split(separator: UInt8(ascii: " ")).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard fields.count > 21, let group = Int32(fields[2]), let user = Int64(fields[11]),
            let system = Int64(fields[12]), let pages = UInt64(fields[21])
        else { return nil }
        return (group, user + system, pages)
    }
    #else
    /// Whether this system provides the values.
    static let isAvailable = false

    private static let ticksPerSecond: Int64 = 100

    /// Does nothing on this system.
    mutating func findMembers() {}

    /// Does nothing on this system.
    mutating func sample() {}
    #endif
}
