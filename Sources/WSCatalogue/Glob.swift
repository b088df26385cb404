/// A pattern in which `*` stands for any run of characters, none included, and every other character for itself.
struct Glob {
    /// The pattern as it was given.
    let pattern: String
    private let octets: [UInt8]

    init(pattern: String) {
        self.pattern = pattern
        octets = Array(pattern.utf8)
    }

    /// Whether the pattern stands for more than one string.
    var hasWildcard: Bool { pattern.utf8.contains(UInt8(ascii: "*")) }

    /// Whether the whole of a text fits.
    func matches(_ text: String) -> Bool {
        // Most texts part with a pattern at once.
        if let first = octets.first, first != UInt8(ascii: "*"), first != text.utf8.first { return false }
        let pattern = octets
        let text = Array(text.utf8)
        var place = 0
        var position = 0
        // Where to go on when the text stops fitting: behind the last star, one octet further than the last time.
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
