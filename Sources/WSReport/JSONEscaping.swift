/// Escapes characters in JSON that a terminal or an editor would interpret.
///
/// A peer's text may contain control characters outside ASCII, bidirectional marks, invisible characters and line
/// separators. JSON allows them unescaped, but printing a report must be safe.
enum JSONEscaping {
    /// The JSON with such characters as `\u` escapes; they occur only in strings, so the value stays the same.
    static func escaped(_ json: [UInt8]) -> [UInt8] {
        guard json.contains(where: { $0 >= 0x7F }) else { return json }
        var result: [UInt8] = []
        result.reserveCapacity(json.count + 64)
        // Octets between such characters are copied in one piece.
        var start = 0
        var index = 0
        while index < json.count {
            let octet = json[index]
            guard octet >= 0x7F else {
                index += 1
                continue
            }
            result.append(contentsOf: json[start..<index])
            let length = octet >= 0xF0 ? 4 : octet >= 0xE0 ? 3 : octet >= 0xC0 ? 2 : 1
            let end = min(index + length, json.count)
            append(String(decoding: json[index..<end], as: UTF8.self), to: &result)
            index = end
            start = end
        }
        result.append(contentsOf: json[start...])
        return result
    }

    private static func append(_ text: String, to result: inout [UInt8]) {
        for scalar in text.unicodeScalars {
            guard isActedOn(scalar) else {
                result.append(contentsOf: String(scalar).utf8)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                result.append(contentsOf: "\\u".utf8)
                result.append(contentsOf: String(repeating: "0", count: 4 - digits.utf8.count).utf8)
                result.append(contentsOf: digits.utf8)
            }
        }
    }

    private static func isActedOn(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse: true
        // Some invisible characters belong to other categories.
        default: scalar.properties.isDefaultIgnorableCodePoint
        }
    }
}
