/// A pattern in which `*` matches any characters, also none, and every other character matches itself.
package struct Glob: Sendable, Hashable {
    /// The pattern as given.
    package let pattern: String
    private let octets: [UInt8]

    /// Creates a pattern.
    package init(pattern: String) {
        self.pattern = pattern
        octets = Array(pattern.utf8)
    }

    /// Whether the pattern can match more than one string.
    package var hasWildcard: Bool { pattern.utf8.contains(UInt8(ascii: "*")) }

    /// Whether the pattern matches the whole text.
    package func matches(_ text: String) -> Bool {
        // Most texts differ in the first character.
        if let first = octets.first, first != UInt8(ascii: "*"), first != text.utf8.first { return false }
        let pattern = octets
        let text = Array(text.utf8)
        var place = 0
        var position = 0
        // Where to continue after a mismatch: after the last star, one octet further than the last time.
        var retry: (place: Int, position: Int)?
        while position < text.count {
            if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
                retry = (place + 1, position)
                place += 1
            } else if place < pattern.count, pattern[place] == text[position] {
                place += 1
                position += 1
            } else if let last = retry {
                retry = (last.place, last.position + 1)
                place = last.place
                position = last.position + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
