import Foundation
import TestSupport
import Testing
import WSCatalogue
import WSHTTP2Link
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

@Suite("Cases on a stream of HTTP/2")
struct StreamCaseTests {
    /// Plays a scenario with the model server on a stream in memory.
    static func play(
        _ scenario: Scenario,
        _ defects: Set<ModelDefect> = [],
        change: (inout ConversationSettings) -> Void = { _ in }
    ) throws -> ConversationMachine {
        var settings = ConversationSettings(target: try TargetURL("h2c+ws://127.0.0.1:9001/chat?room=1"))
        settings.isOnStream = true
        change(&settings)
        let server = ModelServerSettings(subprotocols: ["chat"], maximumMessageLength: 16 << 20, defects: defects)
        var link = InMemoryLink(
            client: HTTP2Link(
                client: [ConversationMachine(scenario: scenario, settings: settings)],
                .client(settingsLimit: .seconds(5))
            ),
            server: HTTP2Link { _ in ModelServer(server) }
        )
        link.run()
        #expect(link.client.violations.isEmpty && link.server.violations.isEmpty)
        return try #require(link.client.machines.first as? ConversationMachine)
    }

    /// The verdict and what it rests on.
    static func judge(_ machine: ConversationMachine) -> Judgement { Judge.judge(machine.scenario, machine.transcript) }

    /// The scenarios that make sense on a stream, without those of many megabytes.
    static let scenarios = Catalogue.all.filter { scenario in
        scenario.targets.contains(.server) && scenario.transports.contains(.http2) && !scenario.isLoad
            && scenario.connections == 1 && scenario.stream == nil
    }

    @Test func `Every ordinary case has on a stream the verdict that it has on TCP`() async throws {
        #expect(Self.scenarios.count > 500)
        await Sweep.each(of: Self.scenarios) { scenario in
            let onStream = Self.judge(try Self.play(scenario))
            var link = InMemoryLink(
                client: ConversationMachine(
                    scenario: scenario,
                    settings: ConversationSettings(target: try TargetURL("ws://127.0.0.1:9001/chat?room=1"))
                ),
                server: ModelServer(ModelServerSettings(subprotocols: ["chat"], maximumMessageLength: 16 << 20))
            )
            link.run()
            let onTCP = Self.judge(link.client)
            #expect(onStream.behaviour == onTCP.behaviour && onStream.closing == onTCP.closing)
            #expect(onStream.findings.map(\.reason) == onTCP.findings.map(\.reason))
        }
    }

    @Test func `The record of a stream has its field lines, and no head of HTTP/1.1`() throws {
        let machine = try Self.play(Catalogue.Controls.echo) { settings in
            settings.subprotocols = ["chat"]
            settings.origin = "https://example.com"
        }
        var sent: TranscriptFields?
        var received: TranscriptFields?
        for event in machine.transcript.events {
            if case .mark(.fieldsSent(let fields)) = event.kind { sent = fields }
            if case .mark(.fieldsReceived(let fields)) = event.kind { received = fields }
        }
        let request = try #require(sent)
        #expect(request.values(of: ":method") == ["CONNECT"] && request.values(of: ":protocol") == ["websocket"])
        #expect(request.values(of: ":scheme") == ["http"] && request.values(of: ":path") == ["/chat?room=1"])
        #expect(request.values(of: ":authority") == ["127.0.0.1:9001"])
        #expect(request.values(of: "origin") == ["https://example.com"])
        #expect(request.values(of: "sec-websocket-version") == ["13"])
        let lines = request.lines.map(\.name)
        #expect(!lines.contains("sec-websocket-key") && !lines.contains("upgrade") && !lines.contains("connection"))
        #expect(received?.status == 200 && received?.values(of: "sec-websocket-protocol") == ["chat"])
        #expect(received?.endsStream == false)
        #expect(machine.facts.server?.hasPrefix("wsconform/") == true)
        let octets = TranscriptText.encode(machine.transcript)
        #expect(!String(decoding: octets, as: UTF8.self).contains("HTTP/1.1"))
        let read = try TranscriptText.decode(Data(octets))
        #expect(read.events == machine.transcript.events)
    }

    @Test func `Compression is agreed on over a stream`() throws {
        let compressed = try #require(Self.scenarios.first { $0.compression != nil })
        let machine = try Self.play(compressed)
        #expect(!machine.facts.lacksCompression)
        #expect(Self.judge(machine).verdict == .pass)
    }

    @Test func `A stream that stays open after the closing handshake fails, and END_STREAM is cited`() throws {
        let judgement = Self.judge(try Self.play(Catalogue.Controls.echo, [.neverClosesTCP]))
        let finding = try #require(judgement.findings.first { $0.requirement == "RFC8441-5-14" })
        #expect(finding.verdict == .fail)
        #expect(finding.reason == "left the stream open after Close frames had gone both ways")
    }

    @Test func `A refusal is told with its status`() throws {
        let machine = try Self.play(Catalogue.Controls.echo, [.requiresOrigin])
        #expect(machine.facts.statusCode == 400 && machine.facts.failure == .refused)
        let judgement = Self.judge(machine)
        #expect(judgement.verdict == .inconclusive)
        let reason = "answered a valid Extended CONNECT with 400 instead of 200"
        #expect(judgement.findings.map(\.reason).contains(reason))
    }
}
