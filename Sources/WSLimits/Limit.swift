/// A bound of the tool: what it bounds, how much it allows, and what happens where it is reached.
package struct Limit: Sendable, Hashable {
    /// What a limit saves.
    package enum Resource: String, Sendable, Hashable, CaseIterable {
        /// Octets in memory.
        case memory
        /// Octets on disk.
        case disk
        /// Milliseconds.
        case time
        /// How many there are of something.
        case count
    }

    /// The name, as the table in the documentation and messages have it.
    package let name: String
    /// What it saves, which says what ``value`` counts.
    package let resource: Resource
    /// How much is allowed: octets, milliseconds or a number.
    package let value: Int
    /// What is bounded.
    package let bounded: String
    /// What happens where the limit is reached.
    package let reached: String

    init(_ name: String, _ resource: Resource, _ value: Int, of bounded: String, then reached: String) {
        self.name = name
        self.resource = resource
        self.value = value
        self.bounded = bounded
        self.reached = reached
    }

    /// How much is allowed, for people: `16 MiB`, `2 s`, `64`.
    package var text: String {
        switch resource {
        case .memory, .disk: Self.octets(value)
        case .time: value.isMultiple(of: 1_000) ? "\(value / 1_000) s" : "\(value) ms"
        case .count: "\(value)"
        }
    }

    /// `the limit target-log of 16 MiB`, for messages.
    package var description: String { "the limit \(name) of \(text)" }

    private static func octets(_ count: Int) -> String {
        for (unit, name) in [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")]
        where count >= unit && count.isMultiple(of: unit) {
            return "\(count / unit) \(name)"
        }
        return "\(count) octets"
    }
}

extension Limit: CustomStringConvertible {}

extension Limit {
    /// A text that has at most as many octets as the limit allows; one that was cut ends with an ellipsis.
    package func cut(_ text: String) -> String {
        let octets = text.utf8
        guard octets.count > value else { return text }
        var end = octets.index(octets.startIndex, offsetBy: value)
        while end.samePosition(in: text.unicodeScalars) == nil { end = octets.index(before: end) }
        return text[..<end] + "…"
    }
}
