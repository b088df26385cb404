/// What has to be observed of the target's process, because the wire does not show it.
///
/// Such a scenario runs alone, and only if the tester has started the target. The end of the process and sanitizer
/// reports are observed with any bounds.
package struct Supervision: Sendable, Hashable, Codable {
    /// How many octets the target's resident memory may grow during the conversation; nil for no bound.
    package var memoryGrowth: UInt64?
    /// How much processor time the target may use per second of the conversation: 1 is one core; nil for no bound.
    package var processorShare: Double?

    /// Creates bounds; without any, only exits, signals and sanitizers are observed.
    package init(memoryGrowth: UInt64? = nil, processorShare: Double? = nil) {
        self.memoryGrowth = memoryGrowth
        self.processorShare = processorShare
    }

    /// Whether there is a bound on memory or processor time.
    package var isBounded: Bool { memoryGrowth != nil || processorShare != nil }
}
