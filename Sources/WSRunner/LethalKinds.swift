import WSProtocol
import WSScenario

/// Learns which kinds of scenarios end the target, from those that did and those that did not.
///
/// If two scenarios of a kind ended the target, and no more than that survived, the rest of the kind runs last. So the
/// target is not ended over and over in the middle of the run.
struct LethalKinds: Sendable {
    private var deaths: [Kind: [String]] = [:]
    private var survivals: [Kind: Int] = [:]
    /// The kinds that were reported.
    private var told: Set<Kind> = []

    /// How many scenarios of a kind have to end the target before the rest is put off.
    private static let enough = 2

    /// A property that scenarios share.
    enum Kind: Sendable, Hashable, CustomStringConvertible {
        /// Their requests offer none of these subprotocols, which the run offers.
        case withoutSubprotocols([String])
        /// Their ids are equal up to the last slash.
        case topic(String)
        /// Their main requirement is the same.
        case requirement(String)

        /// The plural for a sentence, such as `requests that do not offer the subprotocol chat`.
        var description: String {
            switch self {
            case .withoutSubprotocols(let names):
                "requests that do not offer the subprotocol \(names.joined(separator: " or "))"
            case .topic(let topic): "cases of \(topic)/"
            case .requirement(let id): "cases about \(id)"
            }
        }
    }

    /// Notes that a scenario ended the target.
    ///
    /// - Returns: A kind that is now known to be lethal, and its scenarios that ended the target; nil if there is no
    ///   new one.
    mutating func died(of scenario: Scenario, _ settings: ConversationSettings) -> (kind: Kind, members: [String])? {
        let kinds = scenario.kinds(settings)
        for kind in kinds where deaths[kind]?.contains(scenario.id) != true {
            deaths[kind, default: []].append(scenario.id)
        }
        guard let kind = kinds.first(where: { isLethal($0) }), told.isDisjoint(with: kinds) else { return nil }
        told.insert(kind)
        return (kind, deaths[kind] ?? [])
    }

    /// Notes that the target survived a scenario.
    mutating func survived(_ scenario: Scenario, _ settings: ConversationSettings) {
        for kind in scenario.kinds(settings) { survivals[kind, default: 0] += 1 }
    }

    /// Whether a scenario is of a lethal kind.
    func contains(_ scenario: Scenario, _ settings: ConversationSettings) -> Bool {
        guard deaths.contains(where: { $0.value.count >= Self.enough }) else { return false }
        return scenario.kinds(settings).contains { isLethal($0) }
    }

    private func isLethal(_ kind: Kind) -> Bool {
        let count = deaths[kind]?.count ?? 0
        return count >= Self.enough && count > survivals[kind] ?? 0
    }
}

extension Scenario {
    /// The kinds of a scenario: by its request, its topic and its main requirement.
    fileprivate func kinds(_ settings: ConversationSettings) -> [LethalKinds.Kind] {
        let unoffered = lacksSubprotocol(settings) ? [LethalKinds.Kind.withoutSubprotocols(settings.subprotocols)] : []
        return unoffered + [.topic(topic)] + requirements.prefix(1).map { .requirement($0) }
    }

    /// Whether the scenario's request offers none of the run's subprotocols.
    private func lacksSubprotocol(_ settings: ConversationSettings) -> Bool {
        guard case .request = opening, !settings.subprotocols.isEmpty else { return false }
        var decoder = HTTPHeadDecoder(expecting: .request)
        let octets = HTTPClientOpening(testing(settings.role.opposite), settings).requestOctets
        guard case .complete(let head, _) = decoder.feed(octets.span),
            HandshakeRules.checkRequest(head).asksForWebSocket
        else { return false }
        return !head.tokens(of: "Sec-WebSocket-Protocol").contains(where: settings.subprotocols.contains)
    }
}
