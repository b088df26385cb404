/// A place in a text file; both counts begin at 1.
package struct TextPlace: Sendable, Hashable, CustomStringConvertible {
    /// The line.
    package var line: Int
    /// The character in the line.
    package var column: Int

    /// Creates a place.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Counts lines and characters up to an octet of a UTF-8 text.
    init(of offset: Int, in octets: [UInt8]) {
        let before = octets[..<min(offset, octets.count)]
        line = 1 + before.count { $0 == UInt8(ascii: "\n") }
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        // Octets that continue a character do not count.
        column = 1 + before[start...].count { $0 & 0xC0 != 0x80 }
    }

    /// The place in words, such as `line 3, column 12`.
    package var description: String { "line \(line), column \(column)" }
}
