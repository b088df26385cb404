import Testing
import WSJudge
import WSLimits
import WSReport
import WSScenario

@Suite("Building a report")
struct ReportBuilderTests {
    private func entry(_ judged: JudgedScenario = Samples.judged(), _ profile: Profile = .rfc) -> Report.Case? {
        var builder = Samples.builder(profile)
        builder.add(judged)
        return Samples.report(builder).cases.first
    }

    @Test("A case carries what the judge said")
    func carries() throws {
        let entry = try #require(self.entry())
        #expect(entry.verdict == .fail)
        #expect(entry.behaviour == .pass)
        #expect(entry.closing == .fail)
        #expect(entry.aliases == ["autobahn": "7.3.2"])
        #expect(entry.evidence == Samples.finding.evidence)
        #expect(entry.durationMilliseconds == 1.4)
        #expect(entry.autobahn?.ordinal == 217)
        #expect(entry.autobahn?.duration == 1)
        #expect(entry.autobahn?.started == "2026-11-22T15:41:52.183Z")
        #expect(entry.transcript == "transcripts/closing/one-byte-payload.ndjson")
    }

    @Test("The requirements are the scenario's, then those of findings, each once")
    func requirements() throws {
        var judgement = Samples.judgement()
        var other = Samples.finding
        other.requirement = "RFC6455-7.1.7-01"
        judgement.findings = [other, Samples.finding]
        let entry = try #require(self.entry(Samples.judged(Samples.scenario(), judgement)))
        #expect(entry.requirements.map(\.id) == ["RFC6455-5.5.1-02", "RFC6455-7.1.7-01"])
        #expect(entry.decisiveRequirement?.citation == "RFC 6455 §7.1.7 SHOULD")
    }

    @Test("With a client under test the requirements are those that bind clients")
    func requirementsOfClients() throws {
        var judged = Samples.judged()
        judged.scenario.requirements = ["RFC6455-5.5.1-02", "RFC6455-7.1.7-02"]
        judged.judgement.findings = []
        var builder = ReportBuilder(options: Samples.options, testsClients: true) { id in
            Samples.references.first { $0.id == id }
        }
        builder.add(judged)
        let entry = try #require(Samples.report(builder).cases.first)
        #expect(entry.requirements.map(\.id) == ["RFC6455-5.5.1-02", "RFC6455-7.1.7-01"])
    }

    @Test("A line has the first of its octets, and none in which a credential stands")
    func octets() {
        let request = Array("GET / HTTP/1.1\r\nX-Token: s3cr3t-value\r\n\r\n".utf8)
        func wire(_ credentials: WSReport.Credentials) -> [Report.WireLine] {
            var judgement = Samples.judgement()
            judgement.wireLines = [
                WireLine("> GET / HTTP/1.1", evidence: Evidence(.sent, offset: 0, length: UInt64(request.count))),
                WireLine("> X-Token: s3cr3t-value"),
                WireLine("< text FIN 400 octets", evidence: Evidence(.received, offset: 129, length: 404)),
            ]
            var builder = ReportBuilder(options: Samples.options, credentials: credentials) { _ in nil }
            builder.add(
                JudgedScenario(scenario: Samples.scenario(), judgement: judgement) { evidence in
                    evidence.direction == .sent ? request : Array(repeating: 0x61, count: 404)
                }
            )
            return builder.entry(of: Samples.scenario().id)?.wire ?? []
        }
        let digits = request.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let text = Report.WireLine("< text FIN 400 octets", offset: 129, hex: String(repeating: "61", count: 256))
        #expect(
            wire(.none) == [
                Report.WireLine("> GET / HTTP/1.1", offset: 0, hex: digits), "> X-Token: s3cr3t-value", text,
            ]
        )
        let told = WSReport.Credentials(fields: [(name: "X-Token", value: "s3cr3t-value")], resourceName: "/")
        #expect(wire(told) == [Report.WireLine("> GET / HTTP/1.1", offset: 0), "> X-Token: ***", text])
        // One that goes on behind the octets that are shown has its beginning among them.
        let long = String(repeating: "a", count: 300) + "1"
        #expect(wire(WSReport.Credentials(fields: [(name: "X-Token", value: long)], resourceName: "/"))[2].hex == nil)
    }

    @Test("A line has no octets if a frame header divides the credential in them")
    func dividedOctets() throws {
        var judgement = Samples.judgement()
        judgement.wireLines = [
            WireLine(
                "< text message in 2 frames, 12 octets \"s3cr3t-value\"",
                evidence: Evidence(.received, offset: 129, length: 16)
            )
        ]
        let told = WSReport.Credentials(fields: [(name: "X-Token", value: "s3cr3t-value")], resourceName: "/")
        var builder = ReportBuilder(options: Samples.options, credentials: told) { _ in nil }
        builder.add(
            JudgedScenario(scenario: Samples.scenario(), judgement: judgement) { _ in
                [0x01, 6] + Array("s3cr3t".utf8) + [0x80, 6] + Array("-value".utf8)
            }
        )
        let line = Report.WireLine("< text message in 2 frames, 12 octets \"***\"", offset: 129)
        #expect(builder.entry(of: Samples.scenario().id)?.wire == [line])
    }

    @Test("The requirements of cases, findings and known defects stand in a table, with what they say")
    func requirementTable() {
        var builder = ReportBuilder(
            options: Samples.options,
            statement: { Report.Statement(sentence: "What \($0) says.", impact: .security, impactReason: "Why.") },
            reference: { id in RequirementReference(id: id, source: "RFC 6455", section: "5.5.1", level: "MUST") }
        )
        builder.add(JudgedScenario(scenario: Samples.scenario(), judgement: Samples.judgement()))
        let report = Samples.report(builder)
        #expect(report.requirements.keys.sorted() == ["RFC6455-5.5.1-02"])
        #expect(report.requirements["RFC6455-5.5.1-02"]?.sentence == "What RFC6455-5.5.1-02 says.")
        #expect(report.requirements["RFC6455-5.5.1-02"]?.impactReason == "Why.")
        #expect(report.causes.map(\.impact) == [.security])
    }

    @Test("Secrets stay out of wire lines and message heads")
    func secrets() throws {
        let entry = try #require(self.entry())
        #expect(entry.wire[1].text == "> Cookie: ***")
        #expect(entry.autobahn?.httpRequest == "GET / HTTP/1.1\r\nHost: 127.0.0.1:9001\r\nAuthorization: ***\r\n\r\n")
    }

    @Test("Phase and purpose of a case are told where they are not the usual ones")
    func phaseAndPurpose() throws {
        func entry(_ phase: Scenario.Phase, _ purpose: Scenario.Purpose) throws -> Report.Case {
            var scenario = Samples.scenario()
            scenario.phase = phase
            scenario.purpose = purpose
            var builder = Samples.builder()
            builder.add(JudgedScenario(scenario: scenario, judgement: Samples.judgement()))
            return try #require(Samples.report(builder).cases.first)
        }
        let usual = try entry(.ordinary, .conformance)
        #expect(usual.phase == nil && usual.purpose == nil)
        let other = try entry(.load, .regression)
        #expect(other.phase == .load && other.isLoad && other.purpose == .regression)
    }

    @Test("A later result of the same scenario replaces the earlier one")
    func replaced() {
        var builder = Samples.builder()
        builder.add(Samples.judged())
        builder.add(JudgedScenario(scenario: Samples.scenario(), judgement: .unjudged(.inconclusive, "suspect")))
        let report = Samples.report(builder)
        #expect(report.summary.total == 1)
        #expect(report.summary.inconclusive == 1)
        #expect(report.cases[0].transcript == nil)
    }

    @Test("What a hostile peer sends does not swell the report")
    func bounds() throws {
        var judgement = Samples.judgement()
        judgement.findings = Array(repeating: Samples.finding, count: 1_000)
        judgement.findings[0].evidence = Array(repeating: Evidence(.received, offset: 0, length: 1), count: 1_000)
        judgement.autobahn?.received = Array(repeating: ["pong", ""], count: 1_000)
        judgement.autobahn?.httpResponse = String(repeating: "x", count: 1_000_000)
        let entry = try #require(self.entry(Samples.judged(Samples.scenario(), judgement)))
        #expect(entry.findings.count == Limits.findings.value)
        #expect(entry.evidence.count == Limits.evidence.value)
        #expect(entry.autobahn?.received.count == Limits.autobahnEvents.value)
        #expect(entry.autobahn?.httpResponse.utf8.count == Limits.autobahnHead.value + 4)
    }

    @Test("The topic is the first part of an id, or two parts of a handshake's")
    func topic() {
        let ids = ["utf8/a/b", "ping/a", "handshake/request/no-host", "handshake/other"]
        let cases = ids.map { Report.Case(id: $0, title: "", verdict: .pass, behaviour: .pass, closing: .pass) }
        #expect(cases.map(\.topic) == ["utf8", "ping", "handshake/request", "handshake"])
    }

    @Test(
        "With Autobahn's profile its words become the verdicts",
        arguments: [
            ("OK", "OK", Verdict.pass, Verdict.pass),
            ("NON-STRICT", "OK", .tolerated, .pass),
            ("INFORMATIONAL", "INFORMATIONAL", .informational, .informational),
            ("UNIMPLEMENTED", "UNIMPLEMENTED", .unimplemented, .unimplemented),
            ("FAILED", "OK", .fail, .pass),
            ("OK", "FAILED BY CLIENT", .pass, .pass),
            ("OK", "FAILED", .pass, .fail),
            ("OK", "WRONG CODE", .pass, .fail),
            ("OK", "UNCLEAN", .pass, .fail),
            ("?", "OK", .inconclusive, .pass),
        ]
    )
    func profile(behavior: String, behaviorClose: String, behaviour: Verdict, closing: Verdict) throws {
        let judgement = Samples.judgement(autobahn: Samples.autobahn(behavior, behaviorClose))
        let entry = try #require(self.entry(Samples.judged(Samples.scenario(), judgement), .autobahn))
        #expect(entry.behaviour == behaviour)
        #expect(entry.closing == closing)
        #expect(entry.verdict == max(behaviour, closing))
        #expect(entry.reason.isEmpty == (entry.verdict == .pass))
    }

    @Test(
        "The reason names what Autobahn complains of",
        arguments: [
            ("OK", "WRONG CODE", "Autobahn calls the close WRONG CODE: the close code should have been 1002 or empty"),
            ("NON-STRICT", "OK", "Autobahn calls the behaviour NON-STRICT: actual events match at least one expected"),
            (
                "FAILED", "WRONG CODE",
                "Autobahn calls the behaviour FAILED: the close code should have been 1002 or empty"
            ),
        ]
    )
    func profileReason(behavior: String, behaviorClose: String, reason: String) {
        let judgement = Samples.judgement(autobahn: Samples.autobahn(behavior, behaviorClose))
        #expect(entry(Samples.judged(Samples.scenario(), judgement), .autobahn)?.reason == reason)
    }

    @Test("With Autobahn's profile a case that it lacks, or that nothing is known of, keeps its verdict")
    func profileKeeps() {
        let unknown = Samples.judged(Samples.scenario(autobahn: nil), Samples.judgement(autobahn: nil))
        #expect(entry(unknown, .autobahn)?.verdict == .fail)
        var suspect = Samples.judgement(autobahn: Samples.autobahn("FAILED", "FAILED"))
        suspect.verdict = .inconclusive
        #expect(entry(Samples.judged(Samples.scenario(), suspect), .autobahn)?.verdict == .inconclusive)
    }
}
