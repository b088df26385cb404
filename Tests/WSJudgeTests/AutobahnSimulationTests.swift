import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// The simulation held against what Autobahn's own case classes say.
@Suite struct `Autobahn's verdicts` {
    // MARK: - Conversations

    /// What the peer does that is not as expected.
    private struct Deviation {
        var closeCode: UInt16?
        var sendsMore = false
        var dropsWithoutClose = false
        var staysConnected = false
    }

    private static func scenario(_ row: AutobahnRow) -> Scenario {
        guard let scenario = Catalogue.autobahnOrder.first(where: { $0.autobahn?.number == row.number }) else {
            preconditionFailure("the catalogue has no \(row.number)")
        }
        return scenario
    }

    private func text(_ recording: Recording) -> String {
        let verdict = recording.judgement.autobahn
        return "\(verdict?.behavior ?? "none")/\(verdict?.behaviorClose ?? "none")"
    }

    private var startsClosing: (Step) -> Bool {
        { if case .startClosingHandshake = $0 { true } else { false } }
    }

    /// The script goes out and what is expected comes back, waits included.
    private func events(_ scenario: Scenario, closes: Bool = true) -> Recording {
        var recording = Recording.opened(agreeing: scenario)
        let list = scenario.autobahn?.expected.first { $0.outcome == "OK" }?.events ?? []
        recording.milliseconds = 1
        for index in scenario.script.indices {
            let step = scenario.script[index]
            if !closes, startsClosing(step) { break }
            recording.sendStep(index)
            var tag: String?
            if case .barrier(let name, _) = step { tag = name }
            if case .quiesce(let name) = step { tag = name }
            guard let tag else { continue }
            guard list.contains(.stillOpen(tag: tag)) else { break }
            recording.milliseconds += 5
            recording.mark(.waited(tag: tag, answered: true))
        }
        for event in list {
            recording.milliseconds += 0.1
            switch event {
            case .message(let opcode, let payload): recording.receive(opcode, payload)
            case .pong(let payload): recording.receive(.pong, payload.octets)
            case .stillOpen: break
            case .echoes(let opcode, let payload):
                guard case .echoLoop(let loop) = scenario.script[0], loop.payload == payload else { continue }
                for index in 0..<loop.count(at: .quick) { recording.receive(opcode, loop.payload(ofMessage: index)) }
            case .numberedPongs:
                for case .pong(let payload) in event.expandingPongs { recording.receive(.pong, payload.octets) }
            }
        }
        return recording
    }

    /// The closing, by the side that has to start it.
    private func close(_ recording: inout Recording, _ row: AutobahnRow, _ deviation: Deviation = Deviation()) {
        recording.milliseconds += 1
        if row.closedByTester {
            if !recording.scenario.script.contains(where: startsClosing) { recording.sendClose(1000) }
            if deviation.sendsMore { recording.receive(.text, Array("extra".utf8)) }
            recording.milliseconds += 0.1
            if !deviation.dropsWithoutClose { recording.receiveClose(deviation.closeCode ?? row.codes[0]) }
        } else {
            if deviation.sendsMore { recording.receive(.text, Array("extra".utf8)) }
            if !deviation.dropsWithoutClose {
                recording.receiveClose(deviation.closeCode ?? row.codes[0])
                recording.sendClose(1000)
            }
        }
        recording.milliseconds += deviation.staysConnected ? 5000 : 0.1
        recording.end(deviation.staysConnected ? .closedHere : .finished)
    }

    // MARK: - The table

    @Test func `The table has all 517 cases, and so has the catalogue`() {
        #expect(AutobahnRow.all.map(\.number) == Catalogue.autobahnOrder.compactMap { $0.autobahn?.number })
        #expect(AutobahnRow.all.count == 517)
    }

    @Test
    func `The facts of a case are those of Autobahn`() async {
        await Sweep.each(of: AutobahnRow.all) { row in
            let test = try #require(Self.scenario(row).autobahn)
            #expect(test.closedByTester == row.closedByTester)
            #expect(Set(test.closeCodes) == Set(row.codes))
            #expect(test.requiresCleanClose == row.requiresClean)
            #expect(test.deadline.milliseconds == row.deadlineMilliseconds)
            if case .kill = test.deadline {
                #expect(row.action == "killAfter")
            } else {
                #expect(row.action == "closeAfter")
            }
        }
    }

    @Test
    func `Everything as expected`() async {
        await Sweep.each(of: AutobahnRow.all) { row in
            var recording = events(Self.scenario(row))
            close(&recording, row)
            #expect(text(recording) == row.asExpected)
        }
    }

    @Test
    func `A close code that nobody expects`() async {
        await Sweep.each(of: AutobahnRow.all) { row in
            var recording = events(Self.scenario(row))
            close(&recording, row, Deviation(closeCode: 4242))
            #expect(text(recording) == row.wrongCode)
        }
    }

    @Test
    func `One event more than expected`() async {
        await Sweep.each(of: AutobahnRow.all.filter { $0.extraEvent != "-" }) { row in
            var recording = events(Self.scenario(row))
            close(&recording, row, Deviation(sendsMore: true))
            #expect(text(recording) == row.extraEvent)
        }
    }

    @Test
    func `TCP dropped without a Close frame`() async {
        await Sweep.each(of: AutobahnRow.all.filter { !$0.isLoad }) { row in
            var recording = events(Self.scenario(row))
            close(&recording, row, Deviation(dropsWithoutClose: true))
            #expect(text(recording) == row.drop)
        }
    }

    @Test
    func `The tester has to close`() async {
        await Sweep.each(of: AutobahnRow.all.filter { !$0.closedByTester }) { row in
            // The peer goes on until Autobahn gives up; our runner knows as much after a Ping.
            let scenario = Self.scenario(row)
            var recording = events(scenario)
            recording.milliseconds += 60
            recording.mark(.lateBarrierSent(payload: [1]))
            recording.send(.ping, [1])
            recording.receive(.pong, [1])
            recording.mark(.lateBarrierAnswered)
            recording.sendClose(1001)
            recording.receiveClose(1001)
            recording.end()
            #expect(text(recording) == row.wrongEndpoint)
        }
    }

    @Test
    func `The peer closes before the tester's Close frame`() async {
        await Sweep.each(
            of: AutobahnRow.all.filter { $0.closedByTester && !$0.autoClose && !$0.isLoad }
        ) { row in
            let scenario = Self.scenario(row)
            var recording = events(scenario, closes: false)
            recording.milliseconds += 1
            recording.receiveClose(row.codes[0])
            recording.sendClose(1000)
            recording.end()
            #expect(text(recording) == row.wrongEndpoint)
        }
    }

    @Test
    func `The peer closes before what is expected has come`() async {
        await Sweep.each(of: AutobahnRow.all.filter(\.autoClose)) { row in
            // Autobahn closes at the last expected event, so that the row of the table cannot come about on the wire.
            var recording = Recording.opened(Self.scenario(row))
            recording.sendScript()
            recording.milliseconds += 1
            recording.receiveClose(row.codes[0])
            recording.sendClose(1000)
            recording.end()
            #expect(text(recording) == "FAILED/FAILED")
        }
    }

    @Test
    func `A server that does not drop TCP within a second`() async {
        await Sweep.each(of: AutobahnRow.all.filter { !$0.isLoad }) { row in
            var recording = events(Self.scenario(row))
            close(&recording, row, Deviation(staysConnected: true))
            // What comes first decides: the end of the case drops TCP and leaves the clean closing handshake clean; the
            // second that a server has to drop TCP makes it unclean, where that counts.
            let isKilledFirst = row.action == "killAfter" && row.deadlineMilliseconds <= 1000
            let isInformational = row.asExpected.hasPrefix("INFORMATIONAL")
            let isUnclean = row.requiresClean && !isKilledFirst
            #expect(
                text(recording) == (isInformational ? row.asExpected : isUnclean ? "OK/UNCLEAN" : row.droppedByTester)
            )
        }
    }

    @Test
    func `No echo under load`() async {
        await Sweep.each(of: AutobahnRow.all.filter { $0.isLoad }) { row in
            let scenario = Self.scenario(row)
            var early = Recording.opened(agreeing: scenario)
            early.sendScript()
            early.receiveClose(1000)
            early.sendClose(1000)
            early.end()
            #expect(text(early) == row.noEchoPeerCloses)
            for (drops, expected) in [(false, row.noEcho), (true, row.drop)] {
                var silent = Recording.opened(agreeing: scenario)
                silent.sendScript()
                silent.milliseconds = Double(row.deadlineMilliseconds)
                silent.mark(.gaveUp(.deadline))
                silent.sendClose(1000)
                if !drops { silent.receiveClose(1000) }
                silent.end()
                #expect(text(silent) == expected)
            }
        }
    }

    // MARK: - Timers

    @Test func `Who answers our late Close in time would have answered Autobahn's`() {
        var silent = Recording.opened(Catalogue.the("framing/text/0-octets"))
        silent.sendScript()
        silent.milliseconds = 5000
        silent.mark(.gaveUp(.deadline))
        silent.sendClose(1001)
        silent.milliseconds = 5001
        silent.receiveClose(1000)
        silent.end()
        #expect(text(silent) == "FAILED/OK")
    }

    @Test func `An echo that comes after Autobahn gave up fails`() {
        let scenario = Catalogue.the("framing/text/0-octets")
        for (time, expected) in [(999.0, "OK/OK"), (1001.0, "FAILED/OK")] {
            var recording = Recording.opened(scenario)
            recording.sendScript()
            recording.milliseconds = time
            recording.receive(.text)
            recording.sendClose(1000)
            recording.receiveClose(1000)
            recording.end()
            #expect(text(recording) == expected)
        }
    }

    @Test func `A Close that is not answered within a second is unclean`() {
        let scenario = Catalogue.the("framing/text/0-octets")
        for (delay, expected) in [(999.0, "OK/OK"), (1001.0, "OK/UNCLEAN")] {
            var recording = Recording.opened(scenario)
            recording.sendScript()
            recording.receive(.text)
            recording.sendClose(1000)
            recording.milliseconds += delay
            recording.receiveClose(1000)
            recording.end()
            #expect(text(recording) == expected)
        }
    }

    @Test func `A server has a second to drop TCP`() {
        let scenario = Catalogue.the("fragmentation/text-inside-text")
        for (delay, expected) in [(999.0, "OK/OK"), (1001.0, "OK/FAILED BY CLIENT")] {
            var recording = Recording.opened(scenario)
            recording.sendScript()
            recording.receiveClose(1002)
            recording.sendClose(1000)
            recording.milliseconds += delay
            recording.end()
            #expect(text(recording) == expected)
        }
    }

    @Test func `Deadlines count from the opening, waits included`() {
        let scenario = Catalogue.the("utf8/fail-fast/frames-between-code-points")
        var recording = Recording.opened(scenario)
        recording.sendStep(0)
        recording.milliseconds = 2
        recording.mark(.waited(tag: "A", answered: true))
        recording.sendStep(2)
        recording.milliseconds = 4
        recording.mark(.waited(tag: "B", answered: true))
        recording.sendStep(4)
        // Two seconds there; the third, the deadline's own, has begun.
        for (delay, expected) in [(990.0, "NON-STRICT/OK"), (1010.0, "FAILED/FAILED")] {
            var late = recording
            late.milliseconds += delay
            late.receiveClose(1007)
            late.sendClose(1000)
            late.end()
            #expect(text(late) == expected)
        }
    }

    @Test func `A connection reset is a connection ended`() {
        for row in AutobahnRow.all where !row.isLoad {
            var recording = events(Self.scenario(row))
            recording.milliseconds += 1
            if row.closedByTester, !row.number.hasPrefix("7."), !["2.7", "2.8"].contains(row.number) {
                recording.sendClose(1000)
            }
            recording.end(.reset)
            #expect(text(recording) == row.drop, Comment(rawValue: row.number))
        }
    }

    @Test func `An unsolicited Pong spoils a case, a barrier's does not`() {
        let scenario = Catalogue.the("framing/text/0-octets")
        var recording = Recording.opened(scenario)
        recording.sendScript()
        recording.receive(.pong, [9])
        recording.receive(.text)
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        #expect(text(recording) == "FAILED/OK")
        #expect(recording.judgement.verdict == .pass)
    }

    @Test func `Codes registered after Autobahn was written are refused there, and fine here`() {
        let scenario = Catalogue.the("fragmentation/text-inside-text")
        var recording = Recording.opened(scenario)
        recording.sendScript()
        recording.receiveClose(1012)
        recording.sendClose(1000)
        recording.end()
        #expect(recording.judgement.autobahn?.closedByMe == true)
        #expect(recording.judgement.verdict == .tolerated)
    }

    @Test func `Without an opening handshake both verdicts are FAILED`() {
        var recording = Recording(Catalogue.the("ping/empty"))
        recording.receive("HTTP/1.1 404 Not Found\r\n\r\n")
        recording.end()
        #expect(text(recording) == "FAILED/FAILED")
    }
}
