/// A JSON value (RFC 8259) that knows where in its file it stands.
struct PlacedJSON {
    /// The value itself.
    enum Kind {
        case null
        case bool(Bool)
        case number(Double)
        case string(String)
        case array([PlacedJSON])
        /// The members in their order; names may come several times.
        case object([Member])
    }

    /// A member of an object.
    struct Member {
        var name: String
        /// Where the name stands.
        var place: TextPlace
        var value: PlacedJSON
    }

    /// The value.
    var kind: Kind
    /// Where it begins.
    var place: TextPlace

    /// What it is, for messages.
    var kindName: String {
        switch kind {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// A place in a text file; both counts begin at 1.
package struct TextPlace: Sendable, Hashable {
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
}
