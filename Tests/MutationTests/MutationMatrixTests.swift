import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSModelPeer
import WSProtocol
import WSScenario

/// The harness's own mutation test: a defect of the model server must not go unseen, its absence must be silent.
@Suite("Mutation matrix")
struct MutationMatrixTests {
    @Test
    func `the correct model server has nothing said against it`() async {
        await Sweep.each(of: InMemoryRun.scenarios + InMemoryRun.costly) { scenario in
            let judgement = try InMemoryRun.judge(scenario)
            #expect(judgement.gravest <= .informational, "\(scenario.id): \(judgement.reason)\n\(judgement.wire)")
        }
    }

    @Test
    func `a scenario is failed for what it is about by a server with some defect, or listed`() async {
        await Sweep.each(of: InMemoryRun.scenarios.filter { !$0.isLeftOpen(testing: .server) }) { scenario in
            let isListed = Unreached.entries(testing: .server).contains { $0.holds(scenario) }
            let defect = try InMemoryRun.specific.names(reaching: scenario, atMost: 1).first
            #expect((defect == nil) == isListed, "\(scenario.id): \(BiteMatrix<ModelDefect>.mend(defect))")
        }
    }

    @Test
    func `what is too long for every defect is failed by one that fails a shorter scenario of its kind`() throws {
        let others = InMemoryRun.long(for: .server).filter { !Self.isTriedAlone($0) }
        for (scenario, defect) in try InMemoryRun.specific.defects(reachingLong: others) {
            let isListed = Unreached.entries(testing: .server).contains { $0.holds(scenario) }
            #expect((defect == nil) == isListed, "\(scenario.id): \(BiteMatrix<ModelDefect>.mend(defect))")
        }
    }

    @Test
    func `a defect that breaks a requirement is caught by some scenario`() async {
        await Sweep.each(of: ModelDefect.allCases.filter { $0.standing == .broken }) { defect in
            guard !Self.leftOpenByTheText.contains(defect) else { return }
            // A test of its own runs the defects to see that the table is true.
            let isCaught = Exercise.recorded.contains { $0.defect == defect.rawValue }
            #expect(isCaught, "\(defect.rawValue) goes unseen: \(defect.summary)")
        }
    }

    @Test
    func `a freedom that the RFC gives never fails`() async {
        await Sweep.each(of: ModelDefect.allCases.filter { $0.standing != .broken }) { defect in
            let scenarios = InMemoryRun.smallScenarios.filter { scenario in
                scenario.tags.contains(.handshake) || !defect.isOfUnusualHandshakes
            }
            for scenario in scenarios
            where !Self.withholds(defect, in: scenario) && Sample.takes(defect.rawValue, scenario.id) {
                let judgement = try InMemoryRun.judge(scenario, defects: [defect])
                #expect(judgement.gravest != .fail, "\(defect.rawValue) on \(scenario.id): \(judgement.reason)")
                await Task.yield()
            }
        }
    }

    /// The defect that each judge rule has to find.
    ///
    /// A dead target is a matter of the run, whose own tests kill one; a target that serves nobody else is tried by
    /// itself, as the link in memory has no second connection.
    private static let defectOfRule: [String: ModelDefect] = [
        "handshake": .wrongAccept, "framing": .masksFrames, "limit": .closesAbove64K, "data-type": .refusesBinary,
        "declined": .closesOverSubprotocols, "continue": .omitsContinue, "answered-pong": .answersPong,
        "behaviour": .corruptsEcho, "closing": .ignoresClose, "transport": .neverClosesTCP,
        "second-close": .repeatsClose, "reset": .resetsAfterClose,
        "early-answer": .answersTooEarly, "response-fields": .foldsAnswer, "refusal": .omitsAllow,
        "unknown-extension": .acceptsEveryExtension,
        "extension-parameters": .unknownExtensionParameter, "version-list": .listsWordAsVersion,
        "response-version": .http2Answer, "late-close": .answersCloseLate,
        "agreement": .declinesCompression, "compressed-messages": .leavesTail,
        "stream-opening": .switchesProtocolsOnStreams, "http2-settings": .setsConnectProtocolToTwo,
        "http2-answers": .acknowledgesSettingsOnce, "http2-streams": .sendsAfterResets,
        "http2-connection": .endsConnectionsOverResets, "http2-windows": .exceedsStreamWindows,
        "http2-messages": .contentLengthOnStreams,
    ]

    /// Rules about what the link in memory does not have, and about frames that no end of HTTP/2 here writes.
    private static let ofTheRunAlone: Set = [
        "target-died", "others-served", "resources", "scaling", "closure-alert", "negotiated-protocol", "http2-frames",
    ]

    @Test
    func `each judge rule has a defect that makes it speak`() async {
        await Sweep.each(of: Judge.ruleNames(testing: .server).filter { !Self.ofTheRunAlone.contains($0) }) { rule in
            let defect = try #require(Self.defectOfRule[rule], "name a defect for the rule \(rule) in defectOfRule")
            let spoke = try InMemoryRun.smallScenarios.contains { scenario in
                try InMemoryRun.judge(scenario, defects: [defect]).findings.contains { $0.rule == rule }
            }
            #expect(spoke)
        }
    }

    /// A server that answers Pings behind the next echo says nothing at all where no message follows.
    private static func withholds(_ defect: ModelDefect, in scenario: Scenario) -> Bool {
        defect == .pongAfterEcho && (scenario.needs == .nothing || endsWithPing(scenario))
    }

    /// Whether no message follows the last Ping.
    private static func endsWithPing(_ scenario: Scenario) -> Bool {
        if case .send(let frame)? = scenario.script.last { frame.opcode == .ping } else { false }
    }

    @Test func `a target that serves nobody else while one client is slow is found wanting`() throws {
        let scenario = try #require(Catalogue.scenario("robustness/slow-frame"))
        #expect(try InMemoryRun.judge(scenario).verdict == .pass)
        let blocked = try InMemoryRun.judge(scenario, servesOthers: false)
        #expect(blocked.verdict == .tolerated)
        #expect(blocked.findings.map(\.rule) == ["others-served"])
    }

    /// What the matrix cannot afford against every defect, each with one that it has to find.
    static let foundWanting: [String: ModelDefect] = [
        "defect/10-mebibytes-unmasked": .swallowsUnmasked,
        "defect/100000-empty-pings": .ignoresClose,
        "defect/close-never-answered": .neverClosesTCP,
        "defect/endless-field": .neverRefuses,
        "defect/endless-fields": .neverRefuses,
        "defect/short-frames-cut-at-every-place": .restartsKeyPerRead,
        "defect/time-of-blanks": .neverRefuses,
        "handshake/request/end-held-back": .answersTooEarly,
    ]

    @Test(arguments: foundWanting.keys.sorted())
    func `a costly known defect is found by a server that has it`(id: String) throws {
        let scenario = try #require(Catalogue.scenario(id))
        let defect = try #require(Self.foundWanting[id])
        let verdict = try InMemoryRun.judge(scenario, defects: [defect]).verdict
        #expect(verdict == .fail || verdict == .tolerated)
    }

    @Test func `a server whose connections keep others from being served is found wanting`() throws {
        let scenario = try #require(Catalogue.scenario("defect/all-length-bits-on-200-connections"))
        #expect(try InMemoryRun.judge(scenario).verdict == .pass)
        // Who refuses the length at once is done with it before others can be kept waiting.
        let blocked = try InMemoryRun.judge(scenario, defects: [.swallowsLengthTopBit], servesOthers: false)
        #expect(blocked.verdict == .tolerated)
        #expect(blocked.findings.contains { $0.rule == "others-served" })
    }

    /// Whether a test of its own finds a server wanting in the scenario.
    static func isTriedAlone(_ scenario: Scenario) -> Bool {
        foundWanting[scenario.id] != nil || triedAlone.contains(scenario.id)
    }

    /// Those that the tests of concurrent connections and of slow peers try.
    private static let triedAlone: Set = ["defect/all-length-bits-on-200-connections", "robustness/slow-frame"]

    /// Defects about which the text is ambiguous or silent, so that no verdict may hold them against a peer.
    private static let leftOpenByTheText: Set<ModelDefect> = [
        // RFC 6455, 4.1 against RFC 9110's list syntax.
        .upgradeList,
        // 5.2 binds the sender of a length, and says nothing about its receiver.
        .swallowsNonMinimalLength, .swallowsLengthTopBit,
        // RFC 7692, 7.2.2 does not say what a message is that ends with a final block alone.
        .hangsAtBareFinalBlock,
    ]
}
