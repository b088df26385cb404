import FoundationEssentials
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Threads for work that nobody waits for yet: what has to be quick goes before it, where the system has a say.
struct BackgroundThreads: Sendable {
    private let pool: NIOThreadPool

    /// Starts as many as there are processors.
    init() {
        pool = NIOThreadPool(numberOfThreads: ProcessInfo.processInfo.activeProcessorCount)
        pool.start()
    }

    /// Does something on one of the threads.
    func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        do {
            return try await pool.runIfActive {
                Self.yieldToOthers()
                return work()
            }
        } catch {
            // The threads have ended, so that nothing else wants to run.
            return work()
        }
    }

    /// Ends the threads once their work is done.
    func end() async {
        // Fails only where they have ended before.
        try? await pool.shutdownGracefully()
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
