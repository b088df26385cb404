import WSCatalogue
package import WSProtocol
package import WSReport
package import WSScenario

/// Which cases a run plays.
package struct CaseSelection: Sendable, Hashable {
    /// The patterns of what to play; none for everything that is not left out by itself.
    package var cases: [String]
    /// The patterns of what to leave out.
    package var exclude: [String]
    /// Whether only cases are played that Autobahn has, too.
    package var onlyAutobahn: Bool

    /// Selects by patterns.
    package init(cases: [String] = [], exclude: [String] = [], onlyAutobahn: Bool = false) {
        self.cases = cases
        self.exclude = exclude
        self.onlyAutobahn = onlyAutobahn
    }

    /// The selected scenarios, in the order of the catalogue.
    ///
    /// - Parameter role: the side under test.
    /// - Throws: `RunTrouble`, one line, where a pattern matches nothing or nothing is left.
    /// - Returns: the scenarios, at least one.
    package func scenarios(for role: Role) throws(RunTrouble) -> [Scenario] {
        let selected: [Scenario]
        do {
            selected = try Selector.select(from: Catalogue.all, cases: cases, exclude: exclude, role: role)
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

    /// What should be known of the patterns, a line each.
    package func notes(for role: Role) -> [String] {
        Selector.notes(from: Catalogue.all, cases: cases, exclude: exclude, role: role)
    }

    /// What the selection leaves out, with the option that brings it in; the largest part first.
    package func leftOut(for role: Role) -> [Report.LeftOut] {
        let counts = Selector.leftOut(
            from: onlyAutobahn ? Catalogue.all.filter { $0.autobahn != nil } : Catalogue.all,
            cases: cases,
            exclude: exclude,
            role: role
        )
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { why, count in
            let option = why == Selector.excluded ? "without --exclude" : "--cases tag:\(why)"
            return Report.LeftOut(why: why, cases: count, option: option)
        }
    }
}
