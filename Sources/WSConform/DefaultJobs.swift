import NIOCore

/// The default number of parallel conversations.
package enum DefaultJobs {
    /// It is lower on few cores, because the target often shares them and has to answer in time.
    package static let count = min(most, perCore * System.coreCount)

    private static let most = 16
    private static let perCore = 4
}
