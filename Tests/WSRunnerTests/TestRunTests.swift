import PeerTestSupport
import Synchronization
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSProtocol
import WSRunner
import WSScenario

@Suite struct `A run` {
    private static let few = MemoryRun.few

    // MARK: - Whole

    @Test(arguments: [1, 2, 16])
    func `Against a correct server every scenario has one clean result`(jobs: Int) async {
        let (ending, log) = await MemoryRun.run(MemoryTarget { _ in .model }, jobs: jobs)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes.isEmpty)
        #expect(log.notes.isEmpty)
        #expect(log.replacedCount == 0)
        #expect(log.final.values.allSatisfy { $0.startedAtMilliseconds == 7 })
        guard case .peer(let server) = log.events.first else { return #expect(Bool(false), "the peer is told first") }
        #expect(server?.hasPrefix("wsconform/") == true)
    }

    @Test func `Load comes after everything else, one conversation phase after the other`() async {
        let (_, log) = await MemoryRun.run(MemoryTarget { _ in .model })
        let order = log.events.compactMap { event -> Bool? in
            if case .finished(let result) = event { result.scenario.isLoad } else { nil }
        }
        #expect(order == order.filter { !$0 } + order.filter { $0 })
    }

    @Test func `What waits longest is begun first, so that nobody waits for it alone at the end`() async {
        let ids = ["ping/empty", "handshake/request/half-and-fin", "utf8/fail-fast/pieces-inside-code-point"]
        let scenarios = ids.compactMap { Catalogue.scenario($0) }
        let (_, log) = await MemoryRun.run(MemoryTarget { _ in .model }, scenarios: scenarios, jobs: 1)
        let order = log.events.compactMap { event -> String? in
            if case .finished(let result) = event { result.scenario.id } else { nil }
        }
        #expect(order == [ids[1], ids[2], ids[0]])
    }

    @Test func `In load large messages and small writes take turns, and what goes to and fro comes last`() async {
        let ids = [
            "limits/echo-loop/text-16", "limits/chopped-binary/64-octets", "limits/chopped-text/64-octets",
            "limits/binary/64-kibibytes", "limits/fragmented-text/64-octets",
        ]
        let scenarios = ids.compactMap { Catalogue.scenario($0)?.shrunk(to: 1000) }
        let (_, log) = await MemoryRun.run(MemoryTarget { _ in .model }, scenarios: scenarios, jobs: 1)
        let order = log.events.compactMap { event -> String? in
            if case .finished(let result) = event { result.scenario.id } else { nil }
        }
        #expect(order == [ids[3], ids[1], ids[4], ids[2], ids[0]])
    }

    @Test(arguments: [1, 16])
    func `What has ended servers before comes after the rest, so that a death costs little`(jobs: Int) async {
        let ids = ["defect/2001-fields-before-upgrade", "limits/text/64-kibibytes", "ping/empty"]
        let scenarios = ids.compactMap { Catalogue.scenario($0) }
        #expect(scenarios.count == ids.count)
        let target = mortal(killer: ids[0], refusals: nil)
        let (_, log) = await MemoryRun.run(target, scenarios: scenarios, jobs: jobs)
        #expect(ids.map(log.verdict) == [.inconclusive, .pass, .pass])
    }

    @Test func `No scenario at all is a complete run`() async {
        let (ending, log) = await MemoryRun.run(MemoryTarget { _ in .model }, scenarios: [])
        #expect(ending == .complete)
        #expect(log.final.isEmpty)
    }

    // MARK: - Death in the middle

    /// A target that a scenario kills; it comes back after so many refused connections, or never.
    private func mortal(killer: String, refusals: Int?, deaths: Int = .max) -> MemoryTarget {
        let refusalsLeft = Mutex<Int?>(nil)
        let deathsLeft = Mutex(deaths)
        return MemoryTarget { connection in
            let isDead = refusalsLeft.withLock { left -> Bool in
                guard let now = left else { return false }
                if now == 0 {
                    left = nil
                    return false
                }
                left = now - 1
                return true
            }
            if isDead {
                return .refused("peer.example:9001 refused the connection; start the server or check the port")
            }
            guard connection.scenario == killer else { return .model }
            let dies = deathsLeft.withLock { left -> Bool in
                guard left > 0 else { return false }
                left -= 1
                return true
            }
            guard dies else { return .model }
            refusalsLeft.withLock { $0 = refusals ?? .max }
            return .peer(
                ScriptedPeer { event, answers in
                    if case .request = event { answers.behave(event) } else if event != .connected { answers.reset() }
                }
            )
        }
    }

    @Test(
        arguments: ["closing/after-echo", "ping/empty", "utf8/surrogate/d800", "limits/text/64-kibibytes"],
        [1, 16]
    )
    func `What kills the target is named, and nothing else is blamed`(killer: String, jobs: Int) async {
        let (ending, log) = await MemoryRun.run(mortal(killer: killer, refusals: 3), jobs: jobs)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes == [killer: .fail])
        #expect(log.notes.contains { $0.contains(killer) })
        let judgement = log.final[killer]?.transcript.map {
            Judge.judge(log.final[killer]?.scenario ?? Self.few[0], $0)
        }
        #expect(judgement?.findings.contains { $0.rule == "target-died" } == true)
    }

    @Test(arguments: [1, 16])
    func `The last scenario of a run is named, too, when it kills the target`(jobs: Int) async {
        let killer = Self.few.last { !$0.isLoad }
        let scenarios = Self.few.filter { !$0.isLoad }
        let (ending, log) = await MemoryRun.run(
            mortal(killer: killer?.id ?? "", refusals: 3),
            scenarios: scenarios,
            jobs: jobs
        )
        #expect(ending == .complete)
        log.expectOneResultEach(of: scenarios)
        #expect(log.blemishes == [killer?.id ?? "": .fail])
    }

    @Test(arguments: ["closing/after-echo", "ping/empty", "limits/echo-loop/text-16"], [1, 16])
    func `A target that stays dead leaves suspects and the rest inconclusive`(killer: String, jobs: Int) async {
        let (ending, log) = await MemoryRun.run(mortal(killer: killer, refusals: nil), jobs: jobs)
        guard case .broken(let line) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(line.contains("peer.example:9001") && line.contains(killer))
        log.expectOneResultEach(of: Self.few)
        #expect(log.verdict(killer) == .inconclusive)
        #expect(log.blemishes.values.allSatisfy { $0 == .inconclusive })
        for result in log.final.values {
            if case .inconclusive(let reason) = result.status {
                #expect(reason.contains("peer.example:9001") && !reason.contains("\n"))
            }
        }
    }

    @Test(arguments: ["closing/after-echo", "ping/empty"], [1, 16])
    func `A target that dies again for good at the rerun is the doing of the one that was rerun`(
        killer: String,
        jobs: Int
    ) async {
        let deaths = Mutex(0)
        let target = MemoryTarget { connection in
            let count = deaths.withLock { count -> Int in
                // After the first death one connection is refused, after the second all.
                if count == 1 {
                    count = 2
                    return 1
                }
                if count >= 3 { return count }
                if connection.scenario == killer { count += 1 }
                return connection.scenario == killer ? -1 : 0
            }
            switch count {
            case 0: return .model
            case -1:
                return .peer(
                    ScriptedPeer { event, answers in
                        if case .request = event {
                            answers.behave(event)
                        } else if event != .connected {
                            answers.reset()
                        }
                    }
                )
            default: return .refused("peer.example:9001 refused the connection")
            }
        }
        let (ending, log) = await MemoryRun.run(target, jobs: jobs)
        guard case .broken = ending else { return #expect(Bool(false), "\(ending)") }
        log.expectOneResultEach(of: Self.few)
        #expect(log.verdict(killer) == .fail)
        #expect(log.blemishes.filter { $0.key != killer }.values.allSatisfy { $0 == .inconclusive })
    }

    @Test(arguments: [1, 16])
    func `A death that does not happen again is held against nobody`(jobs: Int) async {
        let (ending, log) = await MemoryRun.run(mortal(killer: "ping/empty", refusals: 2, deaths: 1), jobs: jobs)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes.isEmpty)
    }

    @Test(arguments: [1, 16])
    func `One connection that fails in between is tried again`(jobs: Int) async {
        for number in 1..<20 {
            let target = MemoryTarget { $0.number == number ? .refused("no") : .model }
            let (ending, log) = await MemoryRun.run(target, jobs: jobs)
            #expect(ending == .complete)
            log.expectOneResultEach(of: Self.few)
            #expect(log.blemishes.isEmpty)
        }
    }

    @Test(arguments: [1, 16])
    func `A server that now and then refuses connections is never failed for it`(jobs: Int) async {
        let (_, log) = await MemoryRun.run(MemoryTarget { $0.number % 5 == 3 ? .refused("no") : .model }, jobs: jobs)
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes.values.allSatisfy { $0 == .inconclusive })
    }

    @Test(arguments: [1, 16])
    func `A scenario that never gets a connection while others do is inconclusive`(jobs: Int) async {
        let target = MemoryTarget { $0.scenario == "ping/empty" ? .refused("no") : .model }
        let (ending, log) = await MemoryRun.run(target, jobs: jobs)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes == ["ping/empty": .inconclusive])
    }

    // MARK: - Overload

    @Test(arguments: [429, 502, 503, 504], [1, 16])
    func `An overloaded target makes scenarios inconclusive and names the mend`(status: Int, jobs: Int) async {
        let busy = ScriptedPeer { event, answers in
            guard case .request = event else { return }
            answers.send("HTTP/1.1 \(status) Busy\r\nContent-Length: 0\r\n\r\n")
            answers.end()
        }
        let target = MemoryTarget { $0.scenario == "ping/ten" ? .peer(busy) : .model }
        let (ending, log) = await MemoryRun.run(target, jobs: jobs)
        #expect(ending == .complete)
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes == ["ping/ten": .inconclusive])
        guard case .inconclusive(let reason) = log.final["ping/ten"]?.status else { return }
        #expect(reason.contains("\(status)") && reason.contains("--jobs 1"))
    }

    @Test func `An overloaded control does not name a suspect`() async {
        let busy = ScriptedPeer { event, answers in
            guard case .request = event else { return }
            answers.send("HTTP/1.1 503 Busy\r\n\r\n")
        }
        // One connection is refused, which makes suspects; every second control after that is turned away.
        let target = MemoryTarget { connection in
            if connection.number == 6 { return .refused("no") }
            let isControl = connection.scenario == "control/echo"
            return isControl && connection.earlier > 0 && connection.earlier % 2 == 0 ? .peer(busy) : .model
        }
        let (_, log) = await MemoryRun.run(target, jobs: 4)
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes.isEmpty)
    }

    @Test(arguments: [429, 503], [1, 16])
    func `A target that is overloaded to the end is not said to have stopped answering`(
        status: Int,
        jobs: Int
    ) async {
        let busy = ScriptedPeer { event, answers in
            guard case .request = event else { return }
            answers.send("HTTP/1.1 \(status) Busy\r\nContent-Length: 0\r\n\r\n")
            answers.end()
        }
        let target = MemoryTarget { $0.number > 12 ? .peer(busy) : .model }
        let (ending, log) = await MemoryRun.run(target, jobs: jobs)
        guard case .broken(let line) = ending else { return #expect(Bool(false), "\(ending)") }
        #expect(line.contains("answers each handshake with \(status)"), "\(line)")
        #expect(!line.contains("stopped answering"), "\(line)")
        #expect(log.blemishes.values.allSatisfy { $0 == .inconclusive })
        let reasons = log.final.values.compactMap { result in
            if case .inconclusive(let reason) = result.status { reason } else { nil }
        }
        #expect(reasons.contains { $0.contains("\(status)") && $0.contains("--jobs 1") }, "\(reasons)")
        #expect(reasons.allSatisfy { !$0.contains("stopped answering") }, "\(reasons)")
    }

    // MARK: - Broadcast

    @Test func `A server that broadcasts is seen, and what others could hear is run again alone`() async {
        let listened = Mutex(false)
        let isAlone = Mutex(false)
        let target = MemoryTarget { connection in
            // Once more the listener is there alone, and hears nothing.
            if connection.scenario == "control/listener", connection.earlier == 0 {
                listened.withLock { $0 = true }
                return .peer(
                    ScriptedPeer { event, answers in
                        answers.behave(event)
                        if case .request = event { answers.send(.text, Array("for another".utf8)) }
                    }
                )
            }
            if connection.scenario == "control/listener" { isAlone.withLock { $0 = true } }
            // Each conversation beside others hears a stranger's message, whatever it is about.
            guard !isAlone.withLock({ $0 }), !connection.scenario.hasPrefix("control/"),
                !connection.scenario.hasPrefix("limits/")
            else { return .model }
            return .peer(
                ScriptedPeer { event, answers in
                    answers.behave(event)
                    if case .request = event { answers.send(.text, Array("for another".utf8)) }
                }
            )
        }
        let (ending, log) = await MemoryRun.run(target, jobs: 4)
        #expect(ending == .complete)
        #expect(listened.withLock { $0 })
        #expect(log.notes.count { $0.contains("broadcasts") } == 1)
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes.isEmpty)
        #expect(log.replacedCount == 0)
    }

    @Test func `A broadcasting server that dies while scenarios run again blames nobody else`() async {
        let target = MemoryTarget { connection in
            if connection.scenario == "control/listener", connection.earlier == 0 {
                return .peer(
                    ScriptedPeer { event, answers in
                        answers.behave(event)
                        if case .request = event { answers.send(.text, [0x61]) }
                    }
                )
            }
            let isRerun = connection.earlier > 0 && !connection.scenario.hasPrefix("control/")
            return isRerun ? .refused("peer.example:9001 refused the connection") : .model
        }
        let (_, log) = await MemoryRun.run(target, jobs: 4)
        log.expectOneResultEach(of: Self.few)
        #expect(log.blemishes.values.allSatisfy { $0 == .inconclusive })
    }

    // MARK: - Cancellation

    @Test(arguments: ["control/echo", "closing/code-alone", "ping/ten", "limits/text/64-kibibytes"], [1, 16])
    func `A run that is cancelled ends, and judges nothing that was cut off`(stuck: String, jobs: Int) async {
        let (reached, signal) = AsyncStream.makeStream(of: Void.self)
        let target = MemoryTarget { connection in
            guard connection.scenario == stuck else { return .model }
            signal.yield()
            return .forever
        }
        let running = Task { await MemoryRun.run(target, jobs: jobs) }
        for await _ in reached { break }
        running.cancel()
        let (ending, log) = await running.value
        #expect(ending == .cancelled)
        #expect(log.blemishes.values.allSatisfy { $0 == .inconclusive })
        if stuck == "control/echo" {
            #expect(log.final.isEmpty)
        } else {
            log.expectOneResultEach(of: Self.few)
            #expect(log.verdict(stuck) == .inconclusive)
        }
    }

    // MARK: - Openings

    @Test(arguments: [1, 16])
    func `A server that drops frames sent too early is not failed for it`(jobs: Int) async {
        let early = "handshake/request/frames-in-the-same-segment"
        let scenarios = Self.few + [Catalogue.scenario(early)].compactMap(\.self)
        let target = MemoryTarget { connection in
            guard connection.scenario == early else { return .model }
            return .peer(ScriptedPeer { event, answers in if case .request = event { answers.reset() } })
        }
        let (ending, log) = await MemoryRun.run(target, scenarios: scenarios, jobs: jobs)
        #expect(ending == .complete)
        log.expectOneResultEach(of: scenarios)
        #expect(log.blemishes.isEmpty)
    }
}
