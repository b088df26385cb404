import WSKernels

/// Writes JSON objects in one line each; members appear in the order of the calls.
package struct JSONLineWriter {
    /// The octets written so far.
    package var octets: [UInt8] = []
    private var needsComma = false

    /// Creates an empty writer.
    package init() {}

    /// Begins the object of a line.
    package mutating func open() {
        octets.append(UInt8(ascii: "{"))
        needsComma = false
    }

    /// Ends the object and its line.
    package mutating func close() {
        octets.append(UInt8(ascii: "}"))
        octets.append(UInt8(ascii: "\n"))
    }

    /// Begins an array as the value of a member.
    package mutating func beginArray(_ name: StaticString) {
        key(name)
        octets.append(UInt8(ascii: "["))
        needsComma = false
    }

    /// Ends an array.
    package mutating func endArray() {
        octets.append(UInt8(ascii: "]"))
        needsComma = true
    }

    /// Begins an object in an array.
    package mutating func openElement() {
        if needsComma { octets.append(UInt8(ascii: ",")) }
        open()
    }

    /// Begins an object as the value of a member; ``closeElement()`` ends it.
    package mutating func begin(_ name: StaticString) {
        key(name)
        open()
    }

    /// Ends an object inside a line.
    package mutating func closeElement() {
        octets.append(UInt8(ascii: "}"))
        needsComma = true
    }

    /// Writes a member with this JSON as its value.
    package mutating func member(_ name: StaticString, raw: StaticString) {
        key(name)
        append(raw)
    }

    /// Writes a member with JSON from elsewhere as its value.
    package mutating func member(_ name: StaticString, json: [UInt8]) {
        key(name)
        octets += json
    }

    /// Writes a member with a Boolean value.
    package mutating func member(_ name: StaticString, _ value: Bool) {
        member(name, raw: value ? "true" : "false")
    }

    /// Writes a member with a number.
    package mutating func member(_ name: StaticString, _ value: Int64) {
        key(name)
        if value < 0 { octets.append(UInt8(ascii: "-")) }
        digits(value.magnitude)
    }

    /// Writes a member with a number.
    package mutating func member(_ name: StaticString, _ value: Int) {
        member(name, Int64(value))
    }

    /// Writes a member with a number.
    package mutating func member(_ name: StaticString, _ value: UInt64) {
        key(name)
        digits(value)
    }

    private mutating func digits(_ value: UInt64) {
        // The digits are written from the last to the first; the largest number has twenty.
        var room: InlineArray<20, UInt8> = .init(repeating: 0)
        var start = room.count
        var rest = value
        repeat {
            start -= 1
            room[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        for index in start..<room.count { octets.append(room[index]) }
    }

    /// Writes a member with a string.
    package mutating func member(_ name: StaticString, text: String) {
        key(name)
        string(text)
    }

    /// Writes a member with a string of two hexadecimal digits for each octet.
    package mutating func member(_ name: StaticString, hex content: [UInt8]) {
        key(name)
        octets.append(UInt8(ascii: "\""))
        Hex.append(content.span, to: &octets)
        octets.append(UInt8(ascii: "\""))
    }

    /// Writes a member with an array of strings.
    package mutating func member(_ name: StaticString, texts: [String]) {
        key(name)
        octets.append(UInt8(ascii: "["))
        for (index, text) in texts.enumerated() {
            if index > 0 { octets.append(UInt8(ascii: ",")) }
            string(text)
        }
        octets.append(UInt8(ascii: "]"))
    }

    /// The names are literals without characters that need an escape.
    private mutating func key(_ name: StaticString) {
        if needsComma { octets.append(UInt8(ascii: ",")) }
        needsComma = true
        octets.append(UInt8(ascii: "\""))
        append(name)
        octets.append(UInt8(ascii: "\""))
        octets.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { unsafe octets.append(contentsOf: $0) }
    }

    private mutating func string(_ text: String) {
        octets.append(UInt8(ascii: "\""))
        defer { octets.append(UInt8(ascii: "\"")) }
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            octets.append(contentsOf: text.utf8)
            return
        }
        for octet in text.utf8 {
            switch octet {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                octets.append(UInt8(ascii: "\\"))
                octets.append(octet)
            case 0..<0x20:
                octets.append(contentsOf: "\\u00".utf8)
                Hex.append([octet].span, to: &octets)
            default:
                octets.append(octet)
            }
        }
    }
}
