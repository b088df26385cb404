import WSCatalogue
package import WSProtocol
package import WSReport
package import WSScenario

/// The selection of the cases that a run plays.
package struct CaseSelection: Sendable, Hashable {
    /// The patterns of cases to play; empty for all that are not left out by default.
    package var cases: [String]
    /// The patterns of cases to leave out.
    package var exclude: [String]
    /// Whether only cases of Autobahn's are played.
    package var onlyAutobahn: Bool

    /// Creates a selection from patterns.
    package init(cases: [String] = [], exclude: [String] = [], onlyAutobahn: Bool = false) {
        self.cases = cases
        self.exclude = exclude
        self.onlyAutobahn = onlyAutobahn
    }

    /// The selected scenarios, in the order of the catalogue.
    ///
    /// - Parameters:
    ///   - role: The role under test.
    ///   - transport: The transport of the connections.
    /// - Throws: `RunTrouble` with one line if a pattern matches nothing, or nothing is left.
    /// - Returns: At least one scenario.
    package func scenarios(for role: Role, over transport: Transport) throws(RunTrouble) -> [Scenario] {
        let selected: [Scenario]
        do {
            selected = try Selector.select(
                from: Catalogue.all,
                cases: cases,
                exclude: exclude,
                role: role,
                over: transport
            )
        } catch {
            throw RunTrouble("\(error); wsconform cases lists them all")
        }
        guard onlyAutobahn else { return selected }
        let numbered = selected.filter { $0.autobahn != nil }
        guard !numbered.isEmpty else {
            throw RunTrouble("Autobahn has none of the selected cases; drop --only-autobahn")
        }
        return numbered
    }

    /// Notes about the patterns for the user, one line each.
    package func notes(for role: Role) -> [String] {
        Selector.notes(from: Catalogue.all, cases: cases, exclude: exclude, role: role)
    }

    /// What the selection leaves out, with the option that includes it; the largest part first.
    package func leftOut(for role: Role, over transport: Transport) -> [Report.LeftOut] {
        let counts = Selector.leftOut(
            from: onlyAutobahn ? Catalogue.all.filter { $0.autobahn != nil } : Catalogue.all,
            cases: cases,
            exclude: exclude,
            role: role,
            over: transport
        )
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { why, count in
            let option = why == Selector.excluded ? "without --exclude" : "--cases tag:\(why)"
            return Report.LeftOut(why: why, cases: count, option: option)
        }
    }
}
