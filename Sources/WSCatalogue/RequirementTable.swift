import FoundationEssentials

/// All requirements that a verdict can cite, decoded once from the embedded data file.
package struct RequirementTable: Sendable {
    /// The requirements in the order of their texts.
    package let all: [Requirement]

    private let positions: [String: Int]

    /// The table that this build carries.
    package static let shared: RequirementTable = {
        do {
            return try RequirementTable(json: PackageResources.requirements_json)
        } catch {
            preconditionFailure("requirements.json does not decode: \(error)")
        }
    }()

    /// Decodes a table.
    ///
    /// - Throws: the decoder's error, or `RequirementTableError` where an id stands twice.
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

    /// The requirement of this id.
    package func requirement(_ id: String) -> Requirement? {
        positions[id].map { all[$0] }
    }
}

/// What can be wrong with a requirement table beyond its JSON.
package enum RequirementTableError: Error, Hashable {
    /// Two entries have this id.
    case duplicate(id: String)
}
