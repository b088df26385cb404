import PeerTestSupport
import Synchronization
import TestSupport
import Testing
import WSCatalogue
import WSHTTP2
import WSHTTP2Link
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

@Suite("Cases of clients on a stream of HTTP/2")
struct ClientStreamTests {
    /// The scenarios that make sense on a stream, without those of many megabytes.
    static let scenarios = Catalogue.all.filter { scenario in
        scenario.targets.contains(.client) && scenario.transports.contains(.http2) && !scenario.isLoad
            && scenario.stream == nil && scenario.supervision == nil
    }

    static func judge(_ machine: ConversationMachine) -> Judgement { Judge.judge(machine.scenario, machine.transcript) }

    @Test func `Every ordinary case has on a stream the verdict that it has on TCP`() async throws {
        #expect(Self.scenarios.count > 500)
        await Sweep.each(of: Self.scenarios) { scenario in
            guard let settings = ModelClientSettings(playing: scenario) else { return }
            let onStream = Self.judge(try #require(try StreamOfClient.play(scenario)))
            var link = InMemoryLink(
                client: ModelClient(settings),
                server: ConversationMachine(
                    scenario: scenario,
                    settings: ConversationSettings(role: .server, target: try TargetURL("ws://127.0.0.1:9001"))
                )
            )
            link.run()
            let onTCP = Self.judge(link.server)
            #expect(
                onStream.behaviour == onTCP.behaviour && onStream.closing == onTCP.closing,
                "\(onStream.reason)\n\(onStream.wire)"
            )
            #expect(onStream.findings.map(\.reason) == onTCP.findings.map(\.reason))
            #expect((onStream.isOnStream, onTCP.isOnStream) == (true, nil))
        }
    }

    @Test func `Every scenario about HTTP/2 says nothing against a correct client`() async {
        let scenarios = Catalogue.all.filter { $0.stream != nil && $0.targets.contains(.client) }
        #expect(scenarios.count > 35)
        await Sweep.each(of: scenarios) { scenario in
            // A client stays away from a server whose SETTINGS do not take it.
            guard let machine = try StreamOfClient.play(scenario) else {
                #expect(scenario.mayStayAway)
                return
            }
            let judgement = Self.judge(machine)
            #expect(judgement.gravest <= .informational, "\(judgement.reason)\n\(judgement.wire)")
        }
    }

    @Test func `The record of a client's stream has its field lines, and the octets of the connection`() throws {
        let machine = try #require(try StreamOfClient.play(Catalogue.Controls.echo))
        var sent: TranscriptFields?
        var received: TranscriptFields?
        var kinds: [String] = []
        for event in machine.transcript.events {
            switch event.kind {
            case .mark(.fieldsSent(let fields)): sent = fields
            case .mark(.fieldsReceived(let fields)): received = fields
            case .carrierSent: kinds.append("sent")
            case .carrierReceived: kinds.append("received")
            case .carrierEnded: kinds.append("ended")
            default: break
            }
        }
        let request = try #require(received)
        #expect(request.values(of: ":method") == ["CONNECT"] && request.values(of: ":protocol") == ["websocket"])
        #expect(request.values(of: ":path") == ["/runCase?case=1"] && request.values(of: ":scheme") == ["http"])
        #expect(!request.lines.map(\.name).contains("sec-websocket-key"))
        #expect(sent?.status == 200 && sent?.endsStream == false)
        #expect(kinds.first == "sent" && kinds.contains("received"))
        #expect(machine.facts.userAgent?.hasPrefix("wsconform/") == true && machine.facts.offersCompression == true)
        let judgement = Self.judge(machine)
        #expect(judgement.verdict == .pass && judgement.parts.contains(.carrier), "\(judgement.reason)")
        #expect(judgement.wire.contains("< HEADERS CONNECT websocket") && judgement.wire.contains("> HEADERS 200"))
    }

    @Test(arguments: [1, 7]) func `It does not matter how the octets of a connection are cut`(length: Int) throws {
        let machine = try #require(try StreamOfClient.play(Catalogue.Controls.echo, chunkLength: length))
        #expect(Self.judge(machine).verdict == .pass)
    }

    @Test func `A first frame that reads like a method of HTTP is a frame`() throws {
        // The first octet of a compressed text or binary message that is cut is A or B.
        let scenario = try #require(Self.scenarios.first { $0.compression != nil && $0.needs == .echo })
        let judgement = Self.judge(try #require(try StreamOfClient.play(scenario, defects: [.fragmentsEcho])))
        #expect(judgement.verdict == .pass, "\(judgement.reason)\n\(judgement.wire)")
    }

    @Test func `Several streams of a connection have records of their own, with what was there before them`() throws {
        var settings = ConversationSettings(role: .server, target: try TargetURL("ws://127.0.0.1:9001"))
        settings.isOnStream = true
        let scenario = Catalogue.Controls.echo
        let machine = ConversationMachine(scenario: scenario, settings: settings)
        var client = try #require(ModelClientSettings(playing: scenario))
        client.isOnStream = true
        let kept = KeptConversation.Box()
        var link = InMemoryLink(
            client: HTTP2Link(client: (0..<5).map { _ in ModelClient(client) }, .client(client)),
            server: HTTP2Link(.server(testing: .seconds(5))) { _ in KeptConversation(machine, kept) }
        )
        link.run()
        let machines = kept.all.withLock { $0 }
        #expect(machines.map(\.transcript.header.stream) == [nil, 3, 5, 7, 9])
        for machine in machines {
            let judgement = Self.judge(machine)
            #expect(judgement.verdict == .pass && judgement.findings.isEmpty, "\(judgement.reason)")
            // Each record can be read from the preface on.
            let first = machine.transcript.events.compactMap { event in
                if case .carrierReceived(0, let parts) = event.kind { parts.first } else { nil }
            }
            guard case .octets(let octets)? = first.first else { throw Unfit() }
            #expect(octets.starts(with: HTTP2Link.clientPreface))
        }
    }

    @Test func `What was on a connection is kept for later streams up to a limit, and they go on without it`() throws {
        var settings = ConversationSettings(role: .server, target: try TargetURL("ws://127.0.0.1:9001"))
        settings.isOnStream = true
        // It asks behind the end of its stream whether the connection lives.
        let scenario = try #require(Catalogue.scenario("http2/end/close"))
        let machine = ConversationMachine(scenario: scenario, settings: settings)
        var client = try #require(ModelClientSettings(playing: scenario))
        client.isOnStream = true
        let kept = KeptConversation.Box()
        var link = InMemoryLink(
            client: HTTP2Link(client: (0..<900).map { _ in ModelClient(client) }, .client(client)),
            server: HTTP2Link(.server(testing: .seconds(5))) { _ in KeptConversation(machine, kept) }
        )
        link.run()
        let judgements = kept.all.withLock { $0 }.map { Self.judge($0) }
        #expect(judgements.count == 900 && judgements.allSatisfy { $0.verdict == .pass && $0.findings.isEmpty })
        #expect(judgements.first?.parts.contains(.carrier) == true)
        #expect(judgements.last?.parts.contains(.carrier) == false && judgements.last?.isOnStream == true)
    }

    private struct Unfit: Error {}
}
