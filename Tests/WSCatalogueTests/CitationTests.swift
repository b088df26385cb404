import TestSupport
import Testing
import WSCatalogue
import WSProtocol
import WSScenario

@Suite struct CitationTests {
    @Test
    func `a scenario cites requirements of the table, each once`() async {
        await Sweep.each(of: Catalogue.all) { scenario in
            #expect(!scenario.requirements.isEmpty)
            #expect(Set(scenario.requirements).count == scenario.requirements.count)
            for id in scenario.requirements {
                #expect(RequirementTable.shared.requirement(id) != nil, "\(id)")
            }
            for id in scenario.citations where id != nil {
                #expect(RequirementTable.shared.requirement(id ?? "") != nil, "\(id ?? "")")
            }
        }
    }

    @Test
    func `what fails a peer is a MUST in so many words, or listed with a reason`() async {
        await Sweep.each(of: Catalogue.all) { scenario in
            let first = try #require(scenario.requirements.first)
            var decisive = Set(
                (scenario.behaviour.filter { $0.grade == .violates }.map(\.requirement)
                    + scenario.closing.filter { $0.grade == .violates }.map(\.requirement)).map { $0 ?? first }
            )
            // Where no outcome matches, the first requirement is the one broken.
            let isAlwaysMatched =
                scenario.behaviour.last?.pattern == .anything && scenario.closing.last?.pattern == .anything
            if !isAlwaysMatched { decisive.insert(first) }
            for id in decisive where Catalogue.hardWithoutKeyword[id] == nil {
                let requirement = try #require(RequirementTable.shared.requirement(id))
                #expect(requirement.basis == .keyword, "\(id)")
                #expect([.must, .mustNot].contains(requirement.level), "\(id)")
            }
        }
    }

    @Test(arguments: Role.allCases)
    func `what fails a peer is a duty of its own`(_ role: Role) throws {
        for scenario in Catalogue.all where scenario.targets.contains(role) {
            let scenario = scenario.testing(role)
            // Where no outcome matches, the first requirement is the one broken.
            let first = try #require(scenario.requirements.first)
            func check(_ id: String?, mayBeSent: Bool, _ place: String) throws {
                let requirement = try #require(RequirementTable.shared.requirement(id ?? first))
                let isDuty = requirement.binds(role) && (mayBeSent || requirement.duty != .sender)
                let duty = requirement.duty.rawValue
                #expect(isDuty, "\(scenario.id), \(place): \(requirement.id) is a duty of the \(duty)")
            }
            try check(first, mayBeSent: scenario.isActedOut, "first")
            for outcome in scenario.behaviour where outcome.grade == .violates {
                try check(outcome.requirement, mayBeSent: scenario.isActedOut, outcome.reason)
            }
            for outcome in scenario.closing where outcome.grade == .violates {
                let mayBeSent = scenario.isActedOut || outcome.pattern.isAboutFrame
                try check(outcome.requirement, mayBeSent: mayBeSent, outcome.reason)
            }
        }
    }

    @Test func `the list of exceptions has no entry that it does not need`() throws {
        let used = Set(
            Catalogue.all.flatMap { scenario in
                scenario.citations.compactMap(\.self) + scenario.requirements.prefix(1)
            }
        )
        for (id, reason) in Catalogue.hardWithoutKeyword {
            #expect(used.contains(id), "\(id)")
            #expect(try #require(RequirementTable.shared.requirement(id)).basis != .keyword, "\(id)")
            #expect(reason.hasSuffix("."), "\(id)")
        }
    }

    @Test
    func `a reason has neither names of ours in it nor placeholders`() async {
        await Sweep.each(of: Catalogue.all) { scenario in
            let names =
                ViolationRule.allCases.map(\.rawValue) + HandshakeRule.allCases.map(\.rawValue)
                + HTTPRule.allCases.map(\.rawValue)
            let own = names.filter { $0.contains("-") }
            for reason in scenario.behaviour.map(\.reason) + scenario.closing.map(\.reason) {
                #expect(!reason.contains("{") && !reason.contains("RFC6455-"), "\(reason)")
                #expect(!own.contains { reason.contains($0) }, "\(reason)")
            }
        }
    }

    @Test
    func `a grade below conforming has a reason that names its section`() async {
        await Sweep.each(of: Catalogue.all) { scenario in
            let graded =
                scenario.behaviour.map { (grade: $0.grade, reason: $0.reason) }
                + scenario.closing.map { (grade: $0.grade, reason: $0.reason) }
            for (grade, reason) in graded {
                guard grade != .conforms else {
                    #expect(reason.isEmpty)
                    continue
                }
                let citation = /RFC (6066|6455|7301|7692|8441|8446|9110|9112|9113|9220), [0-9]+(\.[0-9]+)*/
                #expect(reason.contains(citation), "\(reason)")
                // It goes on behind what the peer did, and may begin with the name of a frame or a flag of HTTP/2.
                #expect(reason.prefixMatch(of: /[a-z]|[A-Z_]{4,}\s/) != nil && !reason.hasSuffix("."), "\(reason)")
            }
        }
    }
}

extension Scenario {
    /// What its outcomes cite.
    fileprivate var citations: [String?] {
        behaviour.map(\.requirement) + closing.map(\.requirement)
    }

    /// Whether the client under test is made to send something, so that it can break a duty of senders.
    fileprivate var isActedOut: Bool { driver.action != nil }
}

extension ClosingPattern {
    /// Whether it is about a Close frame of the peer, whose form and code are a matter of the sender.
    fileprivate var isAboutFrame: Bool {
        switch self {
        case .peerCloses, .peerReplies: true
        case .peerDrops, .peerDropsAfterOurClose, .staysOpen, .anything: false
        }
    }
}
