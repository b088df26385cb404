#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// All requirements that a verdict can cite, decoded from the embedded data file.
package struct RequirementTable: Sendable {
    /// The requirements in the order of their texts.
    package let all: [Requirement]

    private let positions: [String: Int]

    /// The table of this build.
    package static let shared: RequirementTable = {
        do {
            return try RequirementTable(json: PackageResources.requirements_json)
        } catch {
            preconditionFailure("requirements.json does not decode: \(error)")
        }
    }()

    /// Decodes a table.
    ///
    /// - Throws: The decoder's error, or `RequirementTableError` if an id is repeated.
    package init(json: [UInt8]) throws {
        all = try JSONDecoder().decode([Requirement].self, from: Data(json))
        var positions: [String: Int] = [:]
        positions.reserveCapacity(all.count)
        for (index, requirement) in all.enumerated() {
            if positions.updateValue(index, forKey: requirement.id) != nil {
                throw RequirementTableError.duplicate(id: requirement.id)
            }
        }
        self.positions = positions
    }

    /// Whether a text begins like the id of a requirement, which the id of no scenario does.
    package static func looksLikeAnID(_ text: String) -> Bool {
        ["RFC", "IANA-", "WHATWG-"].contains { text.hasPrefix($0) }
    }

    /// The requirement with this id; nil if there is none.
    package func requirement(_ id: String) -> Requirement? {
        positions[id].map { all[$0] }
    }
}

/// What can be wrong with a requirement table that is valid JSON.
package enum RequirementTableError: Error, Hashable {
    /// Two entries have this id.
    case duplicate(id: String)
}
