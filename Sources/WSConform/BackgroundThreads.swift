import NIOPosix

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Threads for work without urgency; they give way to other threads if the system supports that.
enum BackgroundThreads {
    /// One thread per processor, for the lifetime of the process.
    private static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: ProcessInfo.processInfo.activeProcessorCount)
        pool.start()
        return pool
    }()

    /// Runs a function on one of the threads.
    static func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        do {
            return try await pool.runIfActive {
                yieldToOthers()
                return work()
            }
        } catch {
            // The caller was cancelled before a thread was free, but still needs the result.
            return work()
        }
    }

    /// Lowers the priority of the calling thread, if the system can do that for a single thread.
    private static func yieldToOthers() {
        #if canImport(Glibc)
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
        #elseif canImport(Musl)
        _ = setpriority(PRIO_PROCESS, 0, niceness)
        #endif
    }

    private static let niceness: Int32 = 10
}
