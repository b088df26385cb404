package import WSScenario

/// All scenarios; each file of `Topics/` is a nested namespace.
package enum Catalogue {
    /// Every scenario, sorted by id.
    package static let all: [Scenario] = {
        let scenarios = topics.flatMap(\.files).flatMap(\.self)
        // The positions are sorted instead, because scenarios are large.
        return scenarios.indices.sorted { scenarios[$0].id < scenarios[$1].id }.map { place in
            var scenario = scenarios[place]
            scenario.references += knownDefectsByScenario[scenario.id] ?? []
            for index in scenario.references.indices where scenario.references[index].about.isEmpty {
                scenario.references[index].reasons = scenario.reportedReasons(scenario.references[index])
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

    /// The scenarios of each file of `Topics/`, by the folder that it is in: the first word of their ids.
    package static let topics: [(folder: String, files: [[Scenario]])] = [
        (
            "closing",
            [ClientClosing.all, CloseReasons.all, Closing.all, ClosingCodes.all, ClosingOrder.all, Endings.all]
        ),
        (
            "compression",
            [
                CompressionEchoes.all, DeflateAgreements.all, DeflateAnswers.all, DeflateBits.all, DeflateBlocks.all,
                DeflateBursts.all,
                DeflateContext.all, DeflateEchoes.all, DeflateFragments.all, DeflateLimits.all, DeflateMalformed.all,
                DeflateOffers.all, PeerLimits.all,
            ]
        ),
        (
            "defect",
            [
                DefectFrames.all, DefectHandshakes.all, DefectLengths.all, DefectLoads.all, DefectMemory.all,
                DefectResponses.all, DefectTexts.all,
            ]
        ),
        ("extension", [Extensions.all, ResponseExtensions.all]),
        ("fragmentation", [BrokenFragmentation.all, Fragmentation.all, RandomFragments.all]),
        ("framing", [ClientMessages.all, Framing.all]),
        (
            "handshake",
            [
                ClientRequests.all, FieldGrammar.all, HandshakeKeys.all, HandshakePacing.all, HandshakeResponses.all,
                HostFields.all, RequestBodies.all, RequestLines.all, RequestSizes.all, ResponseAccepts.all,
                ResponseGrammar.all, ResponsePacing.all, ResponseStatuses.all, ServicePolicies.all, UpgradeFields.all,
            ]
        ),
        (
            "http2",
            [
                StreamAnswers.all, StreamEndings.all, StreamFrames.all, StreamFramesOfServers.all, StreamRequests.all,
                StreamSettings.all, StreamWindows.all,
            ]
        ),
        ("length", [Lengths.all]),
        ("limits", [Limits.all]),
        ("masking", [Masking.all, MaskingKeys.all]),
        ("opcode", [Opcodes.all]),
        ("ping", [Pings.all, Pongs.all]),
        ("reserved-bits", [ReservedBits.all]),
        ("robustness", [RandomInput.all, Robustness.all]),
        ("subprotocol", [ResponseSubprotocols.all, Subprotocols.all]),
        ("tls", [TLSClients.all, TLSEndings.all, TLSHandshakes.all, TLSRecords.all, TLSStrangers.all]),
        ("utf8", [BadOctets.all, CutText.all, FailFast.all, InvalidText.all, ValidText.all]),
    ]

    /// The numbers between the dots, so that `1.10.2` is sorted after `1.9.1`.
    private static func parts(of number: String) -> [Int] {
        number.split(separator: ".").map { Int($0) ?? .max }
    }
}
