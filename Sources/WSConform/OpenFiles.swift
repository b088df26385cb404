import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The number of files and connections that this process may have open at a time.
package enum OpenFiles {
    /// The number of open files that a run needs besides its conversations.
    ///
    /// They are the report, a target's log, files of the system, and three for each event loop.
    private static let reserve = 40 + 3 * System.coreCount
    /// The number of open files for a conversation: its connection, a second connection, and a file.
    private static let perConversation = 3

    /// Raises the limit as far as the system allows, and computes how many conversations fit.
    ///
    /// - Parameters:
    ///   - jobs: The requested number of parallel conversations.
    ///   - note: Receives a line if fewer fit.
    /// - Returns: The limit, nil if the system does not tell, and the number of jobs.
    /// - Throws: `RunTrouble` if not even one conversation fits.
    package static func provide(
        forJobs jobs: Int,
        note: (String) -> Void
    ) throws(RunTrouble) -> (limit: Int?, jobs: Int) {
        guard let limit = raiseLimit() else { return (nil, jobs) }
        let fitting = (limit - reserve) / perConversation
        guard fitting >= 1 else {
            let least = reserve + perConversation
            throw RunTrouble("only \(limit) files may be open at a time; raise ulimit -n to \(least) or more")
        }
        guard fitting < jobs else { return (limit, jobs) }
        note("only \(limit) files may be open at a time, so --jobs is \(fitting); raise ulimit -n for more")
        return (limit, fitting)
    }

    /// Raises the limit as far as the system allows.
    ///
    /// - Returns: The new limit; nil if the system does not tell.
    private static func raiseLimit() -> Int? {
        #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { return nil }
        let wanted = rlimit(rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max)
        if limit.rlim_cur < limit.rlim_max,
            unsafe withUnsafePointer(to: wanted, { unsafe setrlimit(resource, $0) }) == 0
        {
            limit = wanted
        }
        return Int(clamping: limit.rlim_cur)
    }
}
