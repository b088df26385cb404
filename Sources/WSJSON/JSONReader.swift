package import WSLimits

/// Reads JSON (RFC 8259) strictly, and names the line and the column of the first fault.
package struct JSONReader {
    private let octets: [UInt8]
    private let deepest: Limit
    private var position = 0
    private var depth = 0

    /// Reads the value that is the whole text.
    ///
    /// - Parameters:
    ///   - octets: The text.
    ///   - longest: How many octets it may have.
    ///   - deepest: How many values may be nested in each other.
    /// - Throws: ``JSONError`` if it is no JSON, or too long or nested too deeply.
    /// - Returns: The value.
    package static func read(
        _ octets: [UInt8],
        longest: Limit,
        deepest: Limit
    ) throws(JSONError) -> PlacedJSON {
        var reader = JSONReader(octets, deepest)
        guard octets.count <= longest.value else {
            throw reader.error("the file exceeds \(longest)", at: 0)
        }
        // Some editors and shells begin a file with a byte order mark.
        if octets.starts(with: [0xEF, 0xBB, 0xBF]) { reader.position = 3 }
        let value = try reader.value()
        reader.skipBlanks()
        guard reader.position == octets.count else {
            throw reader.error("something follows the end of the JSON value; drop it", at: reader.position)
        }
        return value
    }

    private init(_ octets: [UInt8], _ deepest: Limit) {
        self.octets = octets
        self.deepest = deepest
    }

    private func error(_ problem: String, at offset: Int) -> JSONError {
        JSONError(problem, at: TextPlace(of: offset, in: octets))
    }

    private var place: TextPlace { TextPlace(of: position, in: octets) }

    private var next: UInt8? { position < octets.count ? octets[position] : nil }

    private mutating func skipBlanks() {
        while let octet = next, [0x20, 0x09, 0x0A, 0x0D].contains(octet) { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// The next character, for messages.
    private var shown: String {
        guard let octet = next else { return "the end of the file" }
        if octet > 0x20, octet < 0x7F { return "'\(Character(Unicode.Scalar(octet)))'" }
        return octet == 0x0A || octet == 0x0D ? "the end of the line" : "an unexpected character"
    }

    // MARK: - Values

    private mutating func value() throws(JSONError) -> PlacedJSON {
        skipBlanks()
        let start = place
        switch next {
        case UInt8(ascii: "{"): return PlacedJSON(kind: .object(try object()), place: start)
        case UInt8(ascii: "["): return PlacedJSON(kind: .array(try array()), place: start)
        case UInt8(ascii: "\""): return PlacedJSON(kind: .string(try string()), place: start)
        case let octet? where octet == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet):
            return PlacedJSON(kind: .number(try number()), place: start)
        default:
            for (word, kind) in [("true", PlacedJSON.Kind.bool(true)), ("false", .bool(false)), ("null", .null)]
            where octets[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return PlacedJSON(kind: kind, place: start)
            }
            throw error("\(shown) where a value should stand; this is no JSON", at: position)
        }
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= deepest.value else { throw error("it exceeds \(deepest)", at: position) }
        position += 1
    }

    private mutating func object() throws(JSONError) -> [PlacedJSON.Member] {
        try enter()
        defer { depth -= 1 }
        var members: [PlacedJSON.Member] = []
        skipBlanks()
        if take("}") { return members }
        while true {
            skipBlanks()
            let start = place
            guard next == UInt8(ascii: "\"") else {
                let hint = next == UInt8(ascii: "}") ? "; drop the comma before it" : "; write it in double quotes"
                throw error("\(shown) where a key should stand\(hint)", at: position)
            }
            let name = try string()
            skipBlanks()
            guard take(":") else { throw error("\(shown) where a colon should stand behind '\(name)'", at: position) }
            members.append(PlacedJSON.Member(name: name, place: start, value: try value()))
            skipBlanks()
            if take("}") { return members }
            guard take(",") else { throw error("\(shown) where a comma or } should stand", at: position) }
        }
    }

    private mutating func array() throws(JSONError) -> [PlacedJSON] {
        try enter()
        defer { depth -= 1 }
        var elements: [PlacedJSON] = []
        skipBlanks()
        if take("]") { return elements }
        while true {
            skipBlanks()
            if next == UInt8(ascii: "]") {
                throw error("']' where a value should stand; drop the comma before it", at: position)
            }
            elements.append(try value())
            skipBlanks()
            if take("]") { return elements }
            guard take(",") else { throw error("\(shown) where a comma or ] should stand", at: position) }
        }
    }

    private mutating func number() throws(JSONError) -> Double {
        let start = position
        while let octet = next, "+-.eE0123456789".utf8.contains(octet) { position += 1 }
        let text = String(decoding: octets[start..<position], as: UTF8.self)
        let digits = text.drop { $0 == "-" }
        let hasZero = digits.hasPrefix("0") && digits.dropFirst().first?.isNumber == true
        guard !hasZero, let value = Double(text), value.isFinite, text.last?.isNumber == true else {
            throw error("'\(text.prefix(40))' is no number of JSON", at: start)
        }
        return value
    }

    // MARK: - Strings

    private mutating func string() throws(JSONError) -> String {
        let start = position
        position += 1
        var units: [UInt8] = []
        while let octet = next {
            switch octet {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: units, as: UTF8.self) else {
                    throw error("a string that is no UTF-8; save the file as UTF-8", at: start)
                }
                return text
            case UInt8(ascii: "\\"): units += Array(String(try escape()).utf8)
            case 0..<0x20: throw error("\(shown) within a string; close it with a double quote", at: position)
            default:
                units.append(octet)
                position += 1
            }
        }
        throw error("a string that does not end; close it with a double quote", at: start)
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        let start = position
        position += 1
        guard let octet = next else { throw error("a string that does not end", at: start) }
        position += 1
        switch octet {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(octet)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let first = try hex(start)
            guard first & 0xFC00 == 0xD800, octets[position...].starts(with: "\\u".utf8) else {
                return Unicode.Scalar(first) ?? "\u{FFFD}"
            }
            position += 2
            let second = try hex(start)
            guard second & 0xFC00 == 0xDC00 else { return "\u{FFFD}" }
            return Unicode.Scalar(0x10000 + ((first & 0x3FF) << 10) + (second & 0x3FF)) ?? "\u{FFFD}"
        default: throw error("a backslash before a character that needs none; write \\\\ for a backslash", at: start)
        }
    }

    private mutating func hex(_ start: Int) throws(JSONError) -> UInt32 {
        let digits = octets[position...].prefix(4)
        guard digits.count == 4, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16),
            !digits.contains(UInt8(ascii: "+")), !digits.contains(UInt8(ascii: "-"))
        else { throw error("\\u without four hexadecimal digits", at: start) }
        position += 4
        return value
    }
}
