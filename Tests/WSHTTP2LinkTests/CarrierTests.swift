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

/// What a record has of the connection that carries its stream, and what a scenario makes of it.
@Suite("The connection around a stream")
struct CarrierTests {
    /// A scenario played in memory, with the octets that went each way.
    struct Play {
        var machine: ConversationMachine
        var sent: [UInt8]
        var received: [UInt8]
        var judgement: Judgement { Judge.judge(machine.scenario, machine.transcript) }
    }

    static func play(_ scenario: Scenario, _ defects: Set<ModelDefect> = [], chunkLength: Int = 65_536) throws -> Play {
        var settings = ConversationSettings(target: try TargetURL("h2c+ws://127.0.0.1:9001"))
        settings.isOnStream = true
        var link = InMemoryLink(
            client: HTTP2Link(
                client: [ConversationMachine(scenario: scenario, settings: settings)],
                .client(settingsLimit: .seconds(5))
            ),
            server: HTTP2Link(serving: ModelServerSettings(defects: defects)),
            chunkLength: chunkLength
        )
        link.run()
        let machine = try #require(link.client.machines.first as? ConversationMachine)
        return Play(machine: machine, sent: link.sentByClient, received: link.sentByServer)
    }

    /// The octets of a direction as a record has them, with zeros for what DATA carry.
    static func octets(_ machine: ConversationMachine, isSent: Bool) -> [UInt8] {
        machine.transcript.events.reduce(into: []) { octets, event in
            let parts: [CarrierPart]
            switch event.kind {
            case .carrierSent(_, let sent) where isSent: parts = sent
            case .carrierReceived(_, let received) where !isSent: parts = received
            default: return
            }
            for part in parts {
                switch part {
                case .octets(let literal): octets += literal
                case .data(let count): octets += [UInt8](repeating: 0, count: count)
                }
            }
        }
    }

    /// The octets with zeros in place of what DATA carry.
    static func withoutContent(_ octets: [UInt8], from sender: HTTP2Role) -> [UInt8] {
        var blank = octets
        var observer = HTTP2Observer(role: sender)
        var position = 0
        while let event = observer.next(in: octets.span, at: &position, .sent) {
            if case .data(_, let chunk) = event { for index in chunk { blank[index] = 0 } }
        }
        return blank
    }

    @Test(arguments: [1, 7, 65_536])
    func `A record has every octet of the connection but what DATA carry, however it is cut`(length: Int) throws {
        let scenario = try #require(Catalogue.scenario("http2/data/padded"))
        let play = try Self.play(scenario, chunkLength: length)
        #expect(Self.octets(play.machine, isSent: true) == Self.withoutContent(play.sent, from: .client))
        #expect(Self.octets(play.machine, isSent: false) == Self.withoutContent(play.received, from: .server))
        #expect(play.judgement.verdict == .pass, "\(play.judgement.reason)")
    }

    @Test func `Behind the end of its stream a scenario sends frames and asks whether the connection lives`() throws {
        let scenario = try #require(Catalogue.scenario("http2/end/window-update-afterwards"))
        let play = try Self.play(scenario)
        let kinds = play.machine.transcript.events.map(\.kind)
        let end = try #require(kinds.firstIndex(of: .ended(.finished)))
        let behind = kinds[end...].compactMap { kind in
            if case .carrierReceived = kind { true } else { nil }
        }
        // A PING is answered before the frame and one behind it.
        #expect(behind == [true, true] && kinds.last == .carrierEnded(.closedHere))
        let wire = play.judgement.wire
        #expect(wire.contains("> WINDOW_UPDATE on stream 1 +1") && wire.contains("< PING ACK"), "\(wire)")
        let dead = try Self.play(scenario, [.rejectsFramesOnClosedStreams]).judgement
        #expect(dead.verdict == .fail)
        #expect(dead.reason.hasPrefix("ended the whole connection with STREAM_CLOSED"), "\(dead.reason)")
    }

    @Test(arguments: ["http2/error/headers", "http2/error/window-overflow", "http2/error/window-update-zero"])
    func `A server that has to fail the stream is given the time to do so before a Close frame goes out`(
        name: String
    ) throws {
        let scenario = try #require(Catalogue.scenario(name))
        let right = try Self.play(scenario)
        #expect(right.judgement.verdict == .pass, "\(right.judgement.reason)")
        #expect(!right.judgement.wire.contains { $0.hasPrefix("> close") }, "\(right.judgement.wire)")
        let wrong = try Self.play(scenario, [.acceptsMalformedStreams])
        #expect(wrong.judgement.verdict == .fail)
        #expect(wrong.judgement.wire.contains { $0.hasPrefix("> ping") }, "\(wrong.judgement.wire)")
    }

    @Test func `WebSockets beside the recorded one are streams of the same connection`() throws {
        let scenario = try #require(Catalogue.scenario("http2/beside/10-websockets"))
        let play = try Self.play(scenario)
        #expect(play.judgement.verdict == .pass, "\(play.judgement.reason)")
        var observer = HTTP2Observer(role: .client)
        var position = 0
        while observer.next(in: play.sent.span, at: &position, .sent) != nil {}
        #expect(observer.highestStreamID(openedBy: .sent) == 19)
        let one = try Self.play(scenario, [.servesOneStream]).judgement
        #expect(one.verdict == .fail && one.reason.contains("accepted 1 of 10 WebSockets"), "\(one.reason)")
    }

    @Test func `One stream more than the server takes at a time is refused, and the others live`() throws {
        let scenario = try #require(Catalogue.scenario("http2/beside/one-too-many"))
        let play = try Self.play(scenario)
        #expect(play.judgement.verdict == .pass, "\(play.judgement.reason)")
        #expect(play.machine.facts.mostStreams == 128)
        var observer = HTTP2Observer(role: .client)
        var position = 0
        while observer.next(in: play.sent.span, at: &position, .sent) != nil {}
        #expect(observer.highestStreamID(openedBy: .sent) == 257)
        let served = try Self.play(scenario, [.overlooksStreamLimit]).judgement
        #expect(served.verdict == .fail, "\(served.reason)")
        #expect(served.reason.hasPrefix("served a stream beyond its own MAX_CONCURRENT_STREAMS"))
    }

    @Test func `A PING that is not answered ends in time, and is held against the server`() throws {
        let scenario = try #require(Catalogue.scenario("http2/between/ping"))
        let judgement = try Self.play(scenario, [.leavesPingFramesUnanswered]).judgement
        #expect(judgement.verdict == .fail && judgement.reason == "left a PING frame unanswered")
    }

    @Test func `A window is not given back where the script alone does that`() throws {
        let scenario = try #require(Catalogue.scenario("http2/window/lowered"))
        let play = try Self.play(scenario)
        #expect(play.judgement.verdict == .pass, "\(play.judgement.reason)")
        let updates = play.judgement.wire.filter { $0.hasPrefix("> WINDOW_UPDATE on stream 1") }
        #expect(updates == ["> WINDOW_UPDATE on stream 1 +200000"])
    }

    @Test func `Every scenario about HTTP/2 says nothing against a correct server`() async {
        let scenarios = Catalogue.all.filter { $0.stream != nil && $0.targets.contains(.server) }
        #expect(scenarios.count > 50)
        await Sweep.each(of: scenarios) { scenario in
            let judgement = try Self.play(scenario).judgement
            #expect(judgement.gravest <= .informational, "\(judgement.reason)\n\(judgement.wire)")
        }
    }

    @Test func `A connection that speaks no HTTP/2 is kept as it came`() {
        let text = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
        var link = InMemoryLink(
            client: HTTP2Link(client: [CarrierMachine()], .client(settingsLimit: .seconds(5))),
            server: ScriptedPeer(octets: text)
        )
        link.run()
        let machine = link.client.machines.first as? CarrierMachine
        #expect(machine?.received == text)
        #expect(machine?.ends == 1)
    }
}

/// Keeps what it is told of the connection.
private struct CarrierMachine: LinkMachine {
    var received: [UInt8] = []
    var ends = 0

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}

    mutating func linkCarrier(_ event: LinkCarrierEvent, at now: LinkInstant) {
        switch event {
        case .received(let parts):
            for case .octets(let octets) in parts { received += octets }
        case .ended: ends += 1
        case .sent, .settled, .stream, .left: break
        }
    }
}
