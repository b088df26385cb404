/// JSON as Python's `json` module writes it with `indent=3` and `separators=(',', ': ')`.
///
/// The text is ASCII, members keep their order, and there is no line feed at the end.
enum JSONValue {
    case null
    case bool(Bool)
    case number(Int)
    case string(String)
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])

    /// An object whose members are sorted by key.
    static func sorted(_ members: [String: JSONValue]) -> Self {
        .object(members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) })
    }

    /// An object whose keys are numbers, sorted numerically.
    static func sorted(_ members: [Int: Int]) -> Self {
        .object(members.sorted { $0.key < $1.key }.map { (String($0.key), .number($0.value)) })
    }

    /// A string, or null.
    static func optional(_ text: String?) -> Self { text.map { .string($0) } ?? .null }

    /// A number, or null.
    static func optional(_ number: UInt16?) -> Self { number.map { .number(Int($0)) } ?? .null }

    /// The value as text.
    var text: String {
        var text = ""
        write(to: &text, depth: 0)
        return text
    }

    private static let indent = 3

    private func write(to text: inout String, depth: Int) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .number(let value): text += String(value)
        case .string(let value): Self.write(value, to: &text)
        case .array(let values):
            Self.write(values, "[", "]", to: &text, depth: depth) { value, text in
                value.write(to: &text, depth: depth + 1)
            }
        case .object(let members):
            Self.write(members, "{", "}", to: &text, depth: depth) { member, text in
                Self.write(member.key, to: &text)
                text += ": "
                member.value.write(to: &text, depth: depth + 1)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element],
        _ opening: String,
        _ closing: String,
        to text: inout String,
        depth: Int,
        element: (Element, inout String) -> Void
    ) {
        text += opening
        for (index, value) in elements.enumerated() {
            text += index == 0 ? "\n" : ",\n"
            text += String(repeating: " ", count: indent * (depth + 1))
            element(value, &text)
        }
        if !elements.isEmpty { text += "\n" + String(repeating: " ", count: indent * depth) }
        text += closing
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case "\u{8}": text += "\\b"
            case "\u{C}": text += "\\f"
            case " "..."~": text.unicodeScalars.append(scalar)
            default:
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        text += "\""
    }
}
