import JSONTree

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A file of vectors: what kind they are, what their flags mean, and the vectors.
struct VectorFile {
    /// The version of the form.
    static let schema = "wsconform-vectors/1"

    /// The members of a vector of each kind: those that it must have, and those that it may have.
    static let members: [String: (needed: Set<String>, optional: Set<String>)] = [
        "frames": (["sender", "octets", "result", "events"], ["code", "offset"]),
        "masking": (["key", "plain", "masked"], ["payloadOffset"]),
        "utf8": (["octets", "result"], ["offset", "unfinished"]),
        "close": (["sender", "octets", "result"], ["code", "reason", "failureCode", "offset"]),
        "requests": (["text", "result", "status"], []),
        "responses": (["key", "subprotocols", "extensions", "text", "result"], []),
        "extensions": (["value", "result"], ["offers"]),
        "negotiations": (["offer", "answer", "result"], ["problems"]),
        "deflate": (
            ["octets", "result", "blocks", "largestDistance"],
            [
                "content", "contentLength", "contentSHA1", "error", "bit", "reach", "before", "windowBits",
                "keepsContext",
            ]
        ),
    ]

    private static let common: Set<String> = ["id", "comment", "flags"]

    let path: String
    let root: JSON

    init(path: String, root: JSON) {
        self.path = path
        self.root = root
    }

    init(path: String, octets: [UInt8]) throws(VectorTrouble) {
        self.path = path
        guard let root = try? JSONDecoder().decode(JSON.self, from: Data(octets)) else {
            throw VectorTrouble("\(path): not JSON")
        }
        self.root = root
    }

    var vectors: [JSON] { root["vectors"]?.elements ?? [] }

    /// What is wrong with the file, a line each.
    var problems: [String] {
        var problems: [String] = []
        if root["schema"]?.text != Self.schema { problems.append("schema is not \(Self.schema)") }
        let kind = root["kind"]?.text ?? ""
        guard let members = Self.members[kind] else { return problems + ["there is no kind '\(kind)'"] }
        if root["comment"]?.text?.isEmpty ?? true { problems.append("no comment") }
        if root["count"] != .integer(vectors.count) { problems.append("count is not \(vectors.count); run format") }
        let explained = Set((root["flags"]?.members ?? [:]).keys)
        var used: Set<String> = []
        for (index, vector) in vectors.enumerated() {
            let names = Set(vector.members.keys)
            let missing = members.needed.union(Self.common).subtracting(names)
            let foreign = names.subtracting(members.needed).subtracting(members.optional).subtracting(Self.common)
            if !missing.isEmpty { problems.append("vector \(index + 1) has no \(missing.sorted())") }
            if !foreign.isEmpty {
                problems.append("vector \(index + 1) has \(foreign.sorted()), which the form has not")
            }
            if vector["id"] != .integer(index + 1) { problems.append("vector \(index + 1) has another id; run format") }
            let flags = (vector["flags"]?.elements ?? []).compactMap(\.text)
            if flags.isEmpty { problems.append("vector \(index + 1) has no flag") }
            used.formUnion(flags)
        }
        problems += used.subtracting(explained).sorted().map { "the flag \($0) is not explained" }
        problems += explained.subtracting(used).sorted().map { "the flag \($0) is not used" }
        if formatted.isEmpty { problems.append("cannot be written") }
        return problems.map { "\(path): \($0)" }
    }

    /// The file in its one form: ids and count made anew, a vector a line.
    var formatted: String {
        let flags = (root["flags"]?.members ?? [:]).sorted { $0.key < $1.key }
        let numbered = vectors.enumerated().map { index, vector in
            var members = vector.members
            members["id"] = .integer(index + 1)
            return "    " + JSON.object(members).line
        }
        let explanations = flags.map { "    \(JSON.string($0.key).line): \($0.value.line)" }
        return """
            {
              "schema": \(JSON.string(Self.schema).line),
              "kind": \((root["kind"] ?? .null).line),
              "comment": \((root["comment"] ?? .null).line),
              "count": \(numbered.count),
              "flags": {
            \(explanations.joined(separator: ",\n"))
              },
              "vectors": [
            \(numbered.joined(separator: ",\n"))
              ]
            }

            """
    }

    /// How many vectors there are of each result.
    var counts: String {
        var counts: [String: Int] = [:]
        for vector in vectors { counts[vector["result"]?.text ?? "all", default: 0] += 1 }
        let results = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        return "\(path): \(vectors.count) (\(results.joined(separator: ", ")))"
    }
}

/// What keeps the tool from its work, in one line.
struct VectorTrouble: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
