import JudgeTestSupport
import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSKernels
import WSProtocol
import WSScenario

/// What comes of moves, one or several one after the other, in scenarios of each kind.
@Suite struct PlayedMovesTests {
    /// The scenarios: the first ones of each way to end a connection, with Pings and without.
    private static func scenarios(testing role: Role) -> [Scenario] {
        let all = Catalogue.all.filter { scenario in
            scenario.targets.contains(role) && scenario.opening == .ordinary
                && scenario.security == nil && scenario.stream == nil
                && scenario.referencePayloads.allSatisfy { $0.count <= 1_024 }
        }
        let kinds = Dictionary(grouping: all) { scenario in
            let sendsPings = scenario.script.contains { step in
                switch step {
                case .send(let frame): frame.opcode == .ping
                case .sendRun(let run): run.frame.opcode == .ping
                default: false
                }
            }
            return "\(scenario.conclusion) \(sendsPings) \(scenario.script.count > 1)"
        }
        return kinds.values.compactMap { scenarios in scenarios.min { $0.id < $1.id } }.sorted { $0.id < $1.id }
    }

    /// Of the pairs of moves one of three, always the same ones, and some that are longer.
    private static func sequences(_ first: Move) -> [[Move]] {
        let seconds = Move.allCases.filter { StableHash.fnv1a64("\(first)\($0)".utf8) >> 20 % 3 == 0 }
        let long: [[Move]] = [[.right, first, .ourClose, .close], [first, .deadline, .ourClose, .closeForError]]
        return [[first]] + seconds.map { [first, $0] } + long
    }

    /// A letter for each verdict.
    private static func letter(_ verdict: Verdict) -> Character {
        switch verdict {
        case .pass: "."
        case .informational: "i"
        case .skipped: "s"
        case .unimplemented: "u"
        case .tolerated: "t"
        case .inconclusive: "?"
        case .fail: "F"
        }
    }

    /// For each scenario a line for each first move: the verdicts of all that begins with it, and a hash of everything
    /// else that is said.
    private static func text(testing role: Role, _ part: Int) -> String {
        var text = ""
        for (index, scenario) in scenarios(testing: role).enumerated() where index % 3 == part {
            text += "\(scenario.id)\n"
            let opened = PlayedMoves(scenario, testing: role)
            for first in Move.allCases {
                var verdicts = ""
                var details = ""
                for (place, moves) in sequences(first).enumerated() {
                    let judgement = Judge.judge(scenario, opened.transcript(moves, endedByPeer: place % 2 == 0))
                    verdicts.append(letter(judgement.verdict))
                    details += judgement.details
                }
                text += "\(first.rawValue) \(verdicts) \(String(StableHash.fnv1a64(details.utf8), radix: 16))\n"
            }
        }
        return text
    }

    private func difference(_ role: Role, _ part: Int) -> String? {
        Golden.difference(Self.text(testing: role, part), from: "moves-\(role.rawValue)-\(part).txt")
    }

    @Test func `of servers, the first part`() { #expect(difference(.server, 0) == nil) }
    @Test func `of servers, the second part`() { #expect(difference(.server, 1) == nil) }
    @Test func `of servers, the third part`() { #expect(difference(.server, 2) == nil) }
    @Test func `of clients, the first part`() { #expect(difference(.client, 0) == nil) }
    @Test func `of clients, the second part`() { #expect(difference(.client, 1) == nil) }
    @Test func `of clients, the third part`() { #expect(difference(.client, 2) == nil) }
}
