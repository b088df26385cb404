import PeerTestSupport
import Synchronization
import Testing
import WSCatalogue
import WSJudge
import WSKernels
import WSLink
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript
import WSTransport

/// What a run against a hostile target came to.
private struct Outcome: Sendable {
    var ending: RunEnding
    var results: [String: ConversationResult]
    var notes: [String]

    func judgement(_ id: String) -> Judgement? {
        guard let result = results[id], result.status == .recorded else { return nil }
        return result.transcript.map { Judge.judge(result.scenario, $0) }
    }

    /// The scenarios with this verdict.
    func ids(_ verdict: Verdict) -> Set<String> {
        Set(
            results.keys.filter { id in
                if case .inconclusive = results[id]?.status { return verdict == .inconclusive }
                return judgement(id)?.verdict == verdict
            }
        )
    }
}

/// A machine of any kind, and whether it resets the connection instead of reading on.
private struct Either: LinkMachine {
    var machine: any LinkMachine
    var resets: @Sendable () -> Bool = { false }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        machine.linkConnected(at: now, actions: &actions)
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        if resets() { return actions.append(.reset) }
        machine.linkReceived(bytes, at: now, actions: &actions)
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        machine.linkWritable(at: now, actions: &actions)
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        machine.linkTimerFired(timer, at: now, actions: &actions)
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) { machine.linkEnded(end, at: now) }
}

/// A model server that answers only requests that come in one piece, and hangs on all others.
private struct WholeRequestsOnly: LinkMachine {
    private var server: any LinkMachine = Loopback.model()
    private var isAwake: Bool?

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkConnected(at: now, actions: &actions)
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        if isAwake == nil {
            var head = HTTPHeadDecoder(expecting: .request)
            if case .needMore = head.feed(bytes) { isAwake = false } else { isAwake = true }
        }
        if isAwake == true { server.linkReceived(bytes, at: now, actions: &actions) }
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkWritable(at: now, actions: &actions)
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkTimerFired(timer, at: now, actions: &actions)
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) { server.linkEnded(end, at: now) }
}

/// A model server that is another peer for one in twenty keys.
///
/// The key of a scenario is the same whenever the scenario is played again, so the same scenarios meet the other peer.
private struct ByKey: LinkMachine {
    private var server: any LinkMachine = Loopback.model()
    private let other: ScriptedPeer
    private var head = HTTPHeadDecoder(expecting: .request)
    private var request: [UInt8]? = []

    init(other: ScriptedPeer) { self.other = other }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkConnected(at: now, actions: &actions)
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        guard var octets = request else { return server.linkReceived(bytes, at: now, actions: &actions) }
        octets.append(copying: bytes)
        request = octets
        let outcome = head.feed(bytes)
        if case .needMore = outcome { return }
        if case .complete(let head, _) = outcome, Self.isChosen(head) {
            server = other
            server.linkConnected(at: now, actions: &actions)
        }
        request = nil
        server.linkReceived(octets.span, at: now, actions: &actions)
    }

    private static func isChosen(_ request: HTTPHead) -> Bool {
        let key = request.values(of: "Sec-WebSocket-Key").joined()
        return key.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) % 1_009 }.isMultiple(of: 20)
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkWritable(at: now, actions: &actions)
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkTimerFired(timer, at: now, actions: &actions)
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) { server.linkEnded(end, at: now) }
}

@Suite(.tags(.loopback), .serialized, .timeLimit(.minutes(15)))
struct `Hostile targets over loopback` {
    /// Nothing that takes its time by itself.
    private static let quick = Catalogue.all.filter {
        $0.security == nil && $0.stream == nil && !$0.tags.contains(.slow)
    }

    private static let scenarios = quick.filter { scenario in
        let topics = ["ping/", "closing/", "fragmentation/", "reserved-bits/", "framing/", "handshake/request/key"]
        return scenario.targets.contains(.server) && topics.contains { scenario.id.hasPrefix($0) }
    }

    private func run(
        _ makeMachine: @escaping @Sendable () -> any LinkMachine,
        scenarios: [Scenario] = scenarios,
        jobs: Int,
        idleTimeout: LinkDuration = .seconds(5)
    ) async throws -> Outcome {
        try await Loopback.listening(makeMachine) { port in
            let told = Mutex((results: [String: ConversationResult](), notes: [String]()))
            let run = TestRun(
                plan: RunPlan(
                    scenarios: scenarios,
                    control: Catalogue.Controls.echo,
                    controlWithoutEcho: Catalogue.Controls.ping,
                    settings: try Loopback.settings(port: port, idleTimeout: idleTimeout),
                    jobs: jobs
                ),
                dialer: Loopback.dialer(port: port),
                makeSidecar: { _ in nil },
                wallClock: { 0 },
                revivalPause: .milliseconds(1),
                holdsAgainst: { result in
                    guard result.status == .recorded, let transcript = result.transcript else { return false }
                    return Judge.judge(result.scenario, transcript).verdict == .fail
                },
                handle: { event in
                    told.withLock { told in
                        switch event {
                        case .finished(let result), .replaced(let result): told.results[result.scenario.id] = result
                        case .note(let line): told.notes.append(line)
                        case .peer, .planned, .quiet, .withoutCredentials: break
                        }
                    }
                }
            )
            let ending = await run.run()
            return told.withLock { Outcome(ending: ending, results: $0.results, notes: $0.notes) }
        }
    }

    /// Gives every so many connections, and never the very first, to another machine than a correct server.
    private func every(_ period: Int, _ peer: ScriptedPeer) -> @Sendable () -> any LinkMachine {
        let count = Counter()
        return { Either(machine: count.next().isMultiple(of: period) ? peer : Loopback.model()) }
    }

    private func octetsReceived(_ result: ConversationResult?) -> UInt64 {
        result?.transcript?.events.reduce(0) { sum, event in
            if case .received(_, let parts) = event.kind {
                sum + parts.reduce(0) { $0 + UInt64($1.count) }
            } else {
                sum
            }
        } ?? 0
    }

    // MARK: - Half a request

    @Test(arguments: [1, 16])
    func `A target that hangs on half a request fails what sends one, and nothing else`(jobs: Int) async throws {
        let paced = Self.quick.filter { scenario in
            guard case .request(let request) = scenario.opening, scenario.targets.contains(.server) else {
                return false
            }
            return request.pacing != .whole
        }
        try #require(!paced.isEmpty)
        let outcome = try await run(
            { WholeRequestsOnly() },
            scenarios: Self.scenarios + paced,
            jobs: jobs,
            // Long enough for whoever does answer, beside all the other suites.
            idleTimeout: .seconds(1)
        )
        #expect(outcome.ending == .complete)
        let allowed = Set(paced.map(\.id))
        #expect(!outcome.ids(.fail).isEmpty && outcome.ids(.fail).isSubset(of: allowed))
        #expect(outcome.ids(.inconclusive).isSubset(of: allowed))
    }

    // MARK: - Too much

    /// A response head without end, in pieces of 256 KiB.
    private static let endless = ScriptedPeer { event, answers in
        guard answers.count < 400 else { return }
        switch event {
        case .request: answers.send("HTTP/1.1 101 Switching Protocols\r\n")
        case .timer:
            answers.send(String(repeating: "X-Filler: \(String(repeating: "x", count: 1_012))\r\n", count: 256))
        default: return
        }
        answers.count += 1
        answers.wait(.microseconds(10))
    }

    @Test func `A target that answers with 100 MB of header fields is told in one line, and soon`() async throws {
        let outcome = try await run({ Self.endless }, jobs: 16)
        guard case .unreachable(let line) = outcome.ending else { return #expect(Bool(false), "\(outcome.ending)") }
        #expect(line.contains("HTTP") && !line.contains("\n"))
        #expect(outcome.results.isEmpty)
    }

    @Test(arguments: [1, 16])
    func `One connection of many that is answered so fails its own scenario, and little of it is kept`(
        jobs: Int
    ) async throws {
        // The limit of a head ends each of them. Where a slow machine took longer than the run's patience, the scenario
        // is played again, and meets the same.
        let outcome = try await run({ ByKey(other: Self.endless) }, jobs: jobs, idleTimeout: .seconds(60))
        #expect(outcome.ending == .complete)
        #expect(outcome.results.count == Self.scenarios.count)
        for id in outcome.ids(.fail) {
            // It is one of those that were answered so, and was read no further than a head may be long.
            #expect((10_000..<1 << 21).contains(octetsReceived(outcome.results[id])))
        }
        #expect(!outcome.ids(.fail).isEmpty && outcome.ids(.fail).count <= Self.scenarios.count / 10)
    }

    // MARK: - Something else

    private static let html = ScriptedPeer { event, answers in
        guard case .request(let head) = event else { return }
        answers.send(Answers.acceptance(of: head))
        answers.send("<!DOCTYPE html><html><body><h1>It works!</h1></body></html>\r\n")
        answers.end()
    }

    @Test func `A target that sends 101 and then HTML is told in one line`() async throws {
        let outcome = try await run({ Self.html }, jobs: 16)
        guard case .unreachable(let line) = outcome.ending else { return #expect(Bool(false), "\(outcome.ending)") }
        #expect(line.contains("neither a text message nor a Ping"))
    }

    @Test(arguments: [1, 16])
    func `Where only some connections get HTML, it is in the record of each failure`(jobs: Int) async throws {
        let outcome = try await run(every(20, Self.html), jobs: jobs)
        #expect(outcome.ending == .complete)
        #expect(outcome.results.count == Self.scenarios.count)
        for id in outcome.ids(.fail) {
            #expect(outcome.results[id]?.transcript.map(holdsHTML) == true)
        }
        // It ends the connection, so that a second try, alone, got an answer.
        #expect(!outcome.ids(.inconclusive).isEmpty)
    }

    private func holdsHTML(_ transcript: Transcript) -> Bool {
        transcript.events.contains { event in
            guard case .received(_, let parts) = event.kind else { return false }
            return parts.contains { part in
                if case .octets(let octets) = part { octets.starts(with: Array("<!DOCTYPE".utf8)) } else { false }
            }
        }
    }

    // MARK: - Resets

    @Test(arguments: [1, 16], [1, 2, 3] as [UInt64])
    func `A target that resets at random fails only where it reset twice`(jobs: Int, seed: UInt64) async throws {
        let dice = Mutex(SplitMix64(seed: seed))
        let resets: @Sendable () -> Bool = { dice.withLock { $0.next().isMultiple(of: 40) } }
        // The very first conversation shows that the target works at all.
        let count = Counter()
        let outcome = try await run(
            { count.next() == 1 ? Loopback.model() : Either(machine: Loopback.model(), resets: resets) },
            jobs: jobs
        )
        #expect(outcome.results.count == Self.scenarios.count)
        #expect(outcome.ids(.pass).count > Self.scenarios.count / 2)
        for id in outcome.ids(.fail) {
            // A reset that a write runs into looks like any other end.
            let ends: [TranscriptEvent.Kind] = [.ended(.reset), .ended(.finished)]
            let isReset = outcome.results[id]?.transcript?.events.contains { ends.contains($0.kind) }
            let judged = outcome.judgement(id)
            #expect(isReset == true && judged?.closeCode == nil, "\(id): \(judged?.reason ?? "")")
            #expect(outcome.judgement(id)?.findings.contains { $0.rule == "target-died" } == false)
        }
    }
}

/// Counts from 1.
private final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}
