import WSKernels
package import WSProtocol
package import WSScenario

/// Selects scenarios by patterns.
///
/// A pattern is `tag:` and a tag, or is compared with the whole id and the whole Autobahn number of a scenario. In it,
/// `*` matches any characters: `closing/*`, `7.3.*`, `*/probe`. No other character is special, so `1.*` does not match
/// 10.1.1, and a comma is a comma. `tag:autobahn` selects every scenario with an Autobahn number. The id of a
/// requirement, or a pattern of such ids, selects the scenarios that cite it.
package enum Selector {
    /// The tags of scenarios that run only if a pattern names them: by tag, by id or by number, without a star.
    package static let tagsOnRequest: Set<Scenario.Tag> = [.slow, .capacity]

    /// Selects the scenarios for a run, in the given order.
    ///
    /// - Parameters:
    ///   - scenarios: The scenarios to select from.
    ///   - cases: The patterns to select by; if empty, all scenarios that need not be named.
    ///   - exclude: The patterns to exclude.
    ///   - role: The role under test.
    ///   - transport: The transport of the connections; scenarios that make no sense on it are left out. If it is nil,
    ///     scenarios for any transport are selected.
    /// - Returns: The selected scenarios.
    /// - Throws: `SelectorError` if a pattern matches nothing, or nothing is left.
    package static func select(
        from scenarios: [Scenario],
        cases: [String] = [],
        exclude: [String] = [],
        role: Role,
        over transport: Transport? = nil
    ) throws(SelectorError) -> [Scenario] {
        let wanted = cases.isEmpty ? [Pattern("*")] : cases.map { Pattern($0) }
        let unwanted = exclude.map { Pattern($0) }
        for pattern in wanted + unwanted where !scenarios.contains(where: pattern.matches) {
            throw .unknownPattern(pattern.text, suggestions: Suggestions.near(pattern.text, in: scenarios))
        }
        let taken = scenarios.filter { scenario in
            wanted.contains { $0.takes(scenario) } && !unwanted.contains { $0.matches(scenario) }
        }
        let selection = taken.filter { $0.isFor(role, over: transport) }
        guard selection.isEmpty else { return selection }
        let elsewhere = taken.filter { $0.isFor(role, over: nil) }
        if !elsewhere.isEmpty, transport == .http2 { throw .needsHTTP1(cases: cases) }
        if !elsewhere.isEmpty, elsewhere.allSatisfy({ $0.stream != nil }) { throw .needsHTTP2(cases: cases) }
        if !elsewhere.isEmpty, elsewhere.allSatisfy({ $0.security != nil }) { throw .needsTLS(cases: cases) }
        throw .emptySelection(cases: cases, exclude: exclude, role: role)
    }

    /// Counts the scenarios that a selection leaves out, by tag that has to be named, or because they were excluded.
    ///
    /// - Returns: The numbers by tag, and by ``excluded``; none is zero.
    package static func leftOut(
        from scenarios: [Scenario],
        cases: [String] = [],
        exclude: [String] = [],
        role: Role,
        over transport: Transport? = nil
    ) -> [String: Int] {
        let wanted = cases.isEmpty ? [Pattern("*")] : cases.map { Pattern($0) }
        let unwanted = exclude.map { Pattern($0) }
        var counts: [String: Int] = [:]
        for scenario in scenarios where scenario.isFor(role, over: transport) {
            guard wanted.contains(where: { $0.matches(scenario) }) else { continue }
            if !wanted.contains(where: { $0.takes(scenario) }) {
                let tag = scenario.tags.filter(tagsOnRequest.contains).map(\.rawValue).min()
                if let tag { counts[tag, default: 0] += 1 }
            } else if unwanted.contains(where: { $0.matches(scenario) }) {
                counts[excluded, default: 0] += 1
            }
        }
        return counts
    }

    /// Whether a pattern is the whole id or the whole Autobahn number of the scenario; one with a star never is.
    package static func names(_ scenario: Scenario, among cases: [String]) -> Bool {
        cases.contains { $0 == scenario.id || $0 == scenario.autobahn?.number }
    }

    /// Notes for the user about patterns that select something else than they seem to, one line each.
    package static func notes(
        from scenarios: [Scenario],
        cases: [String] = [],
        exclude: [String] = [],
        role: Role
    ) -> [String] {
        let numbered = scenarios.filter { $0.targets.contains(role) && $0.autobahn != nil }
        return (cases + exclude).map { Pattern($0) }.compactMap { pattern -> String? in
            guard pattern.isOfStarsAndDots else { return nil }
            let count = numbered.count { pattern.matches($0) }
            guard count < numbered.count else { return nil }
            return "'\(pattern.text)' means \(count) of Autobahn's \(numbered.count) cases, those whose numbers have "
                + "enough dots; '*.*' or tag:autobahn means all of them"
        }
    }

    /// The text after `tag:` in a pattern.
    private enum TagPattern {
        /// All scenarios with an Autobahn number.
        case autobahn
        /// All scenarios with this tag.
        case tag(Scenario.Tag)
        /// An unknown word, which matches nothing.
        case unknown

        init(_ text: some StringProtocol) {
            self = text == "autobahn" ? .autobahn : Scenario.Tag(rawValue: String(text)).map { .tag($0) } ?? .unknown
        }

        func matches(_ scenario: Scenario) -> Bool {
            switch self {
            case .autobahn: scenario.autobahn != nil
            case .tag(let tag): scenario.tags.contains(tag)
            case .unknown: false
            }
        }

        /// Whether it selects scenarios that run only if a pattern names them.
        var isOnRequest: Bool {
            if case .tag(let tag) = self { tagsOnRequest.contains(tag) } else { false }
        }
    }

    /// The word for scenarios that patterns excluded.
    package static let excluded = "excluded"

    /// A parsed pattern.
    private struct Pattern {
        let text: String
        private let tag: TagPattern?
        private let glob: Glob
        /// Whether it means ids of requirements, which no id of a scenario looks like.
        private let isOfRequirements: Bool

        init(_ text: String) {
            self.text = text
            tag = text.hasPrefix("tag:") ? TagPattern(text.dropFirst("tag:".count)) : nil
            glob = Glob(pattern: text)
            isOfRequirements = RequirementTable.looksLikeAnID(text)
        }

        /// Whether it consists of stars between two or more dots, as users write it who mean every number.
        var isOfStarsAndDots: Bool {
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count > 2 && parts.allSatisfy { $0 == "*" }
        }

        /// Whether the pattern matches the scenario.
        func matches(_ scenario: Scenario) -> Bool {
            if let tag { return tag.matches(scenario) }
            if isOfRequirements { return scenario.citesAnywhere(glob.matches) }
            return glob.matches(scenario.id) || scenario.autobahn.map { glob.matches($0.number) } ?? false
        }

        /// Whether the pattern matches the scenario and names it, if that is necessary.
        func takes(_ scenario: Scenario) -> Bool {
            guard matches(scenario) else { return false }
            if scenario.tags.allSatisfy({ !tagsOnRequest.contains($0) }) { return true }
            return tag.map(\.isOnRequest) ?? (!glob.hasWildcard && !isOfRequirements)
        }
    }
}

extension Scenario {
    /// Whether it cites a requirement with such an id, with either role under test.
    package func citesAnywhere(_ isWanted: (String) -> Bool) -> Bool {
        targets.contains { testing($0).citedRequirements.contains(where: isWanted) }
    }

    /// Whether it can be played against this role over this transport, or over any if it is nil.
    fileprivate func isFor(_ role: Role, over transport: Transport?) -> Bool {
        targets.contains(role) && transport.map(transports.contains) ?? !transports.isEmpty
    }
}

/// Why a selection is invalid.
package enum SelectorError: Error, Hashable, CustomStringConvertible {
    /// A pattern matches no scenario of either role.
    case unknownPattern(String, suggestions: [String])
    /// Every pattern matches something, but nothing is left.
    case emptySelection(cases: [String], exclude: [String], role: Role)
    /// Everything that is left needs octets, a FIN or a reset that a stream of HTTP/2 does not have.
    case needsHTTP1(cases: [String])
    /// Everything that is left is about HTTP/2, and the run speaks HTTP/1.1.
    case needsHTTP2(cases: [String])
    /// Everything that is left is about TLS, and the run has none.
    case needsTLS(cases: [String])

    /// One line for the terminal.
    package var description: String {
        switch self {
        case .unknownPattern(let pattern, let suggestions):
            let meant = suggestions.isEmpty ? "" : "; did you mean " + suggestions.joined(separator: " or ") + "?"
            let hint = pattern.contains(",") ? "; give each pattern by itself, without commas" : meant
            return "no case matches '\(pattern)'" + hint
        case .needsHTTP1(let cases):
            let what = cases.joined(separator: ", ")
            return "nothing to run over HTTP/2: \(what) is about HTTP/1.1 alone; give an address without HTTP/2"
        case .needsHTTP2(let cases):
            let what = cases.joined(separator: ", ")
            return "nothing to run over HTTP/1.1: \(what) is about HTTP/2 alone; add --http2, or give an h2c+ws:// "
                + "address"
        case .needsTLS(let cases):
            let what = cases.joined(separator: ", ")
            return "nothing to run without TLS: \(what) is about TLS alone; give a wss:// address"
        case .emptySelection(let cases, let exclude, let role):
            let taken = cases.isEmpty ? "all cases" : cases.joined(separator: ", ")
            let left = exclude.isEmpty ? "" : " without " + exclude.joined(separator: ", ")
            let onRequest = Selector.tagsOnRequest.map { "tag:\($0.rawValue)" }.sorted().joined(separator: " and ")
            return "nothing to run against a \(role.rawValue): \(taken)\(left) leaves no case (\(onRequest) run only "
                + "when named)"
        }
    }
}
