extension Scenario {
    /// The part of a run in which a scenario is played, and with it how it shares the target with others.
    package enum Phase: String, Sendable, Hashable, Codable, CaseIterable {
        /// Beside others, as many at a time as the run allows.
        case ordinary
        /// Beside others of its kind: octets are counted and content is large.
        case load
        /// One after the other: it floods its target, occupies many connections, or measures the time that it takes.
        case alone
    }

    /// Why a scenario is in the catalogue.
    package enum Purpose: String, Sendable, Hashable, Codable, CaseIterable {
        /// It tries what a text rules.
        case conformance
        /// It tries what no text rules: random octets, and clients that take their time or never stop.
        case robustness
        /// It repeats a defect that was reported in public, and may end its target.
        case regression
    }

    /// A word to select scenarios by.
    package enum Tag: String, Sendable, Hashable, Codable, CaseIterable {
        /// Takes long, and is run only where a pattern names it.
        case slow
        /// Needs more room than a target has to offer, and is run only where a pattern names it.
        case capacity
        /// Counts octets of large content.
        case load
        /// Is about the opening handshake.
        case handshake
        /// Is about something that the text leaves open.
        case ambiguous
        /// Puts frames behind a violation that must not be processed.
        case probe
        /// Is about something for which the text names no limit.
        case robustness
        /// Is played while nothing else is.
        case alone
    }

    /// Whether the scenario belongs to the load phase, in which octets are counted and content is large.
    package var isLoad: Bool { phase == .load }

    /// Whether the scenario is there because of a defect that was reported in public, and may end its target.
    package var isRegression: Bool { purpose == .regression }

    /// Whether nothing else may be played beside the scenario.
    package var runsAlone: Bool { phase == .alone }
}
