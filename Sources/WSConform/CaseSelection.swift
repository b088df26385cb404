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
    /// Whether compression is tested.
    package var compression: Compression
    /// Whether cases of many megabytes are played only if a pattern names cases.
    package var sparesTarget = false

    /// Whether compression is tested.
    package enum Compression: String, Sendable, Hashable, CaseIterable {
        /// Its cases are played; a peer that does not agree to it has not implemented it.
        case on
        /// All of it is left out.
        case off
    }

    /// Creates a selection from patterns.
    package init(
        cases: [String] = [],
        exclude: [String] = [],
        onlyAutobahn: Bool = false,
        compression: Compression = .on
    ) {
        self.compression = compression
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
                from: catalogue,
                cases: cases,
                exclude: exclude,
                role: role,
                over: transport
            )
        } catch {
            throw RunTrouble("\(error); wsconform cases lists them all")
        }
        let small = spared(selected)
        guard onlyAutobahn else { return small }
        let numbered = small.filter { $0.autobahn != nil }
        guard !numbered.isEmpty else {
            throw RunTrouble("Autobahn has none of the selected cases; drop --only-autobahn")
        }
        return numbered
    }

    /// The scenarios without those that send too much to a target that is to be spared.
    private func spared(_ scenarios: [Scenario]) -> [Scenario] {
        sparesTarget && cases.isEmpty ? scenarios.filter { !RemoteTarget.isLarge($0) } : scenarios
    }

    /// The scenarios to select from.
    private var catalogue: [Scenario] {
        compression == .on ? Catalogue.all : Catalogue.all.filter { !$0.isAboutCompression }
    }

    /// Notes about the patterns for the user, one line each.
    package func notes(for role: Role) -> [String] {
        Selector.notes(from: catalogue, cases: cases, exclude: exclude, role: role)
    }

    /// What the selection leaves out, with the option that includes it; the largest part first.
    package func leftOut(for role: Role, over transport: Transport) -> [Report.LeftOut] {
        let counts = Selector.leftOut(
            from: onlyAutobahn ? catalogue.filter { $0.autobahn != nil } : catalogue,
            cases: cases,
            exclude: exclude,
            role: role,
            over: transport
        )
        let others = compression == .on ? [] : leftOutOfCompression(for: role, over: transport)
        let all = onlyAutobahn ? catalogue.filter { $0.autobahn != nil } : catalogue
        let selected = try? Selector.select(from: all, exclude: exclude, role: role, over: transport)
        let large = selected.map { $0.count - spared($0).count } ?? 0
        let entry = Report.LeftOut(
            why: Report.LeftOut.large,
            cases: large,
            option: "--cases '\(RemoteTarget.pattern)'"
        )
        return others + (large > 0 ? [entry] : []) + leftOutOfHTTP1(all, for: role, over: transport)
            + counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { why, count in
                let option = why == Selector.excluded ? "without --exclude" : "--cases tag:\(why)"
                return Report.LeftOut(why: why, cases: count, option: option)
            }
    }

    /// The cases that a run over HTTP/2 lacks, because their octets, their FIN or their reset are those of HTTP/1.1.
    private func leftOutOfHTTP1(
        _ all: [Scenario],
        for role: Role,
        over transport: Transport
    ) -> [Report.LeftOut] {
        guard transport == .http2 else { return [] }
        let selected = try? Selector.select(from: all, cases: cases, exclude: exclude, role: role, over: .tcp)
        let count = selected?.count { !$0.transports.contains(.http2) } ?? 0
        let option = role == .client ? "without --http2" : "an address without HTTP/2"
        return [Report.LeftOut(why: Report.LeftOut.http1, cases: count, option: option)]
    }

    /// The cases about compression that would have been played.
    private func leftOutOfCompression(for role: Role, over transport: Transport) -> [Report.LeftOut] {
        let all = Catalogue.all.filter { $0.isAboutCompression && (!onlyAutobahn || $0.autobahn != nil) }
        let selected = try? Selector.select(from: all, cases: cases, exclude: exclude, role: role, over: transport)
        guard let count = selected?.count else { return [] }
        return [Report.LeftOut(why: Report.LeftOut.noCompression, cases: count, option: "--compression on")]
    }
}

extension Scenario {
    /// Whether the scenario belongs to the topic of compression.
    fileprivate var isAboutCompression: Bool { id.hasPrefix("compression/") }
}
