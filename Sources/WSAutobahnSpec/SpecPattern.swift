/// A pattern of a spec file, with Autobahn's meaning, which differs from that of `--cases`.
///
/// Every `*` stands for any characters, also none, and every other character for itself.
package struct SpecPattern: Sendable, Hashable {
    /// The pattern as it stands in the file.
    package let text: String
    private let parts: [String]

    /// Creates a pattern.
    package init(_ text: String) {
        self.text = text
        parts = text.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
    }

    /// Whether it has a star.
    package var hasStar: Bool { parts.count > 1 }

    /// Whether `cases` or `exclude-cases` selects this number with it.
    ///
    /// With a star, the pattern has to match a beginning of the number: `1.*` and `*.1` both select 1.1.8, and `1*`
    /// selects 10.1.1. Without a star it has to be the number.
    package func selects(_ number: String) -> Bool {
        hasStar ? matches(number, toEnd: false) : number == text
    }

    /// Whether `exclude-agent-cases` means this agent or this number with it: the whole of it, with a star or without.
    package func matchesWhole(_ name: String) -> Bool { matches(name, toEnd: true) }

    private func matches(_ name: String, toEnd: Bool) -> Bool {
        guard let first = parts.first, name.hasPrefix(first) else { return false }
        guard hasStar else { return !toEnd || name == text }
        var rest = name.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        let last = parts[parts.count - 1]
        guard !last.isEmpty else { return true }
        return toEnd ? rest.hasSuffix(last) : rest.firstRange(of: last) != nil
    }
}
