import WSCatalogue
import WSModelPeer
import WSProtocol
import WSScenario

/// The report of what is caught by what, written and read again.
extension Sensitivity {
    /// The file, from the top of the checkout.
    static let path = "Reports/sensitivity.md"

    /// The whole report.
    static func text(_ both: [(sensitivity: Sensitivity, source: Source)]) -> String {
        var lines = introduction
        lines += ["| | " + both.map { "\($0.source.role.rawValue)s" }.joined(separator: " | ") + " |", "|---|---|---|"]
        let figures = both.map { $0.sensitivity.figures($0.source) }
        for (row, figure) in (figures.first ?? []).enumerated() {
            lines.append("| \(figure.title) | " + figures.map { "\($0[row].number)" }.joined(separator: " | ") + " |")
        }
        for (sensitivity, source) in both { lines += sensitivity.section(source) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let introduction = [
        "# Sensitivity: what catches what",
        "",
        "Each scenario is run in memory against the model peer with one defect after the other. A defect is *caught* where the",
        "finding cites what the scenario lists and what the defect breaks: a server that never answers Close fails everything,",
        "which shows nothing of what a scenario is about. [How that is counted](../Sources/WSCatalogue/WSCatalogue.docc/Coverage.md).",
        "",
        "`wsconform echo --defect NAME` and `wsconform client --embedded --defect NAME` play a defect over TCP. This file is made by",
        "`WSCONFORM_RECORD=1 swift test --filter SensitivityTests`, which prints the time that it takes; `swift test` runs a sample",
        "of its rows again, and all of them with `WSCONFORM_WHOLE_MATRIX=1`.",
        "",
    ]

    private func figures(_ source: Source) -> [(title: String, number: Int)] {
        let requirements = Self.requirements(source)
        return [
            ("scenarios that can fail", caught.count),
            ("… that a defect fails for what they are about", caught.values.count { !$0.isEmpty }),
            ("scenarios that hold nothing against anybody", Self.leftOpen(source).count),
            ("defects", source.defects.count),
            ("pairs of scenario and defect, caught", caught.values.reduce(0) { $0 + $1.count }),
            ("requirements", requirements.count),
            ("… that a defect breaks and a scenario shows", requirements.count { $0.proof != nil }),
        ]
    }

    private func section(_ source: Source) -> [String] {
        let long = Set(source.long.map(\.id))
        var lines = [
            "", "## \(source.role == .server ? "Servers" : "Clients") under test", "",
            "### Scenarios, and the defects that each catches", "",
            "Scenarios in *italics* are long, and run against one defect, which a shorter one of their kind catches, too.",
        ]
        for (topic, ids) in Dictionary(grouping: caught.keys, by: Self.topic).sorted(by: { $0.key < $1.key }) {
            lines += ["", "#### \(topic)", ""]
            let alike = Dictionary(grouping: ids.sorted()) { [caught[$0] ?? [], long.contains($0) ? ["*"] : []] }
            for (key, ids) in alike.sorted(by: { $0.value[0] < $1.value[0] }) {
                let mark = key[1].isEmpty ? "" : "*"
                let slugs = ids.map { "\(mark)`\($0.dropFirst(topic.count + 1))`\(mark)" }.joined(separator: ", ")
                lines.append("- \(slugs): \(key[0].isEmpty ? "nothing" : key[0].joined(separator: ", "))")
            }
        }
        lines += ["", "### Defects, and the scenarios that catch each", ""]
        lines += source.defects.map { line(of: $0, source) }
        lines += ["", "### What no defect reaches", ""]
        for entry in Unreached.entries(testing: source.role) {
            lines.append("- \(entry.cases.map { "`\($0)`" }.joined(separator: ", ")): \(entry.reason)")
        }
        let open = Self.list(Self.leftOpen(source))
        lines.append("- What holds nothing against anybody, but that the target survives it: \(open)")
        lines.append("- What is about TLS needs sockets, and has tests of its own: `tls/*`")
        return lines + ["", "### Requirements", ""] + Self.requirements(source).map(\.line)
    }

    /// What becomes of a defect: how many scenarios catch it, by topic, with the first of them.
    private func line(of defect: (name: String, summary: String, standing: String), _ source: Source) -> String {
        let ids = scenarios(catching: defect.name)
        let start = "- `\(defect.name)`, \(defect.summary.dropLast()): "
        guard ids.isEmpty else {
            let topics = Dictionary(grouping: ids) { $0.prefix { $0 != "/" } }.sorted { $0.key < $1.key }
            return start + topics.map { "\($0.key) \($0.value.count)" }.joined(separator: ", ") + "; `\(ids[0])`"
        }
        if source.everywhere.contains(defect.name) { return start + "shows in every conversation" }
        let proof = source.exercises.filter { $0.defect == defect.name }.map(\.scenario).min()
        if let proof { return start + "shows in passing, as in `\(proof)`" }
        return start
            + (defect.standing == ModelDefect.Standing.allowed.rawValue
                ? "a freedom that the text gives" : "the text leaves it open, so that nobody may be failed for it")
    }

    /// The scenarios without an outcome that counts against anybody, in order.
    private static func leftOpen(_ source: Source) -> [String] {
        Catalogue.all.filter { scenario in
            scenario.targets.contains(source.role) && scenario.security == nil
                && scenario.isLeftOpen(testing: source.role)
        }.map(\.id).sorted()
    }

    private static func list(_ ids: [String]) -> String { ids.map { "`\($0)`" }.joined(separator: ", ") }

    private static func topic(_ id: String) -> String {
        id.lastIndex(of: "/").map { String(id[..<$0]) } ?? id
    }

    /// The counted requirements, each with its line and the proof that its violation is found.
    private static func requirements(_ source: Source) -> [(line: String, proof: Exercise?)] {
        let scope = CoverageScope(testing: source.role)
        let proofs = Dictionary(grouping: source.exercises, by: \.requirement)
        return RequirementTable.shared.all.filter(scope.holds).map { requirement in
            let proof = proofs[requirement.id]?.min { ($0.defect, $0.scenario) < ($1.defect, $1.scenario) }
            let shown = proof.map { "`\($0.defect)` in `\($0.scenario)`" }
            let reason = Unexercised.reason(of: requirement, testing: source.role)
            return ("- \(requirement.id) \(requirement.level.rawValue): \(shown ?? reason ?? "not exercised")", proof)
        }
    }
}

extension Sensitivity {
    /// Reads what is caught out of a report.
    static func parse(_ text: String) -> [Role: Sensitivity] {
        var found: [Role: Sensitivity] = [:]
        var role: Role?
        var topic: Substring?
        for line in text.split(separator: "\n") {
            if line.hasPrefix("## ") { role = line.hasPrefix("## Servers") ? .server : .client }
            if line.hasPrefix("#") { topic = line.hasPrefix("#### ") ? line.dropFirst(5) : nil }
            guard let role, let topic, line.hasPrefix("- "), let colon = line.firstRange(of: ": ") else { continue }
            let names = line[colon.upperBound...].split(separator: ", ").map(String.init)
            for slug in line[..<colon.lowerBound].dropFirst(2).split(separator: ", ") {
                let id = "\(topic)/" + slug.filter { $0 != "`" && $0 != "*" }
                found[role, default: Sensitivity(role: role)].caught[id] = names == ["nothing"] ? [] : names
            }
        }
        return found
    }
}
