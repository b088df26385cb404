import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSModelPeer
import WSProtocol
import WSScenario

/// The harness's own mutation test where clients are under test.
@Suite("Mutation matrix of clients")
struct ClientMutationTests {
    private typealias Defect = InMemoryClientRun.Defect

    @Test
    func `the correct model client has nothing said against it`() async {
        await Sweep.each(of: InMemoryClientRun.scenarios + InMemoryClientRun.costly) { scenario in
            let judgement = try InMemoryClientRun.judge(scenario)
            // What it does not offer cannot be answered wrongly.
            let isUnoffered = judgement.verdict == .unimplemented && scenario.compression?.offer != .any
            #expect(
                judgement.gravest <= .informational || isUnoffered,
                "\(scenario.id): \(judgement.reason)\n\(judgement.wire)"
            )
        }
    }

    @Test
    func `a scenario is failed for what it is about by a client with some defect, or listed`() async {
        await Sweep.each(of: InMemoryClientRun.scenarios.filter { !$0.isLeftOpen(testing: .client) }) { scenario in
            let isListed = Unreached.entries(testing: .client).contains { $0.holds(scenario) }
            let defect = try InMemoryClientRun.specific.names(reaching: scenario, atMost: 1).first
            #expect((defect == nil) == isListed, "\(scenario.id): \(BiteMatrix<Defect>.mend(defect))")
        }
    }

    @Test
    func `what is too long for every defect is failed by one that fails a shorter scenario of its kind`() throws {
        let others = InMemoryRun.long(for: .client)
        for (scenario, defect) in try InMemoryClientRun.specific.defects(reachingLong: others) {
            let isListed = Unreached.entries(testing: .client).contains { $0.holds(scenario) }
            #expect((defect == nil) == isListed, "\(scenario.id): \(BiteMatrix<Defect>.mend(defect))")
        }
    }

    @Test
    func `a defect that breaks a requirement is caught by some scenario`() async {
        await Sweep.each(of: InMemoryClientRun.Defect.all.filter { $0.standing == .broken }) { defect in
            guard !Self.leftOpenByTheText.contains(defect) else { return }
            // A test of its own runs the defects to see that the table is true.
            let isCaught = Exercise.recordedOfClients.contains { $0.defect == defect.description }
            #expect(isCaught, "\(defect) goes unseen: \(defect.summary)")
        }
    }

    @Test
    func `a freedom that the RFC gives never fails`() async {
        await Sweep.each(of: InMemoryClientRun.Defect.all.filter { $0.standing != .broken }) { defect in
            for scenario in InMemoryClientRun.scenarios
            where !Self.withholds(defect, in: scenario) && Sample.takes("\(defect)", scenario.id) {
                let judgement = try InMemoryClientRun.judge(scenario, defect)
                #expect(judgement.gravest != .fail, "\(defect) on \(scenario.id): \(judgement.reason)")
                await Task.yield()
            }
        }
    }

    /// The defect that each judge rule has to find.
    private static let defectOfRule: [String: InMemoryClientRun.Defect] = [
        "framing": .own(.masksNothing), "limit": .shared(.closesAbove64K), "data-type": .shared(.refusesBinary),
        "behaviour": .shared(.corruptsEcho), "closing": .shared(.ignoresClose), "transport": .shared(.neverClosesTCP),
        "second-close": .shared(.repeatsClose), "reset": .shared(.resetsAfterClose),
        "late-close": .shared(.answersCloseLate), "no-request": .own(.omitsUpgrade),
        "request-line": .own(.requestsPost), "request-fields": .own(.omitsHost),
        "request-extensions": .own(.offersUnregisteredExtension), "address": .own(.writesAddressAsGiven),
        "early-data": .own(.sendsBeforeAnswer), "masking-keys": .own(.constantMaskingKey),
        "driver": .own(.closesWithOtherReason), "ends-first": .own(.endsBeforeServer),
        "agreement": .own(.offersNoCompression), "compressed-messages": .shared(.leavesTail),
        "nonce": .own(.reusesKey),
        "answered-pong": .shared(.answersPong), "stream-request": .own(.sendsKeyOnStreams),
        "http2-connection": .shared(.endsConnectionsOverResets),
        "http2-windows": .shared(.exceedsStreamWindows), "http2-messages": .own(.connectionFieldsOnStreams),
    ]

    /// Rules about what one conversation in memory does not have, and about frames that no end of HTTP/2 here writes.
    private static let ofTheRunAlone: Set = [
        "target-died", "resources", "scaling", "closure-alert", "negotiated-protocol", "server-name", "http2-frames",
        "http2-settings", "http2-streams",
    ]

    @Test
    func `each judge rule has a defect that makes it speak`() async {
        await Sweep.each(of: Judge.ruleNames(testing: .client).filter { !Self.ofTheRunAlone.contains($0) }) { rule in
            let defect = try #require(Self.defectOfRule[rule], "name a defect for the rule \(rule) in defectOfRule")
            let spoke = try InMemoryClientRun.scenarios.contains { scenario in
                try InMemoryClientRun.judge(scenario, defect).findings.contains { $0.rule == rule }
            }
            #expect(spoke)
        }
    }

    /// A client that answers Pings behind the next echo says nothing at all where no message follows.
    private static func withholds(_ defect: InMemoryClientRun.Defect, in scenario: Scenario) -> Bool {
        // Our FIN comes before its Close frame, and ends the link in memory.
        if defect == .shared(.answersCloseLate) { return scenario.id == "closing/client-waits-for-fin" }
        guard defect == .shared(.pongAfterEcho) else { return false }
        if case .send(let frame)? = scenario.script.last, frame.opcode == .ping { return true }
        return scenario.needs == .nothing || scenario.id == "handshake/response/message-in-the-same-segment"
    }

    /// Defects about which the text is ambiguous or silent, so that no verdict may hold them against a peer.
    private static let leftOpenByTheText: Set<InMemoryClientRun.Defect> = [
        // 5.2 binds the sender of a length, and says nothing about its receiver.
        .shared(.swallowsNonMinimalLength), .shared(.swallowsLengthTopBit),
        // Who refuses an answer and neither says so nor ends the connection cannot be seen to have refused it.
        .own(.keepsRefusedConnections),
        // Section 7.2.2 of RFC 7692 does not say what a message is that ends with a final block alone.
        .shared(.hangsAtBareFinalBlock),
    ]
}
