/// The settings of one endpoint that may be in force: those that the other one has acknowledged, and those that it has
/// not.
///
/// While an acknowledgment is due, the other endpoint may follow either, so each value is the more generous one.
struct HTTP2SettingsLedger: Sendable, Hashable {
    /// What the other endpoint may follow.
    private(set) var inForce = HTTP2Settings()
    /// What was set last.
    private(set) var latest = HTTP2Settings()

    private var acknowledged = HTTP2Settings()
    private var pending: [Entry] = []

    private struct Entry: Sendable, Hashable {
        var settings: HTTP2Settings
        var count = 1
    }

    /// How many sets are kept apart until they are acknowledged.
    private static let capacity = 64

    /// Takes a SETTINGS frame.
    ///
    /// - Returns: For each setting that violates a rule the rule.
    mutating func set(_ settings: [HTTP2Setting], from role: HTTP2Role) -> [(setting: HTTP2Setting, rule: HTTP2Rule)] {
        var violations: [(HTTP2Setting, HTTP2Rule)] = []
        for setting in settings {
            if let rule = latest.apply(setting, from: role) { violations.append((setting, rule)) }
        }
        if pending.count < Self.capacity {
            pending.append(Entry(settings: latest))
        } else {
            pending[pending.count - 1].settings = latest.widened(by: pending[pending.count - 1].settings)
            pending[pending.count - 1].count += 1
        }
        update()
        return violations
    }

    /// Takes an acknowledgment by the other endpoint.
    ///
    /// - Returns: Whether there is anything to acknowledge.
    mutating func acknowledge() -> Bool {
        guard !pending.isEmpty else { return false }
        pending[0].count -= 1
        if pending[0].count == 0 { acknowledged = pending.removeFirst().settings }
        update()
        return true
    }

    private mutating func update() {
        inForce = pending.reduce(acknowledged) { $0.widened(by: $1.settings) }
    }
}
