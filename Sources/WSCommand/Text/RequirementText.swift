package import WSCatalogue
import WSProtocol
import WSRender
import WSScenario

/// Describes a requirement for people: what it says, whom it binds, what it means, and the cases that cite it.
package enum RequirementText {
    /// Everything about a requirement.
    package static func describe(_ requirement: Requirement) -> String {
        var lines = [requirement.id, "  \(requirement.summary)", ""]
        lines += TextStyle.table(facts(of: requirement)).map { "  \($0)" }
        if let notes = requirement.notes { lines += ["", "Notes:", "  \(notes)"] }
        let cases = Catalogue.all.filter { $0.citesAnywhere { $0 == requirement.id } }
        let main = cases.filter { $0.isDecided(by: requirement.id) }
        lines += section("Cases that it decides", main)
        let others = cases.filter { !$0.isDecided(by: requirement.id) }
        lines += section(main.isEmpty ? "Cases that cite it" : "Other cases that cite it", others)
        if cases.isEmpty { lines += ["", "No case cites it."] }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func facts(of requirement: Requirement) -> [[String]] {
        let section = requirement.section.first?.isNumber == true ? "§\(requirement.section)" : requirement.section
        return [
            ["text", "\(requirement.source) \(section)"],
            ["level", "\(requirement.level.rawValue), by \(basis(requirement.basis))"],
            ["duty of", duty(requirement.duty)],
            ["impact", "\(requirement.impact.rawValue): \(requirement.impactReason)"],
        ]
    }

    private static func basis(_ basis: Requirement.Basis) -> String {
        switch basis {
        case .keyword: "a keyword of the text"
        case .algorithm: "a step of an algorithm"
        case .grammar: "the grammar"
        case .prose: "running text"
        case .example: "an example"
        case .registry: "a registry"
        case .erratum: "an erratum"
        }
    }

    private static func duty(_ duty: Requirement.Duty) -> String {
        switch duty {
        case .sender: "the sender, in either role"
        case .receiver: "the receiver, in either role"
        case .server: "the server"
        case .client: "the client"
        case .either: "both sides"
        }
    }

    private static func section(_ title: String, _ cases: [Scenario]) -> [String] {
        guard !cases.isEmpty else { return [] }
        return ["", "\(title) (\(cases.count)):"] + CaseListText.table(cases).split(separator: "\n").map { "  \($0)" }
    }
}

extension Scenario {
    /// Whether its main requirement or one of its outcomes that count is this one.
    fileprivate func isDecided(by id: String) -> Bool {
        targets.contains { role in
            let scenario = testing(role)
            return scenario.requirements.first == id
                || scenario.behaviour.contains { $0.grade == .violates && $0.requirement == id }
                || scenario.closing.contains { $0.grade == .violates && $0.requirement == id }
        }
    }
}
