import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// Times and ends on both sides of what the rules about the end of a connection tell apart.
@Suite struct `The end of a connection in time` {
    private static let second: Int64 = 1_000_000_000

    /// A conversation in which the echo came, at the time 0.
    private static func echoed(
        _ id: String = "closing/after-echo",
        testing role: Role = .server,
        change: (inout Scenario) -> Void = { _ in }
    ) -> RecordedEvents {
        var scenario = Catalogue.the(id)
        change(&scenario)
        var record = RecordedEvents.opened(scenario, testing: role)
        for index in scenario.script.indices where scenario.script[index].frameCount(at: .quick) > 0 {
            record.send(step: index)
        }
        for case .message(let opcode, let payload) in scenario.expectedEvents {
            record.receive(record.frame(opcode, payload.octets))
        }
        return record
    }

    private static func close(_ code: UInt16?) -> [UInt8] { CloseBody(code: code).encoded }

    private static func ours(_ record: inout RecordedEvents, _ code: UInt16? = 1000) {
        var octets: [UInt8] = []
        let payload = close(code)
        let key = record.role == .server ? MaskingKey(rawValue: 0) : nil
        FrameHeader(opcode: .close, maskingKey: key, payloadLength: UInt64(payload.count))
            .encode(payload: payload.span, into: &octets)
        record.send(octets)
    }

    private static func theirs(_ record: inout RecordedEvents, _ code: UInt16? = 1000) {
        record.receive(record.frame(.close, close(code)))
    }

    private static func found(_ rule: String, _ record: RecordedEvents) -> [String] {
        record.judgement.findings.filter { $0.rule == rule }.map { "\($0.verdict) \($0.requirement) \($0.reasonKey)" }
    }

    // MARK: - Late answers to Close

    @Test func `An answer to Close is late after more than a second`() {
        for (time, isLate) in [(second, false), (second + 1, true), (0, false)] as [(Int64, Bool)] {
            var record = Self.echoed()
            Self.ours(&record)
            record.time = time
            Self.theirs(&record)
            record.end()
            #expect(Self.found("late-close", record).isEmpty != isLate, "\(time)")
        }
    }

    private var second: Int64 { Self.second }

    @Test func `It is not where something else was under way, we did not close first, or there is no limit`() {
        func found(
            _ happens: (inout RecordedEvents) -> Void,
            _ change: (inout Scenario) -> Void = { _ in }
        ) -> [String] {
            var record = Self.echoed(change: change)
            happens(&record)
            record.end()
            return Self.found("late-close", record)
        }
        func answered(_ meanwhile: @escaping (inout RecordedEvents) -> Void) -> (inout RecordedEvents) -> Void {
            { record in
                Self.ours(&record)
                meanwhile(&record)
                record.time = 2 * Self.second
                Self.theirs(&record)
            }
        }
        let late = ["tolerated RFC6455-5.5.1-09 close-answered-late"]
        #expect(found(answered { _ in }) == late)
        #expect(found(answered { $0.mark(.scriptDone) }) == late)
        #expect(found(answered { $0.receive($0.frame(.pong)) }) == [])
        #expect(found(answered { $0.receive($0.frame(.text)) }) == [])
        #expect(found(answered { $0.receive([0x8B, 0x00]) }) == [])
        #expect(found(answered { $0.receive([0x01, 0x00]) }) == [])
        #expect(found(answered { _ in }, { $0.phase = .load }) == [])
        #expect(found(answered { _ in }, { $0.conclusion = .awaitEnd }) == [])
        let crossed: (inout RecordedEvents) -> Void = { record in
            Self.theirs(&record)
            record.time = 2 * Self.second
            Self.ours(&record)
        }
        #expect(found(crossed) == [])
    }

    @Test(arguments: [true, false])
    func `Without time limits nothing is late`(waitsForever: Bool) {
        var recording = Recording.opened(Catalogue.the("closing/after-echo"), waitsForever: waitsForever)
        recording.sendScript()
        recording.receive(.text, Array("Hello World!".utf8))
        recording.sendClose(1000)
        recording.milliseconds = 2000
        recording.receiveClose(1000)
        recording.milliseconds = 4000
        recording.end()
        let rules = Set(recording.judgement.findings.map(\.rule))
        #expect(rules == (waitsForever ? [] : ["late-close", "transport"]))
    }

    @Test(arguments: Role.allCases) func `Nothing is late that takes no longer than other answers by far`(role: Role) {
        for (waited, isLate) in [(2_400, false), (2_401, true)] as [(Int64, Bool)] {
            let scenario = Catalogue.the("closing/after-echo")
            var record = RecordedEvents.opened(scenario, testing: role)
            record.send(step: 0)
            record.time = 600_000_000
            record.receive(record.frame(.text, Array("Hello World!".utf8)))
            Self.ours(&record)
            record.time += waited * 1_000_000
            Self.theirs(&record)
            record.time += waited * 1_000_000
            record.end()
            #expect(Self.found("late-close", record).isEmpty != isLate, "\(waited)")
            #expect(Self.found("transport", record).isEmpty != isLate, "\(waited)")
        }
    }

    // MARK: - The end of TCP

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var role = Role.server
        var id = "closing/after-echo"
        /// Nanoseconds from the last Close frame to the end.
        var waited: Int64
        var end: TranscriptEnd
        /// Who closes, in order, with which code: `u` are we, and `p` is the peer.
        var closes: String
        var code: UInt16 = 1000
        var found: [String] = []
    }

    private static let failing = "fragmentation/text-inside-text"
    private static let rows: [Row] = [
        Row(testDescription: "in time", waited: second, end: .finished, closes: "up"),
        Row(
            testDescription: "late",
            waited: second + 1,
            end: .finished,
            closes: "up",
            found: ["tolerated RFC6455-7.1.1-05 tcp-closed-late"]
        ),
        Row(
            testDescription: "late by a reset",
            waited: second + 1,
            end: .reset,
            closes: "pu",
            found: ["tolerated RFC6455-7.1.1-05 tcp-closed-late"]
        ),
        Row(
            testDescription: "late of a client",
            role: .client,
            waited: second + 1,
            end: .finished,
            closes: "up",
            found: ["tolerated RFC6455-7.1.2-02 tcp-closed-late"]
        ),
        Row(testDescription: "never, where we did not wait", waited: second, end: .closedHere, closes: "up"),
        Row(
            testDescription: "never",
            waited: second + 1,
            end: .closedHere,
            closes: "up",
            found: ["fail RFC6455-5.5.1-12 tcp-left-open"]
        ),
        Row(
            testDescription: "never of a client",
            role: .client,
            waited: second + 1,
            end: .closedHere,
            closes: "up",
            found: ["fail RFC6455-5.5.1-11 tcp-left-open"]
        ),
        Row(
            testDescription: "never, behind its failing, without our reply",
            id: failing,
            waited: second + 1,
            end: .closedHere,
            closes: "p",
            code: 1002,
            found: ["tolerated RFC6455-7.1.7-02 tcp-kept-after-failing"]
        ),
        Row(
            testDescription: "late, behind its failing, without our reply",
            id: failing,
            waited: second + 1,
            end: .finished,
            closes: "p",
            code: 1002,
            found: ["tolerated RFC6455-7.1.7-02 tcp-closed-late"]
        ),
        Row(
            testDescription: "late of a client, behind its failing, without our reply",
            role: .client,
            id: failing,
            waited: second + 1,
            end: .finished,
            closes: "p",
            code: 1002,
            found: ["tolerated RFC6455-7.1.7-01 tcp-closed-late"]
        ),
        Row(testDescription: "never, without our reply to a wish", waited: 2 * second, end: .closedHere, closes: "p"),
        Row(
            testDescription: "never of a client that answered our Close with an error",
            role: .client,
            waited: second + 1,
            end: .closedHere,
            closes: "up",
            code: 1002,
            found: ["fail RFC6455-5.5.1-11 tcp-left-open"]
        ),
    ]

    private static let errors: [UInt16] = [1002, 1003, 1007, 1008, 1009, 1011]

    @Test func `TCP ends within a second of the last Close frame`() async {
        await Sweep.each(of: Self.rows) { row in
            var record = Self.echoed(row.id, testing: row.role)
            for side in row.closes {
                record.time += 5_000_000_000
                if side == "u" { Self.ours(&record) } else { Self.theirs(&record, row.code) }
            }
            record.time += row.waited
            record.end(row.end)
            #expect(Self.found("transport", record) == row.found)
        }
    }

    @Test func `A client that failed the connection need not read our reply`() {
        for code in Self.errors + [1000, 1001, 1010, 1012, 3000, 4999] {
            var record = Self.echoed(Self.failing, testing: .client)
            Self.theirs(&record, code)
            Self.ours(&record)
            record.time += 2 * Self.second
            record.end(.closedHere)
            let found =
                Self.errors.contains(code)
                ? "tolerated RFC6455-7.1.7-01 tcp-kept-after-failing" : "fail RFC6455-5.5.1-11 tcp-left-open"
            #expect(Self.found("transport", record) == [found], "\(code)")
        }
    }

    @Test func `Where we leave its Close frame unanswered only a missing end counts`() {
        let kept = ["tolerated RFC6455-7.1.7-02 tcp-kept-after-failing"]
        for (role, end, waited, found) in [
            (.server, .closedHere, second + 1, kept), (.server, .closedHere, second, []),
            (.server, .finished, 2 * second, []), (.server, .reset, 1, []), (.client, .closedHere, 2 * second, []),
            (.client, .finished, 2 * second, []),
        ] as [(Role, TranscriptEnd, Int64, [String])] {
            var record = Self.echoed(testing: role) { $0.script.append(.ignoreClose) }
            Self.theirs(&record)
            record.time += waited
            record.end(end)
            #expect(Self.found("transport", record) == found, "\(role) \(end) \(waited)")
        }
    }

    @Test func `A conversation that took too long says nothing of its end`() {
        var record = Self.echoed()
        Self.ours(&record)
        Self.theirs(&record)
        record.time = 1_499_000_000
        record.mark(.gaveUp(.tookTooLong))
        record.time += 2 * Self.second
        record.end(.closedHere)
        #expect(Self.found("transport", record) == ["inconclusive RFC6455-5.5.1-07 took-too-long"])
    }

    @Test func `A time is told in milliseconds below a second, else in seconds`() {
        for (time, text) in [
            (0, "0 ms"), (999_999_999, "999 ms"), (1_000_000_000, "1 s"), (1_499_999_999, "1 s"),
            (1_500_000_000, "2 s"),
        ] as [(Int64, String)] {
            for phase in [Scenario.Phase.ordinary, .load] {
                var record = Self.echoed { $0.phase = phase }
                record.time = time
                record.mark(.gaveUp(.tookTooLong))
                record.end(.closedHere)
                let mend = phase == .load ? "use --timeout never" : "raise --timeout"
                let reason = record.judgement.findings.first?.reason ?? ""
                #expect(reason.hasPrefix("took longer than \(text), and was still"), "\(reason)")
                #expect(reason.hasSuffix("; \(mend)"), "\(reason)")
            }
        }
    }

    // MARK: - Who ends TCP first

    @Test func `A client waits for a server that says it will take a while, up to two seconds`() {
        func found(
            _ change: (inout Scenario) -> Void = { _ in },
            _ happens: (inout RecordedEvents) -> Void = { _ in },
            end: TranscriptEnd = .finished,
            closes: String = "p"
        ) -> [String] {
            var record = Self.echoed("closing/client-waits-for-fin", testing: .client, change: change)
            if closes.contains("p") { Self.theirs(&record) }
            happens(&record)
            record.end(end)
            return Self.found("ends-first", record)
        }
        func pause(_ milliseconds: Int) -> (inout Scenario) -> Void {
            { scenario in
                scenario.script = scenario.script.map { step in
                    if case .pause = step { .pause(milliseconds: milliseconds) } else { step }
                }
            }
        }
        let first = ["tolerated RFC6455-5.5.1-13 ended-first"]
        #expect(found() == first && found(end: .reset) == first)
        #expect(found(pause(2000)) == first && found(pause(2001)) == [])
        #expect(found({ $0.script.removeAll { if case .pause = $0 { true } else { false } } }) == [])
        #expect(found({ $0.script.removeLast() }) == [])
        #expect(found({ $0.script.append(.ignorePings) }) == [])
        #expect(found({ _ in }, { $0.mark(.scriptDone) }) == [])
        #expect(found(end: .closedHere) == [] && found(closes: "") == [])
        let frame: (inout Scenario) -> Void = { scenario in
            scenario.script = scenario.script.map { step in
                if case .startClosingHandshake(let body, _) = step { .send(FrameToSend(.close, body)) } else { step }
            }
        }
        #expect(found(frame) == [])
    }
}
