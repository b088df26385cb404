import WSProtocol
import WSRender
package import WSScenario

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The list of cases.
package enum CaseListText {
    /// A line for each case: id, number in Autobahn, title.
    package static func table(_ scenarios: [Scenario]) -> String {
        let rows = scenarios.map { [$0.id, $0.autobahn?.number ?? "", title(of: $0)] }
        return TextStyle.table(rows).joined(separator: "\n") + "\n"
    }

    /// The cases as JSON, with everything that they can be selected by.
    package static func json(_ scenarios: [Scenario]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let entries = scenarios.map { scenario in
            Entry(
                id: scenario.id,
                title: scenario.title,
                autobahn: scenario.autobahn?.number,
                requirements: scenario.requirements,
                targets: scenario.targets,
                needs: scenario.needs,
                supervised: scenario.supervision != nil,
                tags: scenario.tags.map(\.rawValue)
            )
        }
        return String(decoding: try encoder.encode(entries), as: UTF8.self) + "\n"
    }

    private struct Entry: Encodable {
        var id: String
        var title: String
        var autobahn: String?
        var requirements: [String]
        var targets: [Role]
        var needs: ApplicationNeed
        var supervised: Bool
        var tags: [String]
    }

    private static func title(of scenario: Scenario) -> String {
        guard !scenario.tags.isEmpty else { return scenario.title }
        return "\(scenario.title) [\(scenario.tags.map(\.rawValue).joined(separator: ", "))]"
    }
}
