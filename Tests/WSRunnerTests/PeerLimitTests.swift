import PeerTestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

@Suite struct `The search for a peer's limit` {
    @Test(arguments: [
        1, 2, 125, 65_535, 65_536, 65_537, 1_000_000, 1 << 20, (1 << 20) + 1, 5_000_000, 10 << 20, 16 << 20,
    ])
    func `finds it exactly`(limit: Int) {
        var search = PeerLimitSearch(bound: 64 << 20)
        var tries = 0
        while let length = search.next {
            search.note(isAccepted: length <= limit)
            tries += 1
        }
        #expect(search.limit == limit)
        #expect(!search.isUnlimited)
        #expect(tries <= PeerLimitSearch.mostTries)
    }

    @Test(arguments: [65_536, 1 << 20, 16 << 20, 32 << 20])
    func `takes few messages for a limit that many have`(limit: Int) {
        var search = PeerLimitSearch(bound: (64 << 20) + 1)
        var tries = 0
        while let length = search.next {
            search.note(isAccepted: length <= limit)
            tries += 1
        }
        #expect(search.limit == limit && tries <= 8)
    }

    @Test func `ends with a peer that accepts everything after two messages`() {
        var search = PeerLimitSearch(bound: 4 << 20)
        var lengths: [Int] = []
        while let length = search.next {
            lengths.append(length)
            search.note(isAccepted: true)
        }
        #expect(lengths == [1 << 20, 4 << 20])
        #expect(search.isUnlimited && search.limit == nil)
    }

    @Test func `ends with a peer that accepts nothing`() {
        var search = PeerLimitSearch(bound: 64 << 20)
        while search.next != nil { search.note(isAccepted: false) }
        #expect(search.limit == nil && !search.isUnlimited)
    }

    @Test func `is of uncompressed messages where a peer delivers all compressed ones`() {
        var learning = PeerLimitLearning(bound: 4 << 20)
        while let (length, isCompressed) = learning.next {
            learning.note(isCompressed || length <= 70_000 ? .accepted : .refused)
        }
        #expect(learning.result == .octets(70_000))
    }

    @Test func `says why it found none`() {
        var learning = PeerLimitLearning(bound: 4 << 20)
        learning.note(.accepted)
        learning.note(.nothing)
        #expect(learning.next == nil)
        #expect(
            learning.result?.reasonToSkip
                == "the largest message that the peer accepts could not be learned, because a message of 4194305 octets "
                + "had no answer; give it with --peer-limit"
        )
        var everything = PeerLimitLearning(bound: 4 << 20)
        while everything.next != nil { everything.note(.accepted) }
        #expect(everything.result?.reasonToSkip.contains("--max-message") == true)
    }

    @Test(arguments: [(Effort.quick, 16 << 20), (.full, 64 << 20)])
    func `tries the largest messages with the full effort only`(effort: Effort, most: Int) {
        var settings = Conversation.settings()
        (settings.effort, settings.maximumMessage) = (effort, 64 << 20)
        var learning = PeerLimitLearning(settings)
        var largest = 0
        while let (length, _) = learning.next {
            largest = max(largest, length)
            learning.note(.accepted)
        }
        #expect(largest == most + 1)
        #expect(learning.result?.reasonToSkip.contains("is above the \(most) octets") == true)
    }
}

@Suite struct `Cases around a peer's limit` {
    private static let sweeps = Catalogue.all.filter { $0.limitSweep != nil }
    private static let oneFrame = "compression/peer-limit/one-frame"
    private static let fragments = "compression/peer-limit/three-fragments"

    private func run(
        _ meeting: MemoryTarget.Meeting,
        peerLimit: Int? = nil,
        maximumMessage: Int = 4 << 20
    ) async -> (log: RunLog, target: MemoryTarget) {
        let target = MemoryTarget { _ in meeting }
        var settings = Conversation.settings()
        settings.maximumMessage = maximumMessage
        let (ending, log) = await MemoryRun.run(
            target,
            scenarios: Self.sweeps,
            settings: settings,
            peerLimit: peerLimit,
            fallsShort: { result in RunLog.judgement(of: result).map { $0.verdict != .pass } ?? false }
        )
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.sweeps)
        return (log, target)
    }

    @Test(arguments: [1_000, 65_536, 70_001])
    func `are made for the limit that the run learns, and a right server passes them`(limit: Int) async {
        let (log, target) = await run(.limited(limit))
        #expect(log.blemishes.isEmpty, "\(log.blemishes)")
        for scenario in Self.sweeps {
            let result = log.final[scenario.id]
            #expect(result?.scenario.limitSweep?.limit == limit)
            #expect(result?.transcript?.header.peerLimit == limit)
            #expect(log.verdict(scenario.id) == .pass)
        }
        #expect(target.connections.count { $0.hasPrefix("control/limit-") } <= 2 * PeerLimitSearch.mostTries)
    }

    @Test func `are made for the limit that the user gives, without any message to learn it`() async {
        let (log, target) = await run(.limited(70_001), peerLimit: 70_001)
        #expect(log.blemishes.isEmpty, "\(log.blemishes)")
        #expect(!target.connections.contains { $0.hasPrefix("control/limit-") })
    }

    @Test func `do not take an echo without compression for too much, however small what was sent is`() throws {
        let scenario = Catalogue.PeerLimits.forRuns.probe(3 << 20, true)
        guard case .message(_, let text)? = scenario.expectedEvents.first else {
            Issue.record("it expects no message")
            return
        }
        let peer = ScriptedPeer { event, answers in
            switch event {
            case .request(let head):
                let plain = String(decoding: Answers.acceptance(of: head), as: UTF8.self)
                let line = "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
                // CR LF is one Character.
                answers.send(String(plain.dropLast(2)) + line)
            // The peer of this test inflates nothing, and sees a reserved bit.
            case .violation where answers.count == 0:
                answers.count += 1
                answers.send(.text, text.octets)
            case .close: answers.behave(event)
            default: break
            }
        }
        let link = Conversation.run(scenario, with: peer)
        #expect(link.client.facts.gaveUp == nil)
        #expect(Judge.judge(scenario, link.client.transcript).verdict == .pass)
    }

    @Test func `say that a limit that the user gives is not the peer's`() async {
        let (high, _) = await run(.limited(70_000), peerLimit: 80_000)
        #expect(high.verdict(Self.oneFrame) == .tolerated)
        #expect(high.judgement(Self.oneFrame)?.reason.contains("refused a message of 80000 octets") == true)
        let (low, _) = await run(.limited(70_000), peerLimit: 60_000)
        #expect(low.verdict(Self.oneFrame) == .fail)
        #expect(
            low.judgement(Self.oneFrame)?.reason.contains("60001 octets inflated, 1 above its limit of 60000") == true
        )
    }

    @Test func `are skipped with the reason where no limit was found`() async {
        let (log, _) = await run(.model, maximumMessage: 70_000)
        for scenario in Self.sweeps {
            guard case .skipped(let reason)? = log.final[scenario.id]?.status else {
                Issue.record("\(scenario.id) was not skipped")
                continue
            }
            #expect(reason.hasSuffix("; give it with --peer-limit"))
        }
    }

    @Test func `are unimplemented by a server that does not agree to compress`() async {
        let (log, target) = await run(.defective([.declinesCompression]))
        for scenario in Self.sweeps { #expect(log.verdict(scenario.id) == .unimplemented) }
        #expect(target.connections.count { $0.hasPrefix("control/limit-") } == 1)
    }

    @Test(
        arguments: [
            (.cutsAboveLimit, nil, oneFrame, "delivered another message"),
            (.limitsPayloadAlone, nil, oneFrame, "above its limit of 65536"),
            (.limitsPayloadAlone, 65_536, oneFrame, "above its limit of 65536"),
            (.limitsEachFragment, nil, fragments, "above its limit of 65536"),
            (.roundsLimitUp, 65_536, oneFrame, "above its limit of 65536"),
        ] as [(ModelDefect, Int?, String, String)]
    )
    func `name the first length at which a server goes wrong`(
        defect: ModelDefect,
        limit: Int?,
        id: String,
        words: String
    ) async {
        let (log, _) = await run(.defective([defect]), peerLimit: limit)
        let judgement = log.judgement(id)
        #expect(judgement?.verdict == .fail)
        #expect(judgement?.reason.contains(words) == true, "\(judgement?.reason ?? "none")")
        #expect(judgement?.reason.contains("65537 octets") == true, "\(judgement?.reason ?? "none")")
    }

    @Test func `recommend another code where the peer closes with a wrong one`() async {
        let (log, _) = await run(.defective([.wrongLimitCode]))
        #expect(log.verdict(Self.oneFrame) == .tolerated)
    }
}
