import WSProtocol
import WSScenario

/// What the scenarios that end a target have in common, learned from those that did and from those that did not.
///
/// A target that dies of a kind of request is not fed that kind over and over: once two of a kind have ended it, and no
/// more of the kind have left it alive, the rest of the kind waits for the end of the run.
struct LethalKinds: Sendable {
    private var deaths: [Kind: [String]] = [:]
    private var survivals: [Kind: Int] = [:]
    /// The kinds that have been told.
    private var told: Set<Kind> = []

    /// How many of a kind have to end the target before the rest waits.
    private static let enough = 2

    /// Something that scenarios have in common.
    enum Kind: Sendable, Hashable, CustomStringConvertible {
        /// Their request offers none of these subprotocols, which the run asks for.
        case withoutSubprotocols([String])
        /// Their ids are equal up to the last slash.
        case topic(String)
        /// The same requirement decides.
        case requirement(String)

        /// In the plural: `requests that do not offer the subprotocol chat`.
        var description: String {
            switch self {
            case .withoutSubprotocols(let names):
                "requests that do not offer the subprotocol \(names.joined(separator: " or "))"
            case .topic(let topic): "cases of \(topic)/"
            case .requirement(let id): "cases about \(id)"
            }
        }
    }

    /// Notes that a scenario has ended the target.
    ///
    /// - Returns: a kind that is known to be lethal from now on, and its members that have ended the target; nil where
    ///   there is no new one.
    mutating func died(of scenario: Scenario, _ settings: ConversationSettings) -> (kind: Kind, members: [String])? {
        let kinds = scenario.kinds(settings)
        for kind in kinds where deaths[kind]?.contains(scenario.id) != true {
            deaths[kind, default: []].append(scenario.id)
        }
        guard let kind = kinds.first(where: { isLethal($0) }), told.isDisjoint(with: kinds) else { return nil }
        told.insert(kind)
        return (kind, deaths[kind] ?? [])
    }

    /// Notes that the target has outlived a scenario.
    mutating func survived(_ scenario: Scenario, _ settings: ConversationSettings) {
        for kind in scenario.kinds(settings) { survivals[kind, default: 0] += 1 }
    }

    /// Whether a scenario is of a kind that ends the target.
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
    /// The kinds that a scenario is of: how its request differs from the ordinary one, its topic, what it is about.
    fileprivate func kinds(_ settings: ConversationSettings) -> [LethalKinds.Kind] {
        let unoffered = lacksSubprotocol(settings) ? [LethalKinds.Kind.withoutSubprotocols(settings.subprotocols)] : []
        return unoffered + [.topic(topic)] + requirements.prefix(1).map { .requirement($0) }
    }

    /// Whether the scenario asks for a WebSocket connection without any of the run's subprotocols.
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
