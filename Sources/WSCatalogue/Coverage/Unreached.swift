import WSKernels
package import WSProtocol
package import WSScenario

/// Cases that no defect of the model peer makes fail for their subject, with the reasons.
///
/// A test runs the defects and checks the list: a case that a defect reaches must not be in it, and every other case
/// has to be.
package struct Unreached: Sendable {
    /// The role under test.
    package let role: Role
    /// The ids of the cases, in which `*` matches any characters.
    package let cases: [String]
    /// Why no defect reaches them.
    package let reason: String

    /// Creates an entry.
    package init(role: Role, cases: [String], reason: String) {
        self.role = role
        self.cases = cases
        self.reason = reason
    }

    /// Whether the entry contains a scenario.
    package func holds(_ scenario: Scenario) -> Bool {
        scenario.targets.contains(role) && cases.contains { Glob(pattern: $0).matches(scenario.id) }
    }

    /// The entries for this role under test.
    package static func entries(testing role: Role) -> [Unreached] { all.filter { $0.role == role } }

    /// All entries.
    package static let all: [Unreached] = [
        Unreached(
            role: .server,
            cases: [
                "extension/no-offer"
            ],
            reason: "A defect of what each 101 has shows in every conversation, and so counts for none."
        ),
        Unreached(
            role: .server,
            cases: [
                "closing/fin-idle"
            ],
            reason: "The connection of the model peer ends with our FIN, so that no defect can say anything behind it."
        ),
        Unreached(
            role: .client,
            cases: [
                "handshake/response/cr-in-value",
                "handshake/response/lf-alone",
                "handshake/response/nul-in-value",
                "handshake/response/space-before-colon",
                "subprotocol/answered-with-none",
            ],
            reason: "A client may take such an answer or refuse it, and one that does neither looks as if it refused."
        ),
        Unreached(
            role: .client,
            cases: ["http2/answer/status-101"],
            reason: "Only a client with two defects takes it: one for which it is not malformed, one for any status."
        ),
        Unreached(
            role: .client,
            cases: ["http2/answer/status-204"],
            reason: "That a client refuses it is tolerated, and no defect alone ends the connection over it."
        ),
        Unreached(
            role: .client,
            cases: ["http2/end/window-update-afterwards"],
            reason: "The model client ends its connection with its last stream, so that nothing more can reach it."
        ),
    ]
}

extension Scenario {
    /// Whether no outcome counts against a peer of this role.
    ///
    /// Then only the survival of the target counts, which only a run can observe.
    package func isLeftOpen(testing role: Role) -> Bool {
        let scenario = testing(role)
        return !(scenario.behaviour.map(\.grade) + scenario.closing.map(\.grade)).contains(.violates)
    }

    /// The requirements that a counting finding over the scenario's own outcomes may cite.
    package var decisiveRequirements: Set<String> {
        let behaviour = behaviour.filter { [.violates, .tolerated].contains($0.grade) }.compactMap(\.requirement)
        let closing = closing.filter { [.violates, .tolerated].contains($0.grade) }.compactMap(\.requirement)
        return Set(behaviour + closing + requirements.prefix(1))
    }
}
