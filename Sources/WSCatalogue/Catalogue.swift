package import WSScenario

/// All scenarios, one nested namespace for each topic.
package enum Catalogue {
    /// Every scenario, sorted by id.
    package static let all: [Scenario] = {
        let scenarios = topics.flatMap(\.self)
        // Scenarios are large: their places are sorted, and not they.
        return scenarios.indices.sorted { scenarios[$0].id < scenarios[$1].id }.map { place in
            var scenario = scenarios[place]
            scenario.references += knownDefectsByScenario[scenario.id] ?? []
            for index in scenario.references.indices where scenario.references[index].about.isEmpty {
                scenario.references[index].about = scenario.reportedRequirements(scenario.references[index])
            }
            return scenario
        }
    }()

    /// The scenarios that have a case in Autobahn|Testsuite, in the order of its list.
    package static let autobahnOrder: [Scenario] = {
        let numbered = all.compactMap { scenario in
            scenario.autobahn.map { (parts: Self.parts(of: $0.number), scenario: scenario) }
        }
        return numbered.sorted { $0.parts.lexicographicallyPrecedes($1.parts) }.map(\.scenario)
    }()

    /// The scenario of this id.
    package static func scenario(_ id: String) -> Scenario? {
        positions[id].map { all[$0] }
    }

    private static let positions: [String: Int] = Dictionary(
        all.enumerated().map { ($0.element.id, $0.offset) },
        uniquingKeysWith: { first, _ in first }
    )

    /// The scenarios of each topic file.
    private static let topics: [[Scenario]] = [
        Framing.all,
        Lengths.all,
        Masking.all,
        Pings.all,
        ReservedBits.all,
        Opcodes.all,
        Fragmentation.all,
        BrokenFragmentation.all,
        ValidText.all,
        InvalidText.all,
        FailFast.all,
        Closing.all,
        ClosingCodes.all,
        Limits.all,
        HandshakeRequests.all,
        RequestLines.all,
        HostFields.all,
        UpgradeFields.all,
        HandshakeKeys.all,
        FieldGrammar.all,
        RequestBodies.all,
        RequestSizes.all,
        HandshakePacing.all,
        HandshakeResponses.all,
        Subprotocols.all,
        Extensions.all,
        ServicePolicies.all,
        Probes.all,
        MaskingKeys.all,
        LengthForms.all,
        ControlFrames.all,
        ManyPings.all,
        MixedFragments.all,
        RandomFragments.all,
        BadOctets.all,
        CutText.all,
        CloseReasons.all,
        ClosingOrder.all,
        Endings.all,
        Robustness.all,
        RandomInput.all,
        DefectLengths.all,
        DefectFrames.all,
        DefectTexts.all,
        DefectHandshakes.all,
        DefectLoads.all,
        DefectMemory.all,
        ResponseAccepts.all,
        ResponseStatuses.all,
        ResponseGrammar.all,
        ResponsePacing.all,
        ResponseSubprotocols.all,
        MaskedFrames.all,
        ClientActions.all,
        ClientRequests.all,
    ]

    /// The numbers between the dots: `1.10.2` comes after `1.9.1`.
    private static func parts(of number: String) -> [Int] {
        number.split(separator: ".").map { Int($0) ?? .max }
    }
}
