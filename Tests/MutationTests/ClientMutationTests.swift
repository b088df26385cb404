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

    @Test(arguments: InMemoryClientRun.scenarios + InMemoryClientRun.costly)
    func `the correct model client has nothing said against it`(scenario: Scenario) throws {
        let judgement = try InMemoryClientRun.judge(scenario)
        #expect(judgement.gravest <= .informational, "\(scenario.id): \(judgement.reason)\n\(judgement.wire)")
    }

    @Test(arguments: InMemoryClientRun.scenarios.filter { !MutationMatrixTests.isLeftOpen($0.testing(.client)) })
    func `a scenario is failed, or found wanting, by a client with some defect`(scenario: Scenario) throws {
        let first: [Defect] = [
            .shared(.dropsEcho), .shared(.neverPongs), .shared(.ignoresClose), .shared(.swallowsInvalidUTF8),
            .shared(.swallowsRSV), .shared(.swallowsReservedOpcode), .shared(.swallowsOversizedControl),
            .shared(.swallowsFragmentedControl), .own(.ignoresOtherProblems),
        ]
        let others = Defect.all.filter { !first.contains($0) && !Self.seenEverywhere.contains($0) }
        for defect in first + others {
            let verdict = try InMemoryClientRun.judge(scenario, defect).gravest
            if verdict == .fail || verdict == .tolerated { return }
        }
        // An answer that may be taken or refused is failed by who takes it and then does not work.
        for defect in ClientDefect.allCases where !Self.seenEverywhere.contains(.own(defect)) {
            let verdict = try InMemoryClientRun.judge(scenario, .own(defect), .shared(.neverPongs)).verdict
            if verdict == .fail || verdict == .tolerated { return }
        }
        Issue.record("\(scenario.id) is failed by no defect")
    }

    @Test(arguments: InMemoryClientRun.Defect.all.filter { $0.standing == .broken })
    func `a defect that breaks a requirement is caught by some scenario`(defect: InMemoryClientRun.Defect) throws {
        guard !Self.leftOpenByTheText.contains(defect) else { return }
        for scenario in InMemoryClientRun.scenarios {
            let verdict = try InMemoryClientRun.judge(scenario, defect).gravest
            if verdict == .fail || verdict == .tolerated { return }
        }
        Issue.record("\(defect) goes unseen: \(defect.summary)")
    }

    @Test(arguments: InMemoryClientRun.Defect.all.filter { $0.standing != .broken })
    func `a freedom that the RFC gives never fails`(defect: InMemoryClientRun.Defect) throws {
        for scenario in InMemoryClientRun.scenarios where !Self.withholds(defect, in: scenario) {
            let judgement = try InMemoryClientRun.judge(scenario, defect)
            #expect(judgement.gravest != .fail, "\(defect) on \(scenario.id): \(judgement.reason)")
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
    ]

    /// Rules about what one conversation in memory does not have.
    private static let ofTheRunAlone: Set = ["target-died", "resources", "scaling", "nonce"]

    @Test(arguments: Judge.ruleNames(testing: .client).filter { !ofTheRunAlone.contains($0) })
    func `each judge rule has a defect that makes it speak`(rule: String) throws {
        let defect = try #require(Self.defectOfRule[rule])
        let spoke = try InMemoryClientRun.scenarios.contains { scenario in
            try InMemoryClientRun.judge(scenario, defect).findings.contains { $0.rule == rule }
        }
        #expect(spoke)
    }

    /// A client that answers Pings behind the next echo says nothing at all where no message follows.
    private static func withholds(_ defect: InMemoryClientRun.Defect, in scenario: Scenario) -> Bool {
        // Our FIN comes before its Close frame, and ends the link in memory.
        if defect == .shared(.answersCloseLate) { return scenario.id == "closing/client-waits-for-fin" }
        guard defect == .shared(.pongAfterEcho) else { return false }
        return scenario.needs == .nothing || scenario.id == "handshake/response/message-in-the-same-segment"
    }

    /// Defects that show in every conversation, whatever it is about.
    private static let seenEverywhere: Set<InMemoryClientRun.Defect> = Set(
        [
            ModelDefect.nonMinimalLength, .closeReasonNotUTF8, .dataAfterClose, .repeatsClose,
            .answersCloseLate, .rejectsCloseBodies,
        ].map(Defect.shared)
            + [
                ClientDefect.requestsPost, .requestsHTTP10, .omitsHost, .omitsUpgrade, .omitsConnection, .omitsKey,
                .shortKey, .omitsVersion, .asksForVersion8, .asksForEmptySubprotocol, .asksTwiceForSubprotocol,
                .saysNothing, .misspellsKey, .sendsBeforeAnswer, .masksNothing, .constantMaskingKey,
                .countingMaskingKeys, .dropsAtClose,
                .asksInHTTP12, .offersUnregisteredExtension, .offersUnknownParameter, .offersMalformedExtension,
                .writesEmptyElement, .repeatsUserAgent, .repeatsKey, .repeatsVersion, .writesVersionWithZero,
                .asksForVersion256, .writesOriginWithPath, .announcesContent, .omitsPort, .foldsField,
                .writesBareCarriageReturn, .beginsWithEmptyLine, .beginsWithBlank, .writesNameWithSpace,
            ].map(Defect.own)
    )

    /// Defects about which the text is ambiguous or silent, so that no verdict may hold them against a peer.
    private static let leftOpenByTheText: Set<InMemoryClientRun.Defect> = [
        // 5.2 binds the sender of a length, and says nothing about its receiver.
        .shared(.swallowsNonMinimalLength), .shared(.swallowsLengthTopBit),
        // Who refuses an answer and neither says so nor ends the connection cannot be seen to have refused it.
        .own(.keepsRefusedConnections),
    ]
}
