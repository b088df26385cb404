import JudgeTestSupport
import WSCatalogue
import WSJudge
import WSKernels
import WSModelPeer
import WSProtocol
import WSScenario

/// What the judge says of peers with one defect each, in the scenarios that prove it, and of peers without any.
///
/// The text of a part is kept as a golden file, so that whatever changes a verdict, a sentence, a citation, evidence,
/// the wire log or Autobahn's report shows there.
struct JudgedConversations {
    /// The side under test.
    let role: Role
    /// Whether a scenario of this chapter, the first word of its id, belongs to it.
    let holds: @Sendable (String) -> Bool

    /// The chapters with files of their own.
    static let large: Set = ["closing", "compression", "handshake", "defect"]

    /// What the judge says of each conversation, in the order of defects and scenarios.
    func text() throws -> String {
        var text = ""
        for (id, defect) in played {
            guard let scenario = Catalogue.scenario(id) else { continue }
            let judgement =
                switch defect {
                case .none: try role == .server ? InMemoryRun.judge(scenario) : InMemoryClientRun.judge(scenario)
                case .server(let defect): try InMemoryRun.judge(scenario, defects: [defect])
                case .client(let defect): try InMemoryClientRun.judge(scenario, defect)
                }
            text += "\(id), \(defect.name): " + judgement.summary
        }
        return text
    }

    /// What the peer of a conversation does wrong.
    private enum PlayedDefect {
        case none
        case server(ModelDefect)
        case client(InMemoryClientRun.Defect)

        var name: String {
            switch self {
            case .none: "no defect"
            case .server(let defect): defect.rawValue
            case .client(let defect): defect.description
            }
        }
    }

    /// The pairs of recorded proofs, and in the first scenario of each topic a correct peer and some of the freedoms.
    private var played: [(id: String, defect: PlayedDefect)] {
        let proofs = role == .server ? Exercise.recorded : Exercise.recordedOfClients
        let pairs = Dictionary(grouping: proofs.filter { isHeld($0.scenario) }) { [$0.scenario, $0.defect] }.keys
        let defects = Dictionary(uniqueKeysWithValues: InMemoryClientRun.Defect.all.map { ($0.description, $0) })
        let faulty = pairs.compactMap { pair -> (id: String, defect: PlayedDefect)? in
            let defect: PlayedDefect? =
                role == .server
                ? ModelDefect(rawValue: pair[1]).map { .server($0) } : defects[pair[1]].map { .client($0) }
            return defect.map { (pair[0], $0) }
        }
        let scenarios = role == .server ? InMemoryRun.smallScenarios : InMemoryClientRun.scenarios
        let topics = Dictionary(grouping: scenarios.map(\.id).filter(isHeld)) { $0.split(separator: "/").dropLast() }
        let first = topics.values.compactMap { $0.min() }
        let correct = first.map { (id: $0, defect: PlayedDefect.none) }
        let freedoms: [PlayedDefect] =
            role == .server
            ? ModelDefect.allCases.filter { $0.standing == .allowed }.map { .server($0) }
            : InMemoryClientRun.Defect.all.filter { $0.standing == .allowed }.map { .client($0) }
        let free = first.flatMap { id in
            freedoms.filter { StableHash.fnv1a64("\(id) \($0.name)".utf8) >> 20 % 40 == 0 }.map { (id: id, defect: $0) }
        }
        return (faulty + correct + free).sorted { ($0.id, $0.defect.name) < ($1.id, $1.defect.name) }
    }

    private func isHeld(_ id: String) -> Bool { holds(String(id.prefix { $0 != "/" })) }
}

extension Judgement {
    /// The verdict and the findings in words, and a hash of everything that it holds.
    fileprivate var summary: String {
        var text = "\(headline), \(wireLines.count) lines, \(hash)\n"
        for finding in findings {
            let evidence = finding.evidence.map { " \($0.direction.rawValue) \($0.offset)+\($0.length)" }.joined()
            let passing = finding.passing.map { " in passing, \($0.rawValue)" } ?? ""
            let violated = finding.violated.map { " of \($0)" } ?? ""
            text += "  \(finding.verdict) \(finding.rule) \(finding.requirement)\(violated) \(finding.reasonKey)"
            text += "\(passing)\(evidence): \(finding.reason)\n"
        }
        return text
    }
}
