import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

@Suite struct `The handshake rule` {
    private func judgement(_ answer: String, end: TranscriptEnd = .finished) -> Judgement {
        var recording = Recording(Catalogue.the("ping/empty"))
        if !answer.isEmpty { recording.receive(answer) }
        recording.end(end)
        return recording.judgement
    }

    @Test(
        arguments: [
            ("", .finished, .fail, "without any answer"), ("", .reset, .fail, "without any answer"),
            ("", .truncated, .fail, "without any answer"), ("HTTP/1.1 101 Sw", .truncated, .fail, "complete"),
            ("", .closedHere, .fail, "in time"), ("HTTP/1.1 101 Sw", .finished, .fail, "complete"),
            ("HTTP/1.1 101 Sw", .closedHere, .fail, "in time"), ("SSH-2.0-x\r\n", .closedHere, .fail, "not HTTP"),
            ("HTTP/1.1 404 Not Found\r\n\r\n", .closedHere, .fail, "404"),
            ("HTTP/1.1 200 OK\r\n\r\n", .closedHere, .fail, "200"),
            ("HTTP/1.1 429 Slow Down\r\n\r\n", .closedHere, .inconclusive, "429"),
            ("HTTP/1.1 502 Bad Gateway\r\n\r\n", .closedHere, .inconclusive, "502"),
            ("HTTP/1.1 503 Busy\r\n\r\n", .closedHere, .inconclusive, "503"),
            ("HTTP/1.0 503 Busy\r\n\r\n", .closedHere, .inconclusive, ""),
            ("HTTP/1.1 504 Timeout\r\n\r\n", .closedHere, .inconclusive, "504"),
            ("", .notConnected("h:1 refused the connection"), .inconclusive, "refused the connection"),
            ("", .notSecured("h:1 has a certificate for h:2"), .inconclusive, "a certificate for h:2"),
        ] as [(String, TranscriptEnd, Verdict, String)]
    )
    func `No 101 is judged by what came instead`(answer: String, end: TranscriptEnd, verdict: Verdict, word: String) {
        let judged = judgement(answer, end: end)
        // The case itself cannot be judged; what kept it from that is told once for the run.
        #expect(judged.verdict == .inconclusive)
        #expect(judged.gravest == verdict)
        #expect(judged.reason.contains(word))
        #expect(judged.findings.allSatisfy { $0.rule == "handshake" || $0.rule == Judge.unopenedRule })
        #expect(judged.findings.filter(\.isPassive).map(\.passing) == (verdict == .fail ? [.connection] : []))
    }

    @Test func `Interim responses before the 101 are no answer yet`() {
        var recording = Recording(Catalogue.the("ping/empty"))
        recording.receive("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 1")
        recording.receive(Array(Recording.acceptance.encode().dropFirst(10)))
        recording.mark(.opened)
        recording.sendScript()
        recording.receive(.pong)
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        #expect(recording.judgement.verdict == .pass)
    }

    @Test func `A flood of interim responses is read without harm`() {
        var recording = Recording(Catalogue.the("ping/empty"))
        recording.receive(String(repeating: "HTTP/1.1 100 \r\n\r\n", count: 60_000))
        recording.end(.closedHere)
        #expect(recording.judgement.gravest == .fail)
    }
}

@Suite struct `The transport rule` {
    private func judgement(closes delay: Double, end: TranscriptEnd, peerFirst: Bool) -> Judgement {
        let failing = Catalogue.the("fragmentation/text-inside-text")
        var recording = Recording.opened(peerFirst ? failing : Catalogue.the("closing/code-alone"))
        recording.sendScript()
        recording.receiveClose(peerFirst ? 1002 : 1000)
        if peerFirst { recording.sendClose(1000) }
        recording.milliseconds += delay
        recording.end(end)
        return recording.judgement
    }

    @Test(arguments: [true, false])
    func `A server closes TCP once Close frames have gone both ways`(peerFirst: Bool) {
        #expect(judgement(closes: 0, end: .finished, peerFirst: peerFirst).verdict == .pass)
        #expect(judgement(closes: 1000, end: .finished, peerFirst: peerFirst).verdict == .pass)
        // Who replies to our Close has read all that we sent, so that its reset is of its own making (7.1.1).
        let reset = judgement(closes: 1000, end: .reset, peerFirst: peerFirst)
        #expect(reset.gravest == (peerFirst ? .pass : .tolerated))
        #expect(reset.findings.map(\.rule) == (peerFirst ? [] : ["reset"]))
        #expect(judgement(closes: 1001, end: .finished, peerFirst: peerFirst).gravest == .tolerated)
        #expect(judgement(closes: 5000, end: .closedHere, peerFirst: peerFirst).gravest == .fail)
    }

    @Test(arguments: [true, false])
    func `Who was not waited for cannot be late`(peerFirst: Bool) {
        #expect(judgement(closes: 1000, end: .closedHere, peerFirst: peerFirst).verdict == .pass)
    }

    @Test(arguments: [("ping/empty", false), ("fragmentation/text-inside-text", true)])
    func `A peer whose Close stays unanswered is late only where it fails the connection`(id: String, isLate: Bool) {
        var recording = Recording.opened(Catalogue.the(id))
        recording.sendScript()
        recording.receiveClose(1002)
        recording.milliseconds += 5000
        recording.end(.closedHere)
        let finding = recording.judgement.findings.first { $0.rule == "transport" }
        #expect(finding?.verdict == (isLate ? .tolerated : nil))
    }
}

@Suite struct `The framing rule` {
    /// Octets that a server must not send, and how grave that is.
    private static let octets: [(name: String, octets: [UInt8], verdict: Verdict)] = [
        ("masked", [0x81, 0x81, 0, 0, 0, 0, 0x61], .fail),
        ("RSV1", [0xC1, 0x00], .fail),
        ("reserved data opcode", [0x83, 0x00], .fail),
        ("reserved control opcode", [0x8B, 0x00], .fail),
        ("control without FIN", [0x09, 0x00], .fail),
        ("long control", [0x89, 126, 0, 126] + [UInt8](repeating: 0, count: 126), .fail),
        ("orphan", [0x80, 0x00], .fail),
        ("long length", [0x82, 126, 0, 1, 0], .fail),
        ("no UTF-8", [0x81, 0x01, 0xFF], .fail),
    ]

    @Test(arguments: octets.indices)
    func `What a server must not send is found wherever it is sent`(index: Int) {
        let row = Self.octets[index]
        var recording = Recording.opened(Catalogue.the("ping/empty"))
        recording.sendScript()
        recording.receive(.pong)
        recording.sendClose(1000)
        recording.receive(row.octets)
        recording.receiveClose(1000)
        recording.end()
        let findings = recording.judgement.findings.filter { $0.rule == "framing" }
        #expect(findings.map(\.verdict) == [row.verdict], Comment(rawValue: row.name))
        #expect(findings.allSatisfy { RequirementTable.shared.requirement($0.requirement) != nil })
    }

    @Test func `Each kind is told once, however often it comes`() {
        var recording = Recording.opened(Catalogue.the("ping/empty"))
        recording.sendScript()
        for _ in 0..<30_000 { recording.receive([0x8B, 0x00]) }
        recording.receive(.pong)
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        #expect(recording.judgement.findings.count { $0.rule == "framing" } == 1)
    }

    @Test(
        arguments: [(1010, Verdict.tolerated), (1004, .tolerated), (2000, .tolerated), (999, .fail), (1015, .fail)]
            as [(UInt16, Verdict)]
    )
    func `Codes out of place in the peer's own Close`(code: UInt16, verdict: Verdict) {
        var recording = Recording.opened(Catalogue.the("fragmentation/text-inside-text"))
        recording.sendScript()
        recording.receiveClose(code)
        recording.sendClose(1000)
        recording.end()
        #expect(recording.judgement.findings.filter { $0.axis == .closing }.map(\.verdict).max() == verdict)
    }
}

@Suite struct `The rule for dead targets` {
    @Test func `The mark fails whatever else was fine`() {
        var recording = Recording.opened(Catalogue.the("ping/empty"))
        recording.sendScript()
        recording.receive(.pong)
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        #expect(recording.judgement.verdict == .pass)
        recording.mark(.targetDied)
        let judged = recording.judgement
        #expect(judged.verdict == .fail)
        #expect(judged.findings.map(\.rule) == ["target-died"])
        #expect(judged.reason.contains("stopped answering"))
    }

    @Test(
        arguments: [
            (TargetObservation(ending: .exited(3)), "exit status 3"),
            (TargetObservation(ending: .signalled("SIGSEGV"), sanitizer: "AddressSanitizer: SEGV"), "signal SIGSEGV"),
            (TargetObservation(sanitizer: "ThreadSanitizer: data race"), "ThreadSanitizer: data race"),
        ]
    )
    func `The end of the process fails, in its own words`(seen: TargetObservation, words: String) {
        var recording = Recording.clean
        recording.mark(.target(seen))
        #expect(recording.judgement.verdict == .fail)
        #expect(recording.judgement.reason.contains(words))
        #expect(recording.judgement.reason.contains("stopped answering") == false)
    }
}

@Suite struct `The rule for memory and processor time` {
    private func judged(
        _ bounds: Supervision?,
        _ usage: TargetObservation.Usage?
    ) -> Judgement {
        var scenario = Catalogue.the("ping/empty")
        scenario.supervision = bounds
        var recording = Recording.clean(scenario)
        recording.mark(.target(TargetObservation(usage: usage)))
        return recording.judgement
    }

    private func usage(
        growth: UInt64 = 0,
        processor: Int64 = 0,
        elapsed: Int64 = 1_000_000_000
    )
        -> TargetObservation.Usage
    {
        .init(residentBefore: 1_000, residentPeak: 1_000 + growth, processor: processor, elapsed: elapsed)
    }

    @Test func `A bound that is kept is no finding, one octet more is tolerated`() {
        let bounds = Supervision(memoryGrowth: 4_096)
        #expect(judged(bounds, usage(growth: 4_096)).findings.isEmpty)
        let missed = judged(bounds, usage(growth: 4_097))
        #expect(missed.verdict == .tolerated && missed.findings.map(\.rule) == ["resources"])
        #expect(missed.reason.contains("4097") && missed.target?.residentOctetsPeak == 5_097)
    }

    @Test func `Processor time counts by the elapsed time, and not at all when that is short`() {
        let bounds = Supervision(processorShare: 0.5)
        #expect(judged(bounds, usage(processor: 500_000_000)).findings.isEmpty)
        #expect(judged(bounds, usage(processor: 510_000_000)).verdict == .tolerated)
        #expect(judged(bounds, usage(processor: 150_000_000, elapsed: 150_000_000)).findings.isEmpty)
    }

    @Test func `What was not measured is inconclusive, and without a bound nothing at all`() {
        #expect(judged(Supervision(memoryGrowth: 1), nil).verdict == .inconclusive)
        #expect(judged(Supervision(), nil).findings.isEmpty)
        #expect(judged(nil, usage(growth: .max / 2)).findings.isEmpty)
    }

    @Test func `Memory that shrank has not grown`() {
        let shrunk = TargetObservation.Usage(residentBefore: 9, residentPeak: 3, processor: 0, elapsed: 1)
        #expect(judged(Supervision(memoryGrowth: 0), shrunk).findings.isEmpty)
    }
}

extension Recording {
    /// A conversation without any fault.
    static func clean(_ scenario: Scenario) -> Recording {
        var recording = Recording.opened(scenario)
        recording.sendScript()
        recording.receive(.pong)
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        return recording
    }

    static var clean: Recording { clean(Catalogue.the("ping/empty")) }
}

@Suite struct `The judge` {
    @Test func `A record that was cut off says nothing`() {
        var recording = Recording.opened(Catalogue.the("ping/empty"))
        recording.sendScript()
        #expect(recording.judgement.verdict == .inconclusive)
        #expect(recording.judgement.findings.isEmpty)
    }

    @Test func `The worse axis decides, and the gravest finding gives the reason`() {
        var recording = Recording.opened(Catalogue.the("closing/after-echo"))
        recording.sendScript()
        recording.sendClose(1000)
        recording.receiveClose(1001)
        recording.end()
        let judged = recording.judgement
        #expect(judged.behaviour == .fail && judged.closing == .tolerated && judged.verdict == .fail)
        #expect(judged.reason == judged.findings[0].reason)
        #expect(judged.findings.map(\.verdict) == judged.findings.map(\.verdict).sorted(by: >))
    }

    @Test func `Verdicts have the order of the design`() {
        let order: [Verdict] = [.fail, .inconclusive, .tolerated, .unimplemented, .skipped, .informational, .pass]
        #expect(Verdict.allCases.sorted(by: >) == order)
    }

    @Test func `A transcript of another catalogue is judged without harm`() {
        var transcript = Recording.opened(Catalogue.the("ping/empty")).transcript
        let references: [TranscriptEvent.Kind] = [
            .sent(offset: 0, .script(reference(step: 99))), .sent(offset: 0, .script(reference(step: 0, frame: 5))),
            .sent(offset: 0, .script(reference(step: 0, frameCount: .max))),
            .received(offset: 0, [.payload(index: 99, start: 0, length: 1)]),
            .received(offset: 0, [.payload(index: 0, start: .max, length: 1), .sidecar(position: 5, length: 7)]),
            .ended(.finished),
        ]
        transcript.events += references.map { TranscriptEvent(time: 1, kind: $0) }
        #expect(LookedAt.judgement(of: Catalogue.the("ping/empty"), transcript).verdict == .fail)
        #expect(LookedAt.judgement(of: Catalogue.the("limits/text/64-kibibytes"), transcript).verdict == .fail)
    }

    private func reference(step: Int, frame: Int = 0, frameCount: Int = 1) -> ScriptReference {
        ScriptReference(
            step: step,
            frame: frame,
            frameCount: frameCount,
            start: 0,
            length: 1,
            maskingKey: nil,
            keyIndex: 0
        )
    }

    @Test func `A wire log has at most forty lines, without anything that changes from run to run`() {
        var recording = Recording.opened(Catalogue.the("ping/empty"))
        recording.sendScript()
        for number in 0..<500 { recording.receive(.ping, [UInt8(number & 0xFF), 0x1B]) }
        recording.receiveClose(1011, reason: "\u{1B}[31mred\u{202E}")
        recording.sendClose(1000)
        recording.end()
        let lines = recording.judgement.wire
        #expect(lines.count > 30 && lines.count <= 40)
        #expect(lines.allSatisfy { !$0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E } })
    }
}
