package import Foundation
package import JSONTree

/// The part of JSON Schema that the report's schema uses; a keyword that is not known here is a problem, so that
/// nothing goes unchecked in silence.
package struct JSONSchema {
    private let root: JSON

    /// Reads a schema.
    package init(_ data: Data) throws {
        root = try JSONDecoder().decode(JSON.self, from: data)
    }

    /// A part of the schema.
    package func definition(_ name: String) -> [String: JSON] {
        root.members["$defs"]?.members[name]?.members ?? [:]
    }

    /// What is wrong with a document, a line each.
    package func problems(of data: Data) throws -> [String] {
        problems(of: try JSONDecoder().decode(JSON.self, from: data), root.members, at: "$")
    }

    private func problems(of value: JSON, _ schema: [String: JSON], at place: String) -> [String] {
        schema.sorted { $0.key < $1.key }.flatMap { keyword, rule in
            checkValue(keyword, rule, value, at: place) ?? checkParts(keyword, rule, value, schema, at: place)
                ?? ["\(place): the keyword \(keyword) is not known to the test"]
        }
    }

    /// What a keyword says against a value itself; nil when the keyword is not about that.
    private func checkValue(_ keyword: String, _ rule: JSON, _ value: JSON, at place: String) -> [String]? {
        let text = value.text ?? ""
        let limit = rule.number ?? .nan
        func unless(_ isRight: Bool, _ problem: String) -> [String] { isRight ? [] : ["\(place): \(problem)"] }
        switch keyword {
        case "$schema", "$defs", "title", "description": return []
        case "type": return unless(Self.isOf(rule.text, value), "not of type \(rule.text ?? "")")
        case "const": return unless(value.text == rule.text, "not \(rule.text ?? "")")
        case "enum": return unless(rule.elements.contains { $0.text == value.text }, "\(text) is not listed")
        case "pattern": return unless(Self.fits(text, rule.text), "\(text) does not fit \(rule.text ?? "")")
        case "minimum": return unless((value.number ?? .nan) >= limit, "too small")
        case "maximum": return unless((value.number ?? .nan) <= limit, "too large")
        case "minItems": return unless(Double(value.elements.count) >= limit, "too few")
        case "maxItems": return unless(Double(value.elements.count) <= limit, "too many")
        default: return nil
        }
    }

    /// What a keyword says against the parts of a value; nil when the keyword is not about them.
    private func checkParts(
        _ keyword: String,
        _ rule: JSON,
        _ value: JSON,
        _ schema: [String: JSON],
        at place: String
    ) -> [String]? {
        switch keyword {
        case "$ref":
            let target = definition(rule.text?.replacingOccurrences(of: "#/$defs/", with: "") ?? "")
            return target.isEmpty ? ["\(place): no definition \(rule)"] : problems(of: value, target, at: place)
        case "anyOf":
            let isRight = rule.elements.contains { problems(of: value, $0.members, at: place).isEmpty }
            return isRight ? [] : ["\(place): fits none of the alternatives"]
        case "items":
            return value.elements.enumerated().flatMap { problems(of: $1, rule.members, at: "\(place)[\($0)]") }
        case "required":
            let names = rule.elements.compactMap(\.text)
            return names.filter { value.members[$0] == nil }.map { "\(place).\($0): missing" }
        case "properties":
            return value.members.flatMap { name, member in
                rule.members[name].map { problems(of: member, $0.members, at: "\(place).\(name)") } ?? []
            }
        case "additionalProperties":
            let known = schema["properties"]?.members ?? [:]
            let others = value.members.filter { known[$0.key] == nil }
            if case .bool(false) = rule { return others.keys.map { "\(place).\($0): not allowed" } }
            return others.flatMap { problems(of: $0.value, rule.members, at: "\(place).\($0.key)") }
        case "propertyNames":
            return value.members.keys.flatMap { problems(of: .string($0), rule.members, at: "\(place).\($0)") }
        default: return nil
        }
    }

    private static func isOf(_ type: String?, _ value: JSON) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("number", .integer),
            ("number", .decimal), ("integer", .integer):
            true
        case ("integer", .decimal(let number)): number.rounded() == number
        default: false
        }
    }

    private static func fits(_ text: String, _ pattern: String?) -> Bool {
        guard let pattern, let regex = try? Regex(pattern) else { return false }
        return text.firstMatch(of: regex) != nil
    }
}
