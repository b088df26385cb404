/// Octets with placeholders for values that only the run knows.
enum Template {
    /// The octets with all placeholders replaced; one without a value is removed.
    static func fill<Placeholder>(_ template: [UInt8], _ values: [Placeholder: [UInt8]]) -> [UInt8]
    where Placeholder: RawRepresentable<String> & CaseIterable & Hashable {
        var result: [UInt8] = []
        var rest = template[...]
        while let brace = rest.firstIndex(of: UInt8(ascii: "{")) {
            result += rest[..<brace]
            rest = rest[brace...]
            let placeholder = Placeholder.allCases.first { rest.starts(with: $0.rawValue.utf8) }
            if let placeholder {
                result += values[placeholder] ?? []
                rest = rest.dropFirst(placeholder.rawValue.utf8.count)
            } else {
                result.append(UInt8(ascii: "{"))
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }
}
