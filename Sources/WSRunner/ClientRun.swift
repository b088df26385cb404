import WSLimits
package import WSScenario

/// The ledger of a run in which clients are under test: who plays which case on which connection, what has been played
/// and what never was.
///
/// A client that is under test decides itself when it comes and what it asks for, or a command of ours is started for
/// each case. The ledger knows neither sockets nor files; whoever owns it says what happens, in order.
///
/// ```
/// begin ─► playing ─► ended            (for each connection that plays a case)
/// ```
package struct ClientRun: Sendable {
    /// The cases.
    package let plan: ClientPlan
    /// How connections are matched with cases.
    package let admission: Admission
    /// Who has come, in order of first appearance.
    package private(set) var agents: [Agent] = []

    /// The number of the connection that was the last to begin.
    package private(set) var lastNumber = 0
    /// The cases that a command has been started for and that no connection has begun.
    private var expected: Set<String> = []

    /// More clients than this are no run of anybody's.
    package static let mostAgents = Limits.agents.value
    /// More keys than this are not kept.
    private static let mostKeys = Limits.rememberedKeys.value
    /// How much of a key is kept: one of sixteen octets has 24 letters.
    private static let longestKey = 64
    /// How many keys are kept of all clients.
    private var keyCount = 0
    /// A longer name is none: names become parts of paths.
    package static let longestName = Limits.agentName.value

    /// How connections are matched with cases.
    package enum Admission: Sendable, Hashable {
        /// A client may ask for any case, and again: what it does last counts.
        case any
        /// A command was started for each case: the first connection for it counts, and there is no other.
        case expected
    }

    /// One connection that plays a case.
    package struct Play: Sendable, Hashable {
        /// Tells it from all others of the run.
        package var number: Int
        /// Who plays.
        package var agent: String
        /// The id of the case.
        package var scenario: String

        /// Names a connection.
        package init(number: Int, agent: String, scenario: String) {
            self.number = number
            self.agent = agent
            self.scenario = scenario
        }
    }

    /// One client under test, by the name that it gave.
    package struct Agent: Sendable {
        /// The name.
        package var name: String
        /// The connections that are being played.
        package fileprivate(set) var underWay: [Play] = []
        /// The cases that have been played to their end.
        package fileprivate(set) var played: Set<String> = []
        /// The case that ended last.
        package fileprivate(set) var last: String?
        /// How often each Sec-WebSocket-Key has come.
        fileprivate var keys: [String: Int] = [:]
        /// Whether the client knows of all cases and not just of those that are counted.
        package fileprivate(set) var knowsAll = false
        /// Whether the client says that it has tried all cases.
        package fileprivate(set) var hasTriedAll = false

        /// Whether no connection of it has ever played a case.
        fileprivate var isUnplayed: Bool { underWay.isEmpty && played.isEmpty }
    }

    /// What becomes of a connection that asks for a case.
    package enum Answer: Sendable, Hashable {
        /// It plays the case; a line says what is odd about it.
        case play(Play, note: String?)
        /// It does not, for this reason.
        case refuse(String)
    }

    /// Begins a ledger in which nobody has come, behind the connections that another one has counted.
    package init(plan: ClientPlan, admission: Admission = .any, behind number: Int = 0) {
        self.plan = plan
        self.admission = admission
        lastNumber = number
    }

    /// Says that a command has been started for a case.
    package mutating func expect(_ scenario: String) {
        expected.insert(scenario)
    }

    /// Says that the command for a case is gone: no connection for it counts any more.
    package mutating func forget(_ scenario: String) {
        expected.remove(scenario)
    }

    /// The cases that a command has been started for and that no connection has begun.
    package var awaited: [Scenario] { expected.sorted().compactMap { plan.scenario(named: $0) } }

    /// Whether a command has been started for a case that no connection has begun.
    package func awaits(_ scenario: String) -> Bool { expected.contains(scenario) }

    /// A connection asks for a case.
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
    /// - Returns: on how many connections of the same client it has come before.
    package mutating func uses(ofKey key: String, in play: Play) -> Int {
        guard let index = agents.firstIndex(where: { $0.name == play.agent }) else { return 0 }
        // What is no key of sixteen octets can be as long as a head.
        let key = String(key.prefix(Self.longestKey))
        let uses = agents[index].keys[key] ?? 0
        if uses == 0 {
            guard keyCount < Self.mostKeys else { return 0 }
            keyCount += 1
        }
        agents[index].keys[key] = uses + 1
        return uses
    }

    /// A connection that played a case has ended.
    package mutating func ended(_ play: Play) {
        guard let index = agents.firstIndex(where: { $0.name == play.agent }),
            let place = agents[index].underWay.firstIndex(where: { $0.number == play.number })
        else { return }
        agents[index].underWay.remove(at: place)
        agents[index].played.insert(play.scenario)
        agents[index].last = play.scenario
    }

    /// A client says that it has tried all cases: those that it leaves out are missing, or it did not take their
    /// address.
    package mutating func triedAll(_ name: String) {
        guard let index = index(of: name) else { return }
        agents[index].knowsAll = true
        agents[index].hasTriedAll = true
    }

    /// The cases that a client was to open an address for, and did not take it.
    package func refused(by name: String) -> [Scenario] {
        guard let agent = agents.first(where: { $0.name == name }), agent.hasTriedAll, !agent.played.isEmpty else {
            return []
        }
        return unplayed(by: name).filter(\.mayStayAway)
    }

    /// How many connections of a client play; of all clients without a name.
    package func underWay(of name: String? = nil) -> Int {
        agents.reduce(0) { $0 + (name == nil || $1.name == name ? $1.underWay.count : 0) }
    }

    /// The cases that a client should have played and never did, in order.
    package func unplayed(by name: String) -> [Scenario] {
        guard let agent = agents.first(where: { $0.name == name }) else { return [] }
        let planned = agent.knowsAll ? plan.scenarios[...] : plan.scenarios.prefix(plan.countedCases)
        return planned.filter { !agent.played.contains($0.id) }
    }

    /// The cases that may have made a client die that was seen to be dead just now: those under way, or else the last.
    package func suspects(of name: String) -> [String] {
        guard let agent = agents.first(where: { $0.name == name }) else { return [] }
        let open = agent.underWay.map(\.scenario)
        return open.isEmpty ? agent.last.map { [$0] } ?? [] : open
    }

    private mutating func index(of name: String) -> Int? {
        if let index = agents.firstIndex(where: { $0.name == name }) { return index }
        guard !name.isEmpty, name.utf8.count <= Self.longestName else { return nil }
        // A name under which nothing has been played keeps nobody out.
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
