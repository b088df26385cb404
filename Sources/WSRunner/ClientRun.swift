import WSLimits
package import WSScenario

/// The ledger of a run with clients under test: which client plays which case on which connection.
///
/// It also knows which cases have been played and which are missing. A client decides itself when it connects and which
/// case it asks for, or we start a command for each case. The ledger uses neither sockets nor files; its owner reports
/// events in order.
///
/// ```
/// begin ─► playing ─► ended            (for each connection that plays a case)
/// ```
package struct ClientRun: Sendable {
    /// The cases.
    package let plan: ClientPlan
    /// How connections are assigned to cases.
    package let admission: Admission
    /// The clients that have connected, in order of first appearance.
    package private(set) var agents: [Agent] = []

    /// The number of the connection that began last.
    package private(set) var lastNumber = 0
    /// The cases for which a command was started and no connection has begun.
    private var expected: Set<String> = []

    /// The highest number of clients in a run.
    package static let mostAgents = Limits.agents.value
    /// The highest number of handshake keys that are remembered.
    private static let mostKeys = Limits.rememberedKeys.value
    /// How many characters of a key are kept; a correct key has 24.
    private static let longestKey = 64
    /// How many keys of all clients are remembered.
    private var keyCount = 0
    /// The longest name of a client; names become parts of paths.
    package static let longestName = Limits.agentName.value

    /// How connections are assigned to cases.
    package enum Admission: Sendable, Hashable {
        /// A client may ask for any case, also repeatedly; the last conversation counts.
        case any
        /// A command was started for each case; only the first connection for the case counts.
        case expected
    }

    /// A connection that plays a case.
    package struct Play: Sendable, Hashable {
        /// The number of the connection, unique in the run.
        package var number: Int
        /// The name of the client.
        package var agent: String
        /// The id of the case.
        package var scenario: String

        /// Creates a play.
        package init(number: Int, agent: String, scenario: String) {
            self.number = number
            self.agent = agent
            self.scenario = scenario
        }
    }

    /// A client under test, identified by the name that it gave.
    package struct Agent: Sendable {
        /// The name.
        package var name: String
        /// The connections that are playing a case.
        package fileprivate(set) var underWay: [Play] = []
        /// The cases that were played to their end.
        package fileprivate(set) var played: Set<String> = []
        /// The case that ended last.
        package fileprivate(set) var last: String?
        /// How often each Sec-WebSocket-Key came.
        fileprivate var keys: [String: Int] = [:]
        /// Whether the client knows all cases, not only the counted ones.
        package fileprivate(set) var knowsAll = false
        /// Whether the client said that it has tried all cases.
        package fileprivate(set) var hasTriedAll = false

        /// Whether the client has never played a case.
        fileprivate var isUnplayed: Bool { underWay.isEmpty && played.isEmpty }
    }

    /// The answer to a connection that asks for a case.
    package enum Answer: Sendable, Hashable {
        /// The connection plays the case; the note is a line about something odd.
        case play(Play, note: String?)
        /// The connection is refused for this reason.
        case refuse(String)
    }

    /// Creates an empty ledger; connections are numbered from `number` + 1.
    package init(plan: ClientPlan, admission: Admission = .any, behind number: Int = 0) {
        self.plan = plan
        self.admission = admission
        lastNumber = number
    }

    /// Notes that a command was started for a case.
    package mutating func expect(_ scenario: String) {
        expected.insert(scenario)
    }

    /// Notes that the command for a case has ended, so that no connection for it counts any more.
    package mutating func forget(_ scenario: String) {
        expected.remove(scenario)
    }

    /// The cases for which a command was started and no connection has begun.
    package var awaited: [Scenario] { expected.sorted().compactMap { plan.scenario(named: $0) } }

    /// Whether a command was started for this case and no connection has begun.
    package func awaits(_ scenario: String) -> Bool { expected.contains(scenario) }

    /// Begins a case on a connection, if the client may play it.
    package mutating func begin(_ scenario: Scenario, agent name: String) -> Answer {
        guard let index = index(of: name) else { return .refuse(Self.refusal(of: name, count: agents.count)) }
        if admission == .expected, expected.remove(scenario.id) == nil {
            return .refuse("the client came again for \(scenario.id); only the first connection for a case counts")
        }
        var note: String?
        if agents[index].underWay.contains(where: { $0.scenario == scenario.id }) {
            note =
                "\(name) asks for \(scenario.id) while it plays it; the connection that ends last counts, and two "
                + "clients should not have one name"
        }
        lastNumber += 1
        let play = Play(number: lastNumber, agent: name, scenario: scenario.id)
        agents[index].underWay.append(play)
        if let number = plan.number(of: scenario.id), number > plan.countedCases { agents[index].knowsAll = true }
        return .play(play, note: note)
    }

    /// Counts the Sec-WebSocket-Key of a connection that plays a case.
    ///
    /// - Returns: On how many earlier connections of the same client the key came.
    package mutating func uses(ofKey key: String, in play: Play) -> Int {
        guard let index = agents.firstIndex(where: { $0.name == play.agent }) else { return 0 }
        // A malformed key can be as long as a head.
        let key = String(key.prefix(Self.longestKey))
        let uses = agents[index].keys[key] ?? 0
        if uses == 0 {
            guard keyCount < Self.mostKeys else { return 0 }
            keyCount += 1
        }
        agents[index].keys[key] = uses + 1
        return uses
    }

    /// Notes that a connection that played a case has ended.
    package mutating func ended(_ play: Play) {
        guard let index = agents.firstIndex(where: { $0.name == play.agent }),
            let place = agents[index].underWay.firstIndex(where: { $0.number == play.number })
        else { return }
        agents[index].underWay.remove(at: place)
        agents[index].played.insert(play.scenario)
        agents[index].last = play.scenario
    }

    /// Notes that a client says it has tried all cases.
    ///
    /// The cases that it left out are missing, or it did not accept their address.
    package mutating func triedAll(_ name: String) {
        guard let index = index(of: name) else { return }
        agents[index].knowsAll = true
        agents[index].hasTriedAll = true
    }

    /// The cases whose address the client was told to open and did not accept.
    package func refused(by name: String) -> [Scenario] {
        guard let agent = agents.first(where: { $0.name == name }), agent.hasTriedAll, !agent.played.isEmpty else {
            return []
        }
        return unplayed(by: name).filter(\.mayStayAway)
    }

    /// How many connections of a client are playing; of all clients if the name is nil.
    package func underWay(of name: String? = nil) -> Int {
        agents.reduce(0) { $0 + (name == nil || $1.name == name ? $1.underWay.count : 0) }
    }

    /// The cases that a client should have played and did not, in order.
    package func unplayed(by name: String) -> [Scenario] {
        guard let agent = agents.first(where: { $0.name == name }) else { return [] }
        let planned = agent.knowsAll ? plan.scenarios[...] : plan.scenarios.prefix(plan.countedCases)
        return planned.filter { !agent.played.contains($0.id) && !plan.isLeftOut($0, name) }
    }

    /// The cases that may have ended a client that was just found dead: those it was playing, else its last one.
    package func suspects(of name: String) -> [String] {
        guard let agent = agents.first(where: { $0.name == name }) else { return [] }
        let open = agent.underWay.map(\.scenario)
        return open.isEmpty ? agent.last.map { [$0] } ?? [] : open
    }

    private mutating func index(of name: String) -> Int? {
        if let index = agents.firstIndex(where: { $0.name == name }) { return index }
        guard !name.isEmpty, name.utf8.count <= Self.longestName else { return nil }
        // The place of a name that has played nothing can be reused.
        if agents.count >= Self.mostAgents, let idle = agents.firstIndex(where: \.isUnplayed) {
            agents.remove(at: idle)
        }
        guard agents.count < Self.mostAgents else { return nil }
        agents.append(Agent(name: name))
        return agents.count - 1
    }

    private static func refusal(of name: String, count: Int) -> String {
        if name.isEmpty { return "the client gives no name; add agent=NAME to its address" }
        guard name.utf8.count <= longestName else {
            return "the client's name has \(name.utf8.count) octets; give one of at most \(longestName)"
        }
        return "there are \(count) clients already; give all connections of a client the same name"
    }
}
