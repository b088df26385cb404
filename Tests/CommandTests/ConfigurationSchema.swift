import Foundation
import JSONTree
import WSCommand

/// The JSON Schema of `wsconform.json`, made of what the parser knows of the options.
enum ConfigurationSchema {
    static let path = "Reports/schema/config-1.schema.json"

    /// The schema as it is written.
    static func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(root), as: UTF8.self) + "\n"
    }

    private static var root: JSON {
        var properties: [String: JSON] = [
            "$schema": object([
                "type": "string", "description": "Where this schema is, for editors; wsconform does not read it.",
            ])
        ]
        for options in Invocation.configurable { properties[options.command] = section(options) }
        return object(
            [
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "title": "The configuration of wsconform, version 1",
                "description":
                    "The file wsconform.json, or that of --config: the options of wsconform server and wsconform client.",
                "type": "object",
            ],
            ["additionalProperties": .bool(false), "properties": .object(properties)]
        )
    }

    private static func section(_ options: CommandOptions) -> JSON {
        var properties: [String: JSON] = [:]
        for option in options.inFiles { properties[option.name] = value(option) }
        if options["header"] != nil { properties["headers"] = pairs("Header fields to send, by name.") }
        if options["cookie"] != nil { properties["cookies"] = pairs("Cookies to send, by name.") }
        return object(
            ["type": "object", "description": "The options of wsconform \(options.command)."],
            ["additionalProperties": .bool(false), "properties": .object(properties)]
        )
    }

    private static func pairs(_ description: String) -> JSON {
        object(["type": "object", "description": description], ["additionalProperties": object(["type": "string"])])
    }

    private static func value(_ option: CommandOptions.Option) -> JSON {
        let text =
            option.values.isEmpty
            ? object(["type": "string"]) : object([:], ["enum": .array(option.values.map(JSON.string))])
        let list: (JSON) -> JSON = { object(["type": "array"], ["items": $0]) }
        var rule: [String: JSON] =
            switch option.content {
            case .flag: object(["type": "boolean"]).members
            case .command: list(object(["type": "string"])).members.merging(["minItems": .integer(1)]) { $1 }
            case .number: ["anyOf": .array([object(["type": "number"]), text])]
            case .text, .path: option.isRepeating ? ["anyOf": .array([text, list(text)])] : text.members
            }
        rule["description"] = .string(option.help)
        return .object(rule)
    }

    private static func object(_ texts: [String: String], _ others: [String: JSON] = [:]) -> JSON {
        .object(texts.mapValues(JSON.string).merging(others) { $1 })
    }
}
