import FoundationEssentials
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Threads for work that nobody waits for yet: what has to be quick goes before it, where the system has a say.
enum BackgroundThreads {
    /// As many as there are processors; they last as long as the process.
    private static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: ProcessInfo.processInfo.activeProcessorCount)
        pool.start()
        return pool
    }()

    /// Does something on one of the threads.
    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        do {
            return try await pool.runIfActive {
                yieldToOthers()
                return work()
            }
        } catch {
            // Whoever asked was cancelled before a thread was free, and wants it all the same.
            return work()
        }
    }

    /// Has the calling thread give way to the others; a system that cannot do so for one thread alone is left as it is.
    private static func yieldToOthers() {
        #if canImport(Glibc)
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
        #elseif canImport(Musl)
        _ = setpriority(PRIO_PROCESS, 0, niceness)
        #endif
    }

    private static let niceness: Int32 = 10
}
