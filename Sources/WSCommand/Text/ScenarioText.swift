package import WSCatalogue
import WSConform
import WSJudge
import WSProtocol
import WSRender
import WSReport
import WSRunFolder
package import WSScenario

/// Describes a scenario for people: what is sent, the possible outcomes, and the requirements behind them.
package enum ScenarioText {
    /// Everything about a scenario.
    package static func describe(_ scenario: Scenario, in requirements: RequirementTable) -> String {
        var lines = [scenario.id, "  \(scenario.title)", ""]
        lines += TextStyle.table(facts(of: scenario)).map { "  \($0)" }
        lines += section("Sent, in this order", script(of: scenario))
        let asked = "What the peer may do; the first that fits counts"
        lines += section(asked, scenario.behaviour.map(describe) + formOfRefusals(scenario))
        lines += section("How the connection may end; the first that fits counts", scenario.closing.map(describe))
        lines += section("Requirements, the decisive one first", citations(of: scenario, in: requirements))
        lines += section("Known defects that it shows", scenario.references.map(\.text))
        if let autobahn = scenario.autobahn { lines += section("Autobahn", expectations(autobahn)) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["", "\(title):"] + lines.map { "  \($0)" }
    }

    private static func facts(of scenario: Scenario) -> [[String]] {
        var rows = [["under test", scenario.targets.map(\.rawValue).joined(separator: " or ")]]
        rows.append(["needs", scenario.needs == .echo ? "an application that echoes" : "nothing of the application"])
        if scenario.driver != .connect { rows.append(["driver", describe(scenario.driver)]) }
        if let supervision = scenario.supervision { rows.append(["supervision", describe(supervision)]) }
        if let number = scenario.autobahn?.number { rows.append(["Autobahn", number]) }
        if let chapter = scenario.chapter {
            rows.append(["chapter", [chapter, Catalogue.chapters[chapter]].compactMap(\.self).joined(separator: ": ")])
        }
        if scenario.limitSweep != nil {
            let example = "what follows is for \(LimitSweep.example) octets"
            rows.append(["limit", "that of the peer, learned in the run or given with --peer-limit; \(example)"])
        }
        if let security = scenario.security { rows.append(["TLS", SecurityText.describe(security)]) }
        if scenario.connections > 1 { rows.append(["connections", "\(scenario.connections) at once"]) }
        if !scenario.tags.isEmpty { rows.append(["tags", scenario.tags.map(\.rawValue).joined(separator: ", ")]) }
        return rows
    }

    private static func describe(_ supervision: Supervision) -> String {
        var bounds: [String] = []
        if let growth = supervision.memoryGrowth { bounds.append("memory grows by at most \(growth) octets") }
        if let share = supervision.processorShare {
            bounds.append("at most \(Int((share * 100).rounded())) % of a processor")
        }
        return (["needs --supervise"] + bounds).joined(separator: "; ")
    }

    private static func describe(_ driver: DriverNeed) -> String {
        var parts: [String] = []
        if !driver.subprotocols.isEmpty { parts.append("asks for \(driver.subprotocols.joined(separator: ", "))") }
        switch driver.action {
        case .openWithoutPath: parts.append("opens the address without its path")
        case .openAs(let user): parts.append("opens the address with the user \(user) before its host")
        case .open(let suffix): parts.append("opens the address with \(suffix) behind it")
        case .openOverIPv6: parts.append("opens an address whose host is ::1")
        case .openSecured(let byName):
            parts.append("opens an address at a port of its own\(byName ? ", whose host is a name" : "")")
        case .openOverHTTP2: parts.append("opens an address at a port of its own")
        case .sendText(let text): parts.append("sends the text \(PayloadText.describe(.text(text)))")
        case .sendBinary(let octets): parts.append("sends the binary message \(PayloadText.describe(.octets(octets)))")
        case .close(let code, let reason):
            let text = reason.isEmpty ? "" : " and the reason \(PayloadText.describe(.text(reason)))"
            parts.append("closes with \(code.map { "code \($0)" } ?? "no code")\(text)")
        case nil: break
        }
        if driver.connections > 1 { parts.append("connects \(driver.connections) times") }
        return parts.joined(separator: "; ")
    }

    // MARK: - What is sent

    private static func script(of scenario: Scenario) -> [String] {
        (scenario.stream.map(StreamText.opening) ?? describe(scenario.opening)) + scenario.script.map(describe)
            + [describe(scenario.conclusion)]
            + (scenario.stream.map(StreamText.ending) ?? [])
            + half(of: scenario)
    }

    private static func half(of scenario: Scenario) -> [String] {
        guard let half = scenario.scalingBaseline else { return [] }
        let lines = describe(half.opening) + half.script.map(describe)
        return ["and, for the time that it takes, half as much:"] + lines.map { "  \($0)" }
    }

    private static func describe(_ opening: Opening) -> [String] {
        switch opening {
        case .ordinary: return []
        case .framesWithHandshake: return ["the handshake, and in the same write:"]
        case .negotiating(let compression):
            return [
                "as a client, the handshake with the offer \(compression.offers.map(\.element.text).joined(separator: ", "))",
                "as a server, the answer \(compression.answers.map(\.element.text).joined(separator: ", or else "))",
            ]
        case .request(let request):
            let followUp = request.followUp.map {
                ["once it is refused, on the same connection:"] + HeadText.lines($0, whole: true).map { "  \($0)" }
            }
            return [describe("request", request.pacing)] + head(request.template)
                + rest(padding: request.padding, ending: request.ending) + (followUp ?? [])
        case .response(let response):
            return [describe("response", response.pacing)] + head(response.template)
                + rest(padding: response.padding, ending: response.ending)
        }
    }

    private static func describe(_ what: String, _ pacing: RequestToSend.Pacing) -> String {
        switch pacing {
        case .whole: "this \(what):"
        case .pieces(let length): "this \(what), in writes of \(length) octets:"
        case .holdingBack(let last, let milliseconds):
            "this \(what), its last \(last) octets held back for \(milliseconds) ms:"
        case .awaitingContinue(let last): "this \(what), its last \(last) octets only once a 100 has come:"
        }
    }

    private static func head(_ template: [UInt8]) -> [String] {
        HeadText.lines(template, whole: true).map { "  \($0)" }
    }

    /// What a request or a response has in addition to its lines.
    private static func rest(padding: Payload, ending: RequestToSend.Ending?) -> [String] {
        var lines: [String] = []
        if padding.count > 0 { lines.append("{padding} stands for \(PayloadText.describe(padding))") }
        switch ending {
        case .endOutput(let milliseconds): lines.append("then FIN, if no answer has come after \(milliseconds) ms")
        case .reset(let milliseconds): lines.append("then a reset, if no answer has come after \(milliseconds) ms")
        case nil: break
        }
        return lines
    }

    private static func describe(_ conclusion: Conclusion) -> String {
        switch conclusion {
        case .closeWhenComplete: "then Close 1000 once everything expected has come"
        case .peerFails(let lateBarrier):
            "then wait for the peer to fail the connection" + (lateBarrier ? "; after a silence, one Ping" : "")
        case .awaitEnd: "then wait for the end"
        }
    }

    private static func describe(_ step: Step) -> String {
        switch step {
        case .send(let frame): describe(frame)
        case .sendMessage(let message):
            "\(message.opcode.name) message, \(PayloadText.describe(message.payload)), in frames of "
                + "\(message.fragmentLength) octets"
        case .sendRun(let run):
            "\(run.count) times, \(run.isNumbered ? "numbered in its payload, " : "")\(describe(run.frame))"
        case .startClosingHandshake(let body, let pacing):
            "Close\(describe(pacing)), \(PayloadText.describeClose(body))"
        case .beginFrame(let fin, let opcode, let length):
            "only the header of a \(opcode.name) frame\(fin ? "" : " without FIN") that announces \(length) octets"
        case .continueFrame(let payload): "octets of that frame: \(PayloadText.describe(payload))"
        case .barrier(let tag, let pings):
            "wait \(tag): \(pings == 1 ? "a Ping and its Pong" : "\(pings) Pings, each with its Pong")"
        case .quiesce(let tag): "wait \(tag): round trips on another connection"
        case .awaitPong(let payload): "wait for the Pong with \(PayloadText.describe(payload))"
        case .awaitClose: "wait for the peer's Close frame"
        case .sendOctets(let octets): "octets that are no frame: \(PayloadText.describe(.octets(octets)))"
        case .pause(let milliseconds): "nothing for \(milliseconds) ms"
        case .pauseReading(let milliseconds): "while nothing is read for \(milliseconds) ms:"
        case .ignorePings: "from here on, no answer to Pings"
        case .ignoreClose: "from here on, no answer to a Close frame"
        case .endOutput: "FIN; go on reading"
        case .reset: "a reset of the connection"
        case .sendOnConnection(let frames): "on the connection: \(StreamText.frames(frames).joined(separator: "; "))"
        case .pingConnection: "on the connection: PING, and wait for its answer"
        case .echoLoop(let loop):
            "\(loop.fullCount) \(loop.opcode.name) messages (\(loop.quickCount) at quick effort), "
                + "\(PayloadText.describe(loop.payload))\(course(of: loop)), each after the echo of the one before"
        }
    }

    private static func course(of loop: EchoLoop) -> String {
        var text = ""
        if let turn = loop.turn, turn > 1 { text += ", then what follows, \(turn) different ones in turn" }
        guard let compression = loop.compression else { return text }
        let frames = compression.fragmentLength.map { "compressed and in frames of \($0) octets" } ?? "compressed"
        return text + ", \(frames)"
    }

    private static func describe(_ frame: FrameToSend) -> String {
        var text = "\(frame.opcode.name) frame"
        if !frame.fin { text += " without FIN" }
        let bits = [(4, "RSV1"), (2, "RSV2"), (1, "RSV3")].filter { Int(frame.rsv) & $0.0 != 0 }.map(\.1)
        if !bits.isEmpty { text += " with \(bits.joined(separator: " and "))" }
        switch frame.masking {
        case .ofRole: break
        case .none: text += ", not masked"
        case .fresh: text += ", masked"
        case .key(let key): text += ", masked with 0x\(String(key, radix: 16))"
        }
        if frame.lengthEncoding != .minimal { text += ", its length as \(frame.lengthEncoding.rawValue)" }
        if let claimed = frame.claimedLength { text += ", its header claims \(claimed) octets" }
        text += describe(frame.pacing)
        let isClose = frame.opcode == .close
        return "\(text): \(isClose ? PayloadText.describeClose(frame.payload) : PayloadText.describe(frame.payload))"
    }

    private static func describe(_ pacing: WritePacing) -> String {
        switch pacing {
        case .together: ""
        case .separately: ", in a write of its own"
        case .pieces(let size): ", \(size == 1 ? "an octet" : "\(size) octets") at a time"
        case .split(let place): ", in two writes, cut before octet \(place)"
        case .firstOctets(let count): ", its first \(count) octets one at a time"
        }
    }

    // MARK: - What may come back

    private static func describe(_ outcome: Outcome<BehaviourPattern>) -> String {
        line(outcome, describe(outcome.pattern))
    }

    /// The requirements that every refusal in a conversation has to meet, whatever the scenario is about.
    private static func formOfRefusals(_ scenario: Scenario) -> [String] {
        let fields = [(401, "WWW-Authenticate"), (405, "Allow"), (426, "Upgrade")]
        let due = fields.filter { status, _ in
            scenario.behaviour.contains { outcome in
                switch outcome.pattern {
                case .refused(let statuses), .refusedAndClosed(let statuses): statuses?.contains(status) ?? true
                default: false
                }
            }
        }
        guard !due.isEmpty else { return [] }
        let needs = due.map { "a \($0) needs \($1)" }.joined(separator: ", ")
        return ["in every case, a refusal is looked at, too: \(needs)"]
    }

    private static func describe(_ outcome: Outcome<ClosingPattern>) -> String {
        line(outcome, describe(outcome.pattern))
    }

    private static func line<Pattern>(_ outcome: Outcome<Pattern>, _ pattern: String) -> String {
        let reason = outcome.reason.isEmpty ? "" : " (\(outcome.reason))"
        let citation = outcome.requirement.map { " [\($0)]" } ?? ""
        let whose = outcome.role.map { ", by a \($0.rawValue)" } ?? ""
        return "\(outcome.grade.rawValue)\(whose): \(pattern)\(reason)\(citation)"
    }

    private static func describe(_ pattern: BehaviourPattern) -> String {
        switch pattern {
        case .events(let events): events.isEmpty ? "nothing comes back" : list(events)
        case .pongsAhead(let events): "Pongs may come earlier: \(list(events))"
        case .anyOrder(let events): "in any order, \(list(events))"
        case .withoutEarlierPongs(let events, let inOrder):
            "Pongs but the last may be missing\(inOrder ? "" : " or come late"): \(list(events))"
        case .someOf(let events): "some or none of: \(list(events))"
        case .refused(let statuses):
            "the handshake is answered with " + (statuses.map(ranges) ?? "any status but 101")
        case .refusedAndClosed(let statuses):
            "the handshake is answered with \(statuses.map(ranges) ?? "any status but 101"), and the connection ended"
        case .unanswered: "the connection ends before the handshake is answered"
        case .notHTTP: "the handshake is answered with octets that are no HTTP/1.1"
        case .unsecured: "the handshake of TLS fails"
        case .accepted: "the handshake is accepted"
        case .declinedByClose: "the handshake is accepted, and the application's Close comes before anything else"
        case .failsHandshake: "the peer ends the connection over our answer to its handshake"
        case .agreesToCompression(let offers):
            "the handshake agrees to permessage-deflate"
                + (offers.isEmpty
                    ? "" : ", and not to \(offers.map(\.element.text).joined(separator: " or ")), the valid offer")
        case .neverConnects: "the peer opens no connection, because it takes neither this address nor what is there"
        case .resetsStream(let codes):
            "the stream is reset" + (codes.map { " with \(StreamText.codes($0))" } ?? "")
        case .endsConnection(true): "the whole connection is ended with an error"
        case .endsConnection(false): "the whole connection is ended without GOAWAY"
        case .anything: "anything"
        }
    }

    /// Numbers with runs combined, such as `400–499, 501`.
    private static func ranges(_ numbers: [Int]) -> String {
        var runs: [ClosedRange<Int>] = []
        for number in numbers.sorted() {
            if let last = runs.last, number <= last.upperBound + 1 {
                runs[runs.count - 1] = last.lowerBound...max(last.upperBound, number)
            } else {
                runs.append(number...number)
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }
            .joined(separator: ", ")
    }

    private static func list(_ events: [ExpectedEvent]) -> String {
        events.map { event in
            switch event {
            case .message(let opcode, let payload): "\(opcode.name) message, \(PayloadText.describe(payload))"
            case .pong(let payload): "Pong, \(PayloadText.describe(payload))"
            case .numberedPongs(let count): "the \(count) Pongs of the numbered Pings"
            case .stillOpen(let tag): "still open after wait \(tag)"
            case .echoes(let opcode, let payload): "every echo, \(opcode.name), \(PayloadText.describe(payload))"
            }
        }.joined(separator: "; then ")
    }

    private static func describe(_ pattern: ClosingPattern) -> String {
        switch pattern {
        case .peerCloses(let codes): "the peer sends Close first\(codes.map(list) ?? "")"
        case .peerDrops: "the peer ends TCP without a Close"
        case .peerReplies(let codes): "the peer answers our Close\(codes.map(list) ?? "")"
        case .peerDropsAfterOurClose: "the peer ends TCP without answering our Close"
        case .staysOpen: "the peer does neither"
        case .anything: "anything"
        }
    }

    private static func list(_ codes: [UInt16]) -> String {
        // 1005 is never on the wire; in a pattern it means a Close frame without a code (RFC 6455, 7.1.5).
        " with " + codes.map { $0 == 1005 ? "no code" : "\($0)" }.joined(separator: " or ")
    }

    // MARK: - Why

    private static func citations(of scenario: Scenario, in requirements: RequirementTable) -> [String] {
        let outcomes = scenario.behaviour.compactMap(\.requirement) + scenario.closing.compactMap(\.requirement)
        var ids: [String] = []
        for id in scenario.requirements + outcomes where !ids.contains(id) { ids.append(id) }
        return ids.map { id in
            guard let requirement = requirements.requirement(id) else { return id }
            let citation = Judging.reference(id)?.citation ?? requirement.source
            return "\(id)  \(citation): \(requirement.summary)"
        }
    }

    private static func expectations(_ autobahn: AutobahnCase) -> [String] {
        var lines = autobahn.expected.map { expectation in
            "\(expectation.outcome): \(expectation.events.isEmpty ? "nothing comes back" : list(expectation.events))"
        }
        let codes = autobahn.closeCodes.map { "\($0)" }.joined(separator: ", ")
        let closer = autobahn.closedByTester ? "the tester closes first" : "the peer closes first"
        lines.append("\(closer)\(autobahn.requiresCleanClose ? ", cleanly" : ""); close codes \(codes)")
        if autobahn.isInformational { lines.append("informational, whatever happens") }
        return lines
    }
}
