extension Scenario {
    /// The part of a run in which a scenario is played, which decides what may run beside it.
    package enum Phase: String, Sendable, Hashable, Codable, CaseIterable {
        /// Runs beside other scenarios, as many at a time as the run allows.
        case ordinary
        /// Runs beside other load scenarios, which send large content or many messages.
        case load
        /// Runs alone, because it floods the target, occupies many connections, or measures times.
        case alone
    }

    /// Why a scenario is in the catalogue.
    package enum Purpose: String, Sendable, Hashable, Codable, CaseIterable {
        /// It tests a requirement of a text.
        case conformance
        /// It tests what no text requires: random octets, and clients that are slow or never stop.
        case robustness
        /// It repeats a publicly reported defect, and may end its target.
        case regression
    }

    /// A word for selecting scenarios.
    package enum Tag: String, Sendable, Hashable, Codable, CaseIterable {
        /// Takes long, and runs only if a pattern names it.
        case slow
        /// Needs more room than many targets have, and runs only if a pattern names it.
        case capacity
        /// Sends large content or many messages.
        case load
        /// Is about the opening handshake.
        case handshake
        /// Is about something that the text leaves open.
        case ambiguous
        /// Sends frames after a violation that must not be processed.
        case probe
        /// Is about something for which the text has no limit.
        case robustness
        /// Runs while nothing else does.
        case alone
    }

    /// Whether the scenario belongs to the load phase.
    package var isLoad: Bool { phase == .load }

    /// Whether the scenario repeats a publicly reported defect, and may end its target.
    package var isRegression: Bool { purpose == .regression }

    /// Whether nothing else may run beside the scenario.
    package var runsAlone: Bool { phase == .alone }
}
