/// What has to be seen of the target's process for a scenario to be judged, because the wire does not show it.
///
/// Such a scenario runs on its own, and only when the tester has started the target. How the target ends and what a
/// sanitizer says is looked at whatever the bounds are.
package struct Supervision: Sendable, Hashable, Codable {
    /// By how many octets the target's resident memory may grow while the conversation lasts; nil for any number.
    package var memoryGrowth: UInt64?
    /// How much processor time the target may use for each second of the conversation: 1 is one core; nil for any.
    package var processorShare: Double?

    /// Creates the bounds; without any, only exits, signals and sanitizers are looked at.
    package init(memoryGrowth: UInt64? = nil, processorShare: Double? = nil) {
        self.memoryGrowth = memoryGrowth
        self.processorShare = processorShare
    }

    /// Whether memory or processor time decides.
    package var isBounded: Bool { memoryGrowth != nil || processorShare != nil }
}
