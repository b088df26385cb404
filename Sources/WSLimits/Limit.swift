/// A bound of the tool: what it limits, how much it allows, and what happens when it is reached.
package struct Limit: Sendable, Hashable {
    /// The resource that a limit protects, which determines its unit.
    package enum Resource: String, Sendable, Hashable, CaseIterable {
        /// Octets in memory.
        case memory
        /// Octets on disk.
        case disk
        /// Milliseconds.
        case time
        /// A number of things.
        case count
    }

    /// The name in the documentation and in messages.
    package let name: String
    /// The protected resource, which determines the unit of ``value``.
    package let resource: Resource
    /// The highest value: octets, milliseconds or a number.
    package let value: Int
    /// What is limited, for the table in the documentation.
    package let bounded: String
    /// What happens when the limit is reached, for the table in the documentation.
    package let reached: String

    init(_ name: String, _ resource: Resource, _ value: Int, of bounded: String, then reached: String) {
        self.name = name
        self.resource = resource
        self.value = value
        self.bounded = bounded
        self.reached = reached
    }

    /// The value for people, such as `16 MiB`, `2 s` or `64`.
    package var text: String {
        switch resource {
        case .memory, .disk: Self.octets(value)
        case .time: value.isMultiple(of: 1_000) ? "\(value / 1_000) s" : "\(value) ms"
        case .count: "\(value)"
        }
    }

    /// The limit in words for messages, such as `the limit target-log of 16 MiB`.
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
    /// Cuts a text to the octets that the limit allows; a cut text ends with an ellipsis.
    package func cut(_ text: String) -> String {
        let octets = text.utf8
        guard octets.count > value else { return text }
        var end = octets.index(octets.startIndex, offsetBy: value)
        while end.samePosition(in: text.unicodeScalars) == nil { end = octets.index(before: end) }
        return text[..<end] + "…"
    }
}
