import WSJudge
import WSProtocol
import WSReport
import WSScenario

/// Values that the tests of this target share.
enum Samples {
    static var options: Report.Options {
        var options = Report.Options(seed: 7, profile: .rfc, effort: .quick, jobs: 16)
        options.onlyAutobahn = false
        options.timeoutSeconds = 5
        options.strict = true
        options.require = ["echo"]
        options.application = "auto"
        options.subprotocols = ["chat"]
        options.headerFields = ["Authorization: ***"]
        options.cookies = ["id=***"]
        options.origin = "http://a.example"
        options.supervise = true
        options.listen = "127.0.0.1:9001"
        options.connectTo = "127.0.0.1:8080"
        options.proxy = "http://***@127.0.0.1:3128"
        options.rate = 10
        options.driver = false
        options.allowedOrigins = ["http://b.example"]
        options.command = ["./client"]
        options.embedded = true
        options.configuration = Report.Configuration(file: "wsconform.json", options: ["url"], replaced: ["jobs"])
        return options
    }

    static let references = [
        RequirementReference(id: "RFC6455-5.5.1-02", source: "RFC 6455", section: "5.5.1", level: "MUST"),
        RequirementReference(id: "RFC6455-7.1.7-01", source: "RFC 6455", section: "7.1.7", level: "SHOULD"),
    ]

    static func builder(_ profile: Profile = .rfc) -> ReportBuilder {
        var options = Self.options
        options.profile = profile
        return ReportBuilder(options: options) { id in references.first { $0.id == id } }
    }

    static func scenario(_ id: String = "closing/one-byte-payload", autobahn: String? = "7.3.2") -> Scenario {
        Scenario(
            id: id,
            title: "Close frame with a one-byte body",
            requirements: ["RFC6455-5.5.1-02"],
            needs: .nothing,
            autobahn: autobahn.map { number in
                AutobahnCase(
                    number,
                    expected: [AutobahnExpectation("OK", [])],
                    closedByTester: true,
                    closeCodes: [1002],
                    requiresCleanClose: false,
                    deadline: .kill(milliseconds: 1_000),
                    closesWhenComplete: false
                )
            },
            references: [KnownDefect("Peer", "owner/peer#1")],
            script: [.startClosingHandshake(body: .octets([0x61]))],
            conclusion: .awaitEnd,
            behaviour: [.conforms(.anything)],
            closing: [.conforms(.anything)]
        )
    }

    static let request = "GET / HTTP/1.1\r\nHost: 127.0.0.1:9001\r\nAuthorization: Basic c2VjcmV0\r\n\r\n"
    static let response = "HTTP/1.1 101 Switching Protocols\r\nDate: Sun, 22 Nov 2026 15:41:52 GMT\r\n\r\n"

    static func autobahn(_ behavior: String = "OK", _ behaviorClose: String = "WRONG CODE") -> AutobahnVerdict {
        var verdict = AutobahnVerdict(
            number: "7.3.2",
            behavior: behavior,
            behaviorClose: behaviorClose,
            expectedClose: .init(closedByMe: true, closeCode: [1002], requireClean: false)
        )
        verdict.closedByMe = true
        verdict.remoteCloseCode = 1000
        verdict.received = [["message", "hello", "true"], ["pong", "p"], ["timeout", "A"]]
        verdict.expected = ["OK": [], "NON-STRICT": verdict.received]
        verdict.httpRequest = request
        verdict.httpResponse = response
        verdict.rxOctetStats = [203: 1, 25: 2]
        verdict.txOctetStats = [241: 1]
        verdict.rxFrameStats = [8: 1]
        verdict.txFrameStats = [8: 1]
        return verdict
    }

    static let finding = Finding(
        rule: "closing",
        axis: .closing,
        verdict: .fail,
        requirement: "RFC6455-5.5.1-02",
        reason: "answered a malformed Close with 1000",
        evidence: [Evidence(.received, offset: 129, length: 4)],
        key: .malformedCloseTaken
    )

    /// What the answer to every handshake shows in passing.
    static let passing = Finding(
        rule: "handshake",
        axis: .behaviour,
        verdict: .fail,
        requirement: "RFC6455-5.5.1-02",
        reason: "the 101 has a Content-Length",
        evidence: [Evidence(.received, offset: 60, length: 1)],
        key: .handshake,
        kind: "response-content-length",
        passing: .handshake
    )

    static func judgement(autobahn: AutobahnVerdict? = autobahn()) -> Judgement {
        Judgement(
            verdict: .fail,
            behaviour: .pass,
            closing: .fail,
            reason: finding.reason,
            findings: [finding, passing],
            parts: [.connection, .handshake],
            closeCode: 1_000,
            durationNanoseconds: 1_400_499,
            wireLines: [
                WireLine("> GET / HTTP/1.1", evidence: Evidence(.sent, offset: 0, length: 200)),
                WireLine("> Cookie: id=1"),
                WireLine("< close FIN 2 octets 1000", evidence: Evidence(.received, offset: 129, length: 4)),
            ],
            autobahn: autobahn,
            target: target
        )
    }

    /// Everything that can be seen of a target's process.
    static var target: TargetRecord {
        var target = TargetRecord()
        target.exitStatus = 3
        target.signal = "SIGSEGV"
        target.sanitizer = "AddressSanitizer: SEGV"
        target.residentOctetsBefore = 1
        target.residentOctetsPeak = 2
        target.processorSeconds = 0.25
        return target
    }

    static func judged(_ scenario: Scenario = scenario(), _ judgement: Judgement = judgement()) -> JudgedScenario {
        JudgedScenario(
            scenario: scenario,
            judgement: judgement,
            started: "2026-11-22T15:41:52.183Z",
            autobahnOrdinal: 217,
            transcriptPath: "transcripts/\(scenario.id).ndjson"
        )
    }

    static func report(
        _ builder: ReportBuilder,
        url: String = "ws://127.0.0.1:9001",
        startedAt: Int64 = 1_795_362_069_913,
        footer: Report.Footer = Report.Footer(complete: true)
    ) -> Report {
        builder.report(
            tool: Report.Tool(version: "0.1.0"),
            roleUnderTest: .server,
            peer: Report.Peer(name: "Python/3.11 websockets/17.4", url: url),
            run: Report.Run(
                startedAtMilliseconds: startedAt,
                durationSeconds: 1.93456,
                supervised: Report.Supervised(
                    command: ["./server", "--port", "9001"],
                    starts: 2,
                    endings: ["signal SIGSEGV"],
                    sanitizerReports: ["AddressSanitizer: SEGV"],
                    peakResidentOctets: 41_000_000,
                    processorSeconds: 1.2345
                )
            ),
            footer: footer
        )
    }

    /// A report with a failure that Autobahn knows, a skipped case and one that it does not know.
    static var mixed: Report {
        var builder = builder()
        builder.add(judged())
        builder.add(JudgedScenario(scenario: scenario("ping/b", autobahn: nil), judgement: .unjudged(.skipped, "why")))
        builder.add(judged(scenario("ping/a", autobahn: nil), judgement(autobahn: nil)))
        return report(builder)
    }
}
