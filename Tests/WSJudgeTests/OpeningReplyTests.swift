import JudgeTestSupport
import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSKernels
import WSProtocol
import WSScenario
import WSTranscript

/// What is said of each kind of answer to a scenario's own request, and of each reaction to its own answer.
@Suite struct OpeningReplyTests {
    /// The first scenario of each list of outcomes.
    private static func scenarios(testing role: Role, where fits: (Scenario) -> Bool) -> [Scenario] {
        let all = Catalogue.all.filter { $0.targets.contains(role) && $0.security == nil && fits($0) }
        let kinds = Dictionary(grouping: all) { scenario in
            scenario.testing(role).behaviour.map { "\($0.grade) \($0.pattern) \($0.requirement ?? "")" }.joined()
                + (scenario.opening.ending.map { "\($0)" } ?? "")
        }
        return kinds.values.compactMap { scenarios in scenarios.min { $0.id < $1.id } }.sorted { $0.id < $1.id }
    }

    /// What is said of a scenario: a letter for each verdict, the first letters of the gravest finding's rule, and a
    /// hash of everything.
    private struct Line {
        private var text = ""
        private var details = ""

        mutating func add(_ judgement: Judgement) {
            text += " \("\(judgement.verdict)".prefix(1))\((judgement.findings.first?.rule ?? "").prefix(3))"
            details += judgement.details
        }

        func told(of scenario: Scenario) -> String {
            "\(scenario.id)\n \(text) \(String(StableHash.fnv1a64(details.utf8), radix: 16))\n"
        }
    }

    // MARK: - Servers

    private static func head(_ status: String, _ lines: [String] = [], body: String = "") -> String {
        "HTTP/1.1 \(status)\r\n" + lines.map { "\($0)\r\n" }.joined() + "\r\n" + body
    }

    private static let empty = "Content-Length: 0"
    private static let upgrade = ["Upgrade: websocket", "Connection: upgrade"]

    /// The name of an answer, its octets, and how the connection ends behind them.
    private static let answers: [(name: String, octets: String, end: TranscriptEnd)] = [
        ("400, closed", head("400 Bad Request", ["Connection: close", empty]), .finished),
        ("400, left open", head("400 Bad Request", [empty]), .closedHere),
        ("400, left open despite close", head("400 Bad Request", ["Connection: x, close", empty]), .closedHere),
        ("400, without length, left open", head("400 Bad Request"), .closedHere),
        ("400, without length, reset", head("400 Bad Request"), .reset),
        ("400, in chunks, left open", head("400 No", ["Transfer-Encoding: chunked"], body: "0\r\n\r\n"), .closedHere),
        ("426 with all", head("426 Upgrade Required", upgrade + [empty, "Sec-WebSocket-Version: 13"]), .finished),
        ("426 without anything", head("426 Upgrade Required", [empty]), .finished),
        ("426 without Connection", head("426 Upgrade Required", ["Upgrade: websocket", empty]), .finished),
        ("426 with another version", head("426 No", upgrade + [empty, "Sec-WebSocket-Version: 8"]), .finished),
        ("401", head("401 Unauthorized", [empty]), .finished),
        ("405", head("405 Method Not Allowed", [empty]), .finished),
        ("404", head("404 Not Found", [empty, "Date: Sun, 06 Nov 1994 08:49:37 GMT"]), .finished),
        ("302 without Location", head("302 Found", [empty]), .finished),
        ("304", head("304 Not Modified"), .finished), ("399", head("399 Any", [empty]), .finished),
        ("200", head("200 OK", ["Content-Length: 2"], body: "ok"), .finished),
        ("299 left open", head("299 Any", ["Content-Length: 2"], body: "ok"), .closedHere),
        ("500", head("500 Error", [empty]), .finished), ("499", head("499 Any", [empty]), .finished),
        ("503", head("503 Service Unavailable", [empty]), .finished),
        ("429", head("429 Too Many Requests", [empty]), .finished),
        ("101 to another protocol", head("101 Any", ["Upgrade: h2c", "Connection: upgrade"]), .finished),
        ("103 alone", head("103 Early Hints"), .finished), ("half a head", "HTTP/1.1 40", .finished),
        ("half a head, left open", "HTTP/1.1 40", .closedHere), ("no HTTP", "hello\r\n\r\n", .finished),
        ("no HTTP, left open", "hello\r\n\r\n", .closedHere), ("no status", "HTTP/1.1 abc\r\n\r\n", .finished),
        ("nothing", "", .finished), ("nothing, reset", "", .reset), ("nothing, cut off", "", .truncated),
        ("nothing, left open", "", .closedHere), ("no connection", "", .notConnected("refused")),
    ]

    @Test(arguments: [0, 1, 2])
    func `of servers`(part: Int) {
        let scenarios = Self.scenarios(testing: .server) { scenario in
            if case .request = scenario.opening { true } else { false }
        }
        var text = "# \(Self.answers.map(\.name).joined(separator: "; ")); 101 and silence; 101 and Close 1002\n"
        for (index, scenario) in scenarios.enumerated() where index % 3 == part {
            var line = Line()
            for answer in Self.answers {
                var record = RecordedEvents(scenario)
                if answer.end != .notConnected("refused") { record.send(Self.request(of: scenario)) }
                record.time = 1_000_000
                if !answer.octets.isEmpty { record.receive(answer.octets) }
                if answer.end == .closedHere { record.mark(.gaveUp(.deadline)) }
                record.time = 3_000_000_000
                record.end(answer.end)
                line.add(Judge.judge(scenario, record.transcript))
            }
            var accepted = RecordedEvents(scenario)
            accepted.send(Self.request(of: scenario))
            accepted.receive(RecordedEvents.acceptance)
            accepted.mark(.opened)
            line.add(Self.silent(accepted, scenario))
            accepted.receive(accepted.frame(.close, CloseBody(code: 1002).encoded))
            accepted.end()
            line.add(Judge.judge(scenario, accepted.transcript))
            text += line.told(of: scenario)
        }
        #expect(Golden.difference(text, from: "answers-\(part).txt") == nil)
    }

    /// The request of a scenario with its placeholders filled in.
    private static func request(of scenario: Scenario) -> [UInt8] {
        guard case .request(let request) = scenario.opening else { return [] }
        let template = String(decoding: request.template, as: UTF8.self)
        return Array(template.replacing("{key}", with: "dGhlIHNhbXBsZSBub25jZQ==").utf8)
    }

    private static func silent(_ record: RecordedEvents, _ scenario: Scenario) -> Judgement {
        var record = record
        record.time = 5_000_000_000
        record.mark(.gaveUp(.deadline))
        record.end(.closedHere)
        return Judge.judge(scenario, record.transcript)
    }

    // MARK: - Clients

    private struct Reaction: Sendable {
        var name: String
        /// How much of our answer gets out: all of it, its first octets, or nothing.
        var answered: Int?
        var happens: @Sendable (inout RecordedEvents) -> Void

        init(_ name: String, answered: Int? = nil, _ happens: @escaping @Sendable (inout RecordedEvents) -> Void) {
            self.name = name
            self.answered = answered
            self.happens = happens
        }
    }

    private static func close(
        _ code: UInt16?,
        with frames: [(Opcode, [UInt8])] = []
    ) -> @Sendable (inout RecordedEvents) -> Void {
        { record in
            record.mark(.opened)
            for (opcode, payload) in frames { record.receive(record.frame(opcode, payload)) }
            record.receive(record.frame(.close, CloseBody(code: code).encoded))
            record.end()
        }
    }

    private static let reactions: [Reaction] = [
        Reaction("ends TCP before an answer", answered: 0) { $0.end() },
        Reaction("ends TCP over half an answer", answered: 20) { $0.end() },
        Reaction("ends TCP") { $0.end() }, Reaction("resets") { $0.end(.reset) },
        Reaction("ends TCP after ten seconds") { record in
            record.time = 10_000_000_000
            record.end()
        },
        Reaction("is silent") { record in
            record.mark(.gaveUp(.deadline))
            record.end(.closedHere)
        },
        Reaction("asks again") { record in
            record.receive("GET / HTTP/1.1\r\nHost: peer.example\r\n\r\n")
            record.end()
        },
        Reaction("closes with 1002", close(1002)), Reaction("closes with 1010", close(1010)),
        Reaction("closes with 1000", close(1000)), Reaction("closes with 1001", close(1001)),
        Reaction("closes without a code", close(nil)), Reaction("closes with 1005", close(1005)),
        Reaction("sends a text and closes with 1002", close(1002, with: [(.text, [0x61])])),
        Reaction("sends a Pong and closes with 1002", close(1002, with: [(.pong, [0x61])])),
        Reaction("answers our Close with 1002") { record in
            record.mark(.opened)
            record.send([0x88, 0x00])
            record.receive(record.frame(.close, CloseBody(code: 1002).encoded))
            record.end()
        },
        Reaction("answers the Ping") { record in
            let payload = Array("0123456789abcdef".utf8)
            record.mark(.lateBarrierSent(payload: payload))
            record.send(record.frame(.ping, payload))
            record.mark(.opened)
            record.receive(record.frame(.pong, payload))
            record.mark(.lateBarrierAnswered)
            record.end(.closedHere)
        },
    ]

    @Test func `of clients`() throws {
        let scenarios = Self.scenarios(testing: .client) { scenario in
            if case .response = scenario.opening { true } else { false }
        }
        let request = HTTPHead(
            kind: .request,
            raw: Array((ClientRecording.lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        )
        let names = Self.reactions.map(\.name).joined(separator: "; ")
        var text = "# \(names); never connects; sends no HTTP\n"
        for scenario in scenarios {
            guard case .response(let response) = scenario.opening else { continue }
            var line = Line()
            let octets = response.octets(answering: request, subprotocol: nil)
            for reaction in Self.reactions {
                var record = RecordedEvents(scenario, testing: .client)
                record.receive(request.raw)
                record.time = 1_000_000
                let sent = octets.prefix(reaction.answered ?? octets.count)
                if !sent.isEmpty { record.send(Array(sent)) }
                if reaction.answered == nil { record.mark(.answered) }
                reaction.happens(&record)
                line.add(Judge.judge(scenario, record.transcript))
            }
            var never = RecordedEvents(scenario, testing: .client)
            never.end(.notConnected("the client never connected"))
            line.add(Judge.judge(scenario, never.transcript))
            var noHTTP = RecordedEvents(scenario, testing: .client)
            noHTTP.receive([0x16, 0x03, 0x01, 0x02, 0x00])
            noHTTP.end()
            line.add(Judge.judge(scenario, noHTTP.transcript))
            text += line.told(of: scenario)
        }
        #expect(Golden.difference(text, from: "reactions.txt") == nil)
    }
}
