import TestSupport
import Testing
import WSCatalogue
import WSProtocol
import WSScenario

/// The decisions that somebody will dispute, one row each.
@Suite struct GradingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var number: String
        var ending: ClosingPattern
        var grade: Grade

        init(_ number: String, _ ending: ClosingPattern, _ grade: Grade) {
            self.number = number
            self.ending = ending
            self.grade = grade
        }

        var testDescription: String { "\(number) \(ending)" }
    }

    static let rows: [Row] = [
        // We close a healthy connection.
        Row("1.1.1", .peerReplies(codes: [1000]), .conforms),
        Row("1.1.1", .peerReplies(codes: [1005]), .conforms),
        Row("1.1.1", .peerReplies(codes: [1001]), .tolerated),
        Row("1.1.1", .peerCloses(codes: [1000]), .tolerated),
        Row("1.1.1", .peerCloses(codes: [1002]), .violates),
        Row("1.1.1", .peerDrops, .violates),
        Row("1.1.1", .peerDropsAfterOurClose, .violates),
        Row("1.1.1", .staysOpen, .violates),
        Row("7.1.5", .peerReplies(codes: [1002]), .tolerated),
        Row("7.7.4", .peerReplies(codes: [1003]), .conforms),
        Row("7.7.4", .peerReplies(codes: [1002]), .tolerated),
        Row("7.7.8", .peerReplies(codes: [1002]), .informational),
        Row("7.7.9", .peerReplies(codes: [1002]), .informational),
        // The peer has to fail the connection.
        Row("3.1", .peerCloses(codes: [1002]), .conforms),
        Row("3.1", .peerCloses(codes: [1000]), .tolerated),
        Row("3.1", .peerCloses(codes: [1005]), .tolerated),
        Row("3.1", .peerDrops, .tolerated),
        Row("3.1", .staysOpen, .violates),
        Row("3.7", .peerReplies(codes: [1000]), .tolerated),
        Row("3.7", .peerReplies(codes: [1005]), .tolerated),
        Row("6.6.1", .peerCloses(codes: [1007]), .conforms),
        Row("6.6.1", .peerCloses(codes: [1002]), .tolerated),
        // Close frames with a fault.
        Row("7.3.2", .peerReplies(codes: [1002]), .conforms),
        Row("7.3.2", .peerReplies(codes: [1007]), .tolerated),
        Row("7.3.2", .peerReplies(codes: [1005]), .tolerated),
        // The code is a SHOULD, whatever was wrong with the frame.
        Row("7.3.2", .peerReplies(codes: [1000]), .tolerated),
        Row("7.3.2", .peerDropsAfterOurClose, .tolerated),
        Row("7.3.2", .staysOpen, .violates),
        Row("7.3.6", .peerReplies(codes: [1000]), .tolerated),
        Row("7.5.1", .peerReplies(codes: [1007]), .conforms),
        Row("7.5.1", .peerReplies(codes: [1000]), .tolerated),
        Row("7.9.1", .peerReplies(codes: [1002]), .conforms),
        Row("7.9.1", .peerReplies(codes: [1000]), .tolerated),
        Row("7.9.1", .peerReplies(codes: [0]), .violates),
        Row("7.9.3", .peerReplies(codes: [1004]), .tolerated),
        Row("7.9.5", .peerReplies(codes: [1006]), .violates),
        Row("7.9.5", .peerDropsAfterOurClose, .tolerated),
        Row("7.9.6", .peerReplies(codes: [1016]), .tolerated),
        Row("7.9.6", .peerReplies(codes: [1000]), .tolerated),
        Row("7.13.1", .staysOpen, .informational),
    ]

    @Test
    func `an ending has the grade that the text gives it`() async {
        await Sweep.each(of: Self.rows) { row in
            let scenario = try #require(Catalogue.autobahnOrder.first { $0.autobahn?.number == row.number })
            #expect(scenario.outcome(row.ending)?.grade == row.grade)
        }
    }

    @Test func `failing late on invalid text is left open, failing early is not`() throws {
        for number in ["6.4.1", "6.4.2", "6.4.3", "6.4.4"] {
            let scenario = try #require(Catalogue.autobahnOrder.first { $0.autobahn?.number == number })
            #expect(scenario.behaviour.map(\.grade) == [.conforms, .informational, .violates, .violates])
        }
    }

    @Test func `a code that was registered after the RFC may be taken for an error, one of applications not`() throws {
        for (code, grade) in [(1012, Grade.tolerated), (1013, .tolerated), (1014, .tolerated), (3003, .violates)] {
            let scenario = try #require(Catalogue.scenario("closing/code/\(code)"))
            #expect(scenario.outcome(.peerDropsAfterOurClose)?.grade == grade, "\(code)")
            #expect(scenario.outcome(.staysOpen)?.grade == .violates, "\(code)")
        }
    }

    @Test func `a server that drops an unmasked frame does all it has to`() throws {
        let scenario = try #require(Catalogue.scenario("masking/unmasked-text"))
        #expect(scenario.targets == [.server])
        #expect(scenario.outcome(.peerDrops)?.grade == .conforms)
        #expect(scenario.outcome(.staysOpen)?.grade == .violates)
    }

    @Test func `answering the Close frame behind a violation is known by its code`() throws {
        let probe = try #require(Catalogue.scenario("reserved-bits/rsv3-text/probe"))
        #expect(probe.outcome(.peerCloses(codes: [4001]))?.requirement == "RFC6455-7.1.7-05")
        #expect(probe.outcome(.peerCloses(codes: [4001]))?.grade == .violates)
        #expect(probe.outcome(.staysOpen)?.requirement == "RFC6455-5.2-03")
        // Text may be looked at after that, because 8.1 sets no moment.
        let late = try #require(Catalogue.scenario("utf8/surrogate-in-text/one-frame/probe"))
        #expect(late.outcome(.peerCloses(codes: [4001]))?.grade == .informational)
    }

    @Test
    func `a bound that no text names fails nobody by the way the connection ends`() async {
        await Sweep.each(of: Catalogue.all.filter { $0.tags.contains(.robustness) }) { scenario in
            #expect(!scenario.testing(.server).closing.map(\.grade).contains(.violates))
            // A client has to fail a connection that is lost, whatever it was about.
            let others = scenario.testing(.client).closing.filter { $0.requirement != "RFC6455-7.2.1-02" }
            #expect(!others.map(\.grade).contains(.violates))
        }
    }

    @Test func `a connection that our FIN ended may be ended in any way, and should be`() throws {
        let scenario = try #require(Catalogue.scenario("closing/fin-inside-message")).testing(.server)
        #expect(scenario.outcome(.peerDrops)?.grade == .conforms)
        #expect(scenario.outcome(.peerCloses(codes: [1002]))?.grade == .conforms)
        #expect(scenario.outcome(.staysOpen)?.grade == .tolerated)
        #expect(scenario.behaviour.last?.grade == .violates)
        let client = try #require(Catalogue.scenario("closing/fin-inside-message")).testing(.client)
        #expect(client.outcome(.peerDrops)?.grade == .conforms)
        #expect(client.outcome(.staysOpen)?.grade == .violates)
    }

    @Test func `octets that nobody has to read excuse a connection that is dropped`() throws {
        let scenario = try #require(Catalogue.scenario("closing/flood-behind-violation"))
        #expect(scenario.outcome(.peerDrops)?.grade == .conforms)
        #expect(scenario.outcome(.peerCloses(codes: [1000]))?.grade == .tolerated)
        #expect(scenario.outcome(.staysOpen)?.grade == .violates)
    }

    @Test
    func `what the text leaves open never fails a peer`() async {
        await Sweep.each(of: Catalogue.all.filter { $0.tags.contains(.ambiguous) }) { scenario in
            #expect(!(scenario.behaviour.map(\.grade) + scenario.closing.map(\.grade)).contains(.violates))
            #expect(scenario.behaviour.last?.pattern == .anything)
            #expect(scenario.closing.last?.pattern == .anything)
        }
    }

    @Test(arguments: Catalogue.all.filter { $0.hasPongBehindEcho })
    func `a Pong that overtakes an echo is not late`(_ scenario: Scenario) {
        let comparison = EventComparison(scenario, effort: .quick)
        let payloads = scenario.referencePayloads
        let observed = scenario.expectedEvents.map { event -> ObservedEvent in
            switch event {
            case .message(let opcode, let payload), .echoes(let opcode, let payload):
                .message(opcode, length: UInt64(payload.count), payload: payloads.firstIndex(of: payload))
            case .pong(let payload): .pong(payload.octets)
            case .numberedPongs: .pong([])
            case .stillOpen(let tag): .stillOpen(tag: tag)
            }
        }
        let overtaken = observed.filter(\.isPong) + observed.filter { !$0.isPong }
        let outcome = scenario.behaviour.first {
            comparison.progress(of: overtaken, towards: $0.pattern, script: scenario.script) == .complete
        }
        #expect(outcome?.grade == .conforms)
    }
}

extension Scenario {
    /// Whether it expects a Pong behind the echo of a message.
    fileprivate var hasPongBehindEcho: Bool {
        let echo = expectedEvents.firstIndex { if case .message = $0 { true } else { false } }
        let pong = expectedEvents.lastIndex { if case .pong = $0 { true } else { false } }
        return echo.flatMap { echo in pong.map { echo < $0 } } ?? false
    }
}

extension ObservedEvent {
    fileprivate var isPong: Bool { if case .pong = self { true } else { false } }
}
