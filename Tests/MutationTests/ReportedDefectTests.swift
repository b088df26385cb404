import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario

/// Defects that were reported in public, each seen where it was once overlooked, with the grade that the text gives it.
@Suite struct ReportedDefectTests {
    private func server(_ id: String, _ defects: ModelDefect...) throws -> Judgement {
        try InMemoryRun.judge(try #require(Catalogue.scenario(id), "\(id)"), defects: Set(defects))
    }

    private func client(_ id: String, _ defect: InMemoryClientRun.Defect) throws -> Judgement {
        try InMemoryClientRun.judge(try #require(Catalogue.scenario(id), "\(id)"), defect)
    }

    @Test func `the same octets have the same grade, however they are cut`() throws {
        let whole = try server("closing/one-byte-payload", .acceptsOneByteClose)
        let cut = try server("closing/one-byte-payload-split", .acceptsOneByteClose)
        #expect(whole.verdict == .tolerated)
        #expect(whole.findings.map(\.reason) == cut.findings.map(\.reason))
        #expect(whole.findings.map(\.requirement) == cut.findings.map(\.requirement))
    }

    @Test(arguments: [
        ("reserved-bits/rsv2-close", ModelDefect.swallowsRSV), ("closing/not-final", .swallowsFragmentedControl),
        ("closing/reason-of-124-octets", .swallowsOversizedControl), ("masking/unmasked-close", .swallowsUnmasked),
        ("closing/one-byte-payload", .acceptsOneByteClose),
    ])
    func `a malformed Close frame that is answered as an ordinary one is tolerated`(
        id: String,
        defect: ModelDefect
    ) throws {
        let judgement = try server(id, defect)
        #expect(judgement.verdict == .tolerated, "\(judgement.reason)")
        #expect(try server(id, defect, .ignoresClose).verdict == .fail)
    }

    @Test(arguments: [
        "text-inside-text", "text-inside-binary", "binary-inside-text", "binary-inside-binary", "first-fragment-twice",
    ])
    func `a message that is forgotten at a control frame inside it is seen only behind one`(slug: String) throws {
        for control in ["ping", "pong"] {
            let judgement = try server("fragmentation/\(slug)-behind-\(control)", .joinsMessagesBehindControl)
            #expect(judgement.verdict == .fail)
            #expect(
                try client("fragmentation/\(slug)-behind-\(control)", .shared(.joinsMessagesBehindControl)).verdict
                    == .fail
            )
        }
        #expect(try server("fragmentation/\(slug)", .joinsMessagesBehindControl).verdict == .pass)
    }

    @Test(arguments: ["1-of-2-octets", "1-of-3-octets", "2-of-3-octets", "1-of-4-octets", "a-lone-continuation"])
    func `a close reason that grows when it is mended does not fit its frame`(cut: String) throws {
        for judgement in [
            try server("closing/reason/123-octets-ending-in-\(cut)", .mendsCloseReasons),
            try client("closing/reason/123-octets-ending-in-\(cut)", .shared(.mendsCloseReasons)),
        ] {
            #expect(judgement.findings.contains { $0.verdict == .fail && $0.requirement == "RFC6455-5.5-01" })
        }
        #expect(
            try server("closing/reason/123-octets-ending-in-\(cut)", .acceptsInvalidCloseReason).verdict == .tolerated
        )
    }

    @Test(arguments: [
        "closing/client-hears-ping-and-text-behind-its-close",
        "closing/client-hears-fragments-around-a-ping-behind-its-close",
    ])
    func `a client sends no message behind its own Close frame, and ends TCP`(id: String) throws {
        let scenario = try #require(Catalogue.scenario(id))
        #expect(try InMemoryClientRun.judge(scenario).verdict == .pass)
        let echoing = try client(id, .own(.echoesBehindItsClose))
        #expect(echoing.verdict == .fail)
        #expect(echoing.findings.first?.requirement == "RFC6455-5.5.1-06")
        let open = try client(id, .shared(.neverClosesTCP))
        #expect(open.findings.contains { $0.verdict == .fail && $0.requirement == "RFC6455-5.5.1-11" })
        let silent = try client(id, .shared(.neverPongs))
        #expect(silent.verdict == .informational, "\(silent.reason)")
    }

    @Test func `what comes behind the Close frame of a peer that has failed the connection is not answered`() throws {
        let id = "closing/ping-and-text-behind-its-close"
        #expect(try server(id).verdict == .pass)
        #expect(try server(id, .processesAfterFailure).verdict == .fail)
        #expect(try client(id, .shared(.processesAfterFailure)).verdict == .fail)
    }

    @Test(arguments: [
        "ping/unsolicited-pong", "ping/1000-unsolicited-pongs", "fragmentation/pong-inside-message",
    ])
    func `a Pong that is answered with a Pong is tolerated`(id: String) throws {
        for judgement in [try server(id, .answersPong), try client(id, .shared(.answersPong))] {
            #expect(judgement.verdict == .tolerated)
            #expect(judgement.findings.map(\.rule) == ["answered-pong"])
        }
    }

    @Test func `an empty Pong behind an empty Pong may be a heartbeat`() throws {
        #expect(try server("ping/unsolicited-empty-pong", .answersPong).verdict == .informational)
    }

    @Test func `a 101 without the 100 that the client waits for fails, and without content it is tolerated`() throws {
        let withheld = try server("handshake/request/expect-100-continue-with-content-withheld", .omitsContinue)
        #expect(withheld.findings.contains { $0.verdict == .fail && $0.requirement == "RFC9110-7.8-08" })
        let without = try server("handshake/request/expect-100-continue-without-content", .omitsContinue)
        #expect(without.verdict == .tolerated)
        #expect(without.findings.map(\.requirement) == ["RFC9110-7.8-08"])
        let sent = try server("handshake/request/expect-100-continue-with-content", .omitsContinue)
        #expect(!sent.findings.contains { $0.requirement == "RFC9110-7.8-08" })
    }

    @Test(arguments: ["semicolon", "two-words", "open-quote", "quoted-space", "octet-above-ascii"])
    func `extensions outside their grammar have one grade for both sides`(slug: String) throws {
        let server = try server("extension/malformed-\(slug)", .acceptsMalformedExtensions)
        let client = try client("extension/answered-\(slug)", .own(.acceptsUnaskedExtension))
        #expect(server.verdict == .fail && client.verdict == .fail)
        #expect(server.findings.first?.requirement == "RFC6455-9.1-01")
        #expect(client.findings.first?.requirement == "RFC6455-9.1-01")
    }

    @Test(arguments: [
        "subprotocol/offer-of-two", "subprotocol/offer-of-unknown", "subprotocol/on-two-lines",
        "subprotocol/in-capitals", "subprotocol/without-spaces", "subprotocol/repeated-name",
        "subprotocol/with-empty-elements", "defect/subprotocol-and-declined-extension",
    ])
    func `an application may refuse subprotocols with a Close frame behind the 101`(id: String) throws {
        let judgement = try server(id, .closesOverSubprotocols)
        #expect(judgement.verdict == .informational, "\(judgement.reason)")
        #expect(judgement.reason.contains("4001") && judgement.reason.contains("chat.v2 only"))
    }

    @Test func `what the control was accepted with is not refused by policy`() throws {
        let scenario = try #require(Catalogue.scenario("subprotocol/offer-of-two"))
        var settings = ConversationSettings(target: try TargetURL("ws://127.0.0.1:9001"))
        settings.subprotocols = ["chat", "superchat"]
        var link = InMemoryLink(
            client: ConversationMachine(scenario: scenario, settings: settings),
            server: ModelServer(ModelServerSettings(defects: [.closesOverSubprotocols]))
        )
        link.run()
        #expect(Judge.judge(scenario, link.client.transcript).verdict == .fail)
    }

    @Test func `a Pong may come before an echo, so that it is the echo that is missing`() throws {
        let reason = try server("ping/during-unread-echo", .dropsEcho).reason
        #expect(reason.hasPrefix("the echo of the binary message of 1048576 octets did not come"), "\(reason)")
    }

    @Test
    func `what is wrong with a 101 is told in words that anybody knows`() async {
        await Sweep.each(of: [
            ModelDefect.subprotocolList, .repeatedSubprotocol, .unaskedSubprotocol, .emptySubprotocol,
            .unofferedExtension,
            .emptyExtension, .malformedExtension, .contentLengthInAnswer, .repeatedAccept, .wrongConnectionField,
            .wrongUpgradeField, .http2Answer,
        ]) { defect in
            let judgement = try server("ping/empty", defect)
            #expect(judgement.findings.contains { $0.verdict == .fail })
            for finding in judgement.findings { #expect(finding.reason.ownWords == [], "\(finding.reason)") }
        }
    }
}
