import WSKernels
import WSLimits
import WSProtocol
import WSScenario
import WSTranscript

/// Writes a conversation as lines for people.
///
/// The lines hold nothing that changes from run to run: no times, read boundaries or masking keys. Within one turn, the
/// sent lines stand before the received ones.
enum WireLog {
    /// How many lines a case has at most.
    static let mostLines = Limits.wireLines.value
    static let textLength = 60

    private struct Line {
        var text: String
        var isSent: Bool
        var evidence: Evidence?
        var count = 1
    }

    /// Collects lines turn by turn; within a turn, sent lines stand before received ones.
    private struct Turns {
        /// The lines of the finished turns; runs of equal lines are folded into one.
        private(set) var lines: [Line] = []
        private var sent: [Line] = []
        private var received: [Line] = []

        mutating func add(_ line: Line) {
            if line.isSent { sent.append(line) } else { received.append(line) }
        }

        /// Ends a turn, because from here on one side must have received what the other sent.
        mutating func end() {
            for line in sent { fold(line) }
            for line in received { fold(line) }
            sent.removeAll(keepingCapacity: true)
            received.removeAll(keepingCapacity: true)
        }

        private mutating func fold(_ line: Line) {
            guard let last = lines.last, last.text == line.text else { return lines.append(line) }
            lines[lines.count - 1].count += 1
        }
    }

    /// At most ``mostLines`` lines, chosen around the evidence.
    static func lines(of subject: Case, around evidence: [Evidence]) -> [WireLine] {
        let all = turns(subject).lines
        guard all.count > mostLines else { return shown(all[...]) }
        let decisive = all.firstIndex { line in
            guard let there = line.evidence, let wanted = evidence.first else { return false }
            return there.direction == wanted.direction && there.offset <= wanted.offset
                && wanted.offset < there.offset &+ max(1, there.length)
        }
        // The beginning shows who talks; the rest surrounds the decisive evidence, or is the end.
        let head = 6
        let body = mostLines - head - 2
        let centre = decisive ?? all.count - body / 2
        let start = min(max(head, centre - body / 2), all.count - body)
        var result = shown(all[..<head])
        if start > head { result.append(WireLine("… \(start - head) more")) }
        result += shown(all[start..<start + body])
        if start + body < all.count { result.append(WireLine("… \(all.count - start - body) more")) }
        return result
    }

    /// All lines of a head have the same evidence; only the first one keeps it.
    private static func shown(_ lines: ArraySlice<Line>) -> [WireLine] {
        lines.indices.map { index in
            let evidence = lines[index].evidence
            let isNew = index == lines.startIndex || lines[index - 1].evidence != evidence
            return WireLine(text(lines[index]), evidence: isNew ? evidence : nil)
        }
    }

    private static func text(_ line: Line) -> String {
        line.count > 1 ? "\(line.text)  (\(line.count) times)" : line.text
    }

    /// The lines, divided into turns.
    private static func turns(_ subject: Case) -> Turns {
        var turns = Turns()
        func add(_ text: String, sent: Bool, _ entry: Timeline.Entry) {
            turns.add(Line(text: text, isSent: sent, evidence: entry.evidence))
        }
        // Describes equal messages in sequence only once, which saves time.
        var lastMessage: (message: Timeline.ReceivedMessage, text: String)?
        // The header of the last received frame, and its position.
        var header: FrameText.Received?
        var requests = subject.timeline.requests[...]
        var responses = subject.timeline.responses[...]
        if subject.roleUnderTest == .client, requests.isEmpty, !subject.timeline.strayOctets.isEmpty {
            turns.add(Line(text: "< \(quoted(subject.timeline.strayOctets))", isSent: false))
        }
        for entry in subject.timeline.entries {
            switch entry.kind {
            case .request where subject.roleUnderTest == .client:
                for line in request(of: subject) { add("< \(line)", sent: false, entry) }
                turns.end()
            case .response where subject.roleUnderTest == .client:
                for line in answer(of: subject) { add("> \(line)", sent: true, entry) }
            case .request:
                for line in HeadText.lines(requests.popFirst() ?? [], whole: subject.showsWholeHeads) {
                    add("> \(line)", sent: true, entry)
                }
                turns.end()
                if subject.timeline.response == nil, !subject.timeline.strayOctets.isEmpty {
                    add("< \(quoted(subject.timeline.strayOctets))", sent: false, entry)
                }
            case .script(let reference):
                if let line = describe(reference, in: subject) { add("> \(line)", sent: true, entry) }
                if subject.isLoop(reference) { turns.end() }
            case .extra(.close, _) where subject.sendsAtLength && subject.closesFirst(before: entry):
                // Whether our reply still got out is a matter of timing.
                break
            case .extra(.text, let payload):
                // It may hold a credential, and so may its octets, so neither is shown.
                let text = "text FIN \(OctetCount.text(payload.count)) (first message)"
                turns.end()
                turns.add(Line(text: "> \(text)", isSent: true))
            case .extra(let opcode, let payload):
                // Frames outside the script answer what came before them.
                turns.end()
                let isBarrier = opcode == .ping && payload.count == 16
                add(
                    "> \(isBarrier ? "ping FIN 16 octets (barrier)" : FrameText.sent(opcode, payload))",
                    sent: true,
                    entry
                )
            case .response:
                turns.end()
                let isFirst = responses.count == subject.timeline.responses.count
                let heads = (isFirst ? subject.timeline.interimResponses : []) + responses.prefix(1)
                responses = responses.dropFirst()
                for line in heads.flatMap({ HeadText.lines($0.raw, whole: subject.showsWholeHeads) }) {
                    add("< \(line)", sent: false, entry)
                }
                turns.end()
            case .mark(.fieldsSent(let fields)):
                for line in fields.lines(of: subject) { add("> \(line)", sent: true, entry) }
                turns.end()
            case .mark(.fieldsReceived(let fields)):
                turns.end()
                for line in fields.lines(of: subject) { add("< \(line)", sent: false, entry) }
                turns.end()
            case .carrier(let text, let isSent):
                if !isSent { turns.end() }
                add("\(isSent ? ">" : "<") \(text)", sent: isSent, entry)
                turns.end()
            case .message(let message):
                if lastMessage?.message != message { lastMessage = (message, "< \(describe(message))") }
                add(lastMessage?.text ?? "", sent: false, entry)
                if subject.scenario.hasEchoLoop { turns.end() }
            case .control(let control):
                let known = control.opcode == .pong && control.payload.count == 16
                let text = FrameText.received(control.opcode, control.payload, header, entry.evidence, subject)
                add("< \(known ? "pong FIN 16 octets (barrier)" : text)", sent: false, entry)
            case .close(let body):
                let text = FrameText.received(.close, body.encoded, header, entry.evidence, subject)
                add("< \(text)", sent: false, entry)
            case .violation(let violation):
                add("< !! \(violation.rule.summary): \(violation.detail)", sent: false, entry)
            case .mark(let mark):
                if let text = describe(mark) {
                    turns.end()
                    add("= \(text)", sent: false, entry)
                }
            case .ended(let end):
                turns.end()
                add("= \(describe(end, onStream: subject.timeline.isOnStream))", sent: false, entry)
            case .frame(let frame): header = entry.evidence.map { FrameText.Received(header: frame, offset: $0.offset) }
            }
        }
        turns.end()
        return turns
    }

    /// The lines of a client's request; its key is masked, because it changes with each run.
    private static func request(of subject: Case) -> [String] {
        HeadText.lines(subject.timeline.request, whole: subject.showsWholeHeads).map { line in
            line.lowercased().hasPrefix("sec-websocket-key:") ? "Sec-WebSocket-Key: …" : line
        }
    }

    /// The lines of our answer to a client; in a scenario's own answer, values that depend on the key become words.
    private static func answer(of subject: Case) -> [String] {
        let timeline = subject.timeline
        if case .response(let response) = subject.scenario.opening, !timeline.responses.isEmpty {
            let request = HTTPHead(kind: .request, raw: timeline.request)
            let chosen = timeline.responses.last?.values(of: "Sec-WebSocket-Protocol").first
            return HeadText.lines(response.octetsToShow(answering: request, subprotocol: chosen), whole: true)
        }
        let heads = timeline.interimResponses + timeline.responses
        let lines = heads.flatMap { HeadText.lines($0.raw, whole: subject.showsWholeHeads) }
        return lines.isEmpty ? [quoted(timeline.answer)] : lines
    }

    // MARK: - Words

    private static func describe(_ reference: ScriptReference, in subject: Case) -> String? {
        // A frame that was sent in several writes is shown once, with its first octet.
        guard reference.start == 0 || reference.frameCount > 1 else { return nil }
        guard subject.scenario.script.indices.contains(reference.step) else { return nil }
        switch subject.scenario.script[reference.step] {
        case .send(let spec): return FrameText.sent(spec, to: subject.roleUnderTest)
        case .sendRun(let run):
            guard reference.frame == 0, reference.start == 0 else { return nil }
            let each = run.isNumbered ? FrameToSend(run.frame.opcode, run.payload(ofFrame: 0)) : run.frame
            // How much the peer let us send before it ended the connection is a matter of timing.
            let isWhole = !subject.mustFail && subject.sentAll(of: reference.step, count: run.count)
            let end = isWhole ? "" : ", or until the peer ended it"
            return
                "\(FrameText.sent(each, to: subject.roleUnderTest))\(run.isNumbered ? " and on" : ""), \(run.count) times\(end)"
        case .startClosingHandshake(let body, _): return FrameText.sent(.close, body.octets)
        case .beginFrame(let fin, let opcode, let length):
            return "\(opcode.name)\(fin ? " FIN" : "") header only, announces \(OctetCount.text(length))"
        case .continueFrame(let payload): return "payload \(OctetCount.text(payload.count)) \(quoted(payload.octets))"
        case .echoLoop(let loop):
            guard loop.compression != nil else {
                return "\(loop.opcode.name) FIN \(OctetCount.text(loop.payload.count))"
            }
            let frames = loop.frames(ofLength: reference.length, sentBy: subject.roleUnderTest.opposite)
            return DeflateText.describe(loop, loop.payload(ofMessage: reference.frame), frames)
        case .sendMessage(let message):
            guard reference.frame == 0, reference.start == 0 else { return nil }
            let frames = message.frameCount
            return frames == 1
                ? FrameText.sent(FrameToSend(message.opcode, message.payload), to: subject.roleUnderTest)
                : "\(message.opcode.name) message \(OctetCount.text(message.payload.count)) in \(frames) frames of "
                    + "\(message.fragmentLength)"
        case .sendOctets(let octets):
            let are = octets.count == 1 ? "is" : "are"
            return "\(OctetCount.text(octets.count)) that \(are) no frame \(quoted(octets))"
        case .barrier, .quiesce, .awaitPong, .awaitClose, .pause, .pauseReading, .ignorePings, .ignoreClose, .endOutput,
            .reset, .sendOnConnection, .pingConnection:
            return nil
        }
    }

    private static func describe(_ message: Timeline.ReceivedMessage) -> String {
        let frames = message.frameCount == 1 ? " FIN" : " message in \(message.frameCount) frames,"
        if let deflated = message.deflated { return DeflateText.describe(message, deflated, frames) }
        return "\(message.opcode.name)\(frames) \(OctetCount.text(message.length)) \(quoted(message.preview))"
    }

    private static func describe(_ mark: TranscriptMark) -> String? {
        switch mark {
        case .waited(let tag, let answered): answered ? "still open after wait \(tag)" : "no answer during wait \(tag)"
        case .lateBarrierAnswered: "the Ping after the silence was answered"
        case .gaveUp(.mismatch): "what came cannot become what was expected"
        case .gaveUp(.wrongPong): "no Pong with the octets of the Ping came"
        case .gaveUp(.deadline): "nothing more came in time"
        case .gaveUp(.tookTooLong): "the conversation took too long"
        case .gaveUp(.flood): "the peer sent more than is read of anyone"
        case .firstMessage(let replies):
            "\(replies) \(replies == 1 ? "message" : "messages") answered the first message"
        case .targetDied: "the target stopped answering new connections"
        case .target(let observation): observation.ending.map { "the target's process ended with \($0)" }
        case .concurrentConnections(let open, let others): "\(open) of \(others) other connections were open"
        case .repeatedKey(let connections): "the same key came on \(connections) earlier connections"
        case .tried(let trial): trial.sentence
        case .notBusy: "nothing else was under way, and the next connection was taken"
        case .secured, .fieldsSent, .fieldsReceived, .opened, .answered, .barrierSent, .lateBarrierSent, .scriptDone,
            .compared:
            nil
        }
    }

    private static func describe(_ end: TranscriptEnd, onStream: Bool) -> String {
        switch end {
        case .finished where onStream: "END_STREAM by the peer"
        case .reset where onStream: "RST_STREAM by the peer"
        case .truncated where onStream: "the connection ended by the peer, without END_STREAM"
        case .closedHere where onStream: "the stream ended by us"
        case .notConnected(let reason): "not connected: \(reason)"
        case .notSecured(let reason): "not connected: \(reason)"
        case .finished, .reset: "TCP ended by the peer"
        case .truncated: "TCP ended by the peer, without the closing message of the security layer"
        case .closedHere: "TCP closed by us"
        }
    }

    /// Octets as quoted text if they are printable UTF-8, else as hex; cut, with the number of octets left out.
    static func quoted(_ octets: [UInt8]) -> String {
        guard !octets.isEmpty else { return "\"\"" }
        let shown = Array(octets.prefix(textLength))
        let rest = octets.count > textLength ? " …" : ""
        if let text = String(validating: shown, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F && !(0x80..<0xA0 ~= $0.value) })
        {
            return "\"\(text)\"\(rest)"
        }
        let hex = shown.prefix(32).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return "0x\(hex)\(octets.count > 32 ? " …" : "")"
    }
}

extension Case {
    /// Whether the script sends so much that a peer may end the connection in the middle of it.
    fileprivate var sendsAtLength: Bool {
        scenario.isLoad || scenario.script.contains { if case .sendRun = $0 { true } else { false } }
    }

    /// Whether a step with this many frames sent its last one.
    fileprivate func sentAll(of step: Int, count: Int) -> Bool {
        timeline.entries.contains { entry in
            guard case .script(let reference) = entry.kind, reference.step == step else { return false }
            return reference.frame + reference.frameCount >= count
        }
    }

    /// Whether a script reference belongs to an echo loop.
    func isLoop(_ reference: ScriptReference) -> Bool {
        guard scenario.script.indices.contains(reference.step) else { return false }
        if case .echoLoop = scenario.script[reference.step] { return true }
        return false
    }
}
