import PeerTestSupport
import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Scenario: CustomTestStringConvertible {
    /// The id names the test.
    public var testDescription: String { id }
}

@Suite struct `Every scenario against the model server` {
    private static let ordinary = Conversation.scenarios.filter { !$0.isLoad }

    private func expectClean(_ scenario: Scenario, _ transcript: Transcript) {
        let judgement = Judge.judge(scenario, transcript)
        if !judgement.isClean {
            let lines = (["\(judgement.verdict): \(judgement.reason)"] + judgement.wire).joined(separator: "\n")
            Issue.record("\(lines)")
        }
    }

    /// Everything arrives; behind our reset, what was still under way does not.
    private func expect(_ received: [UInt8], of sent: [UInt8], in scenario: Scenario) {
        if scenario.endsInReset {
            #expect(sent.starts(with: received))
        } else {
            #expect(received == sent)
        }
    }

    @Test
    func `Passes, is recorded without loss, and is judged alike after reading it back`() async {
        await Sweep.each(of: Conversation.scenarios) { scenario in
            let link = Conversation.run(scenario, with: ModelServer())
            let transcript = link.client.transcript
            expectClean(scenario, transcript)
            #expect(transcript.isComplete)
            #expect(transcript.end == (scenario.endsInReset ? .closedHere : .finished))
            #expect(link.clientWrites.reduce(0, +) == link.sentByClient.count)
            let sent = Conversation.sentOctets(of: transcript, scenario: scenario, seed: 1, effort: .quick)
            #expect(sent == link.sentByClient, "what was sent")
            let read = try TranscriptText.decode(Data(TranscriptText.encode(transcript)))
            #expect(read.events == transcript.events)
            // Tests of their own look at what is kept of very many compressed messages.
            if !Conversation.hasSummaries(transcript) {
                let received = Conversation.receivedOctets(of: transcript, scenario: scenario)
                expect(received, of: link.sentByServer, in: scenario)
                expectOctets(read, of: scenario, sent: link.sentByClient, received: received)
            }
            let played = try PlayedScenario(scenario, in: read, testing: .server)
            #expect(played.scenario == scenario && !played.isOfOtherPace)
            #expect(Judge.judge(played.scenario, read) == Judge.judge(scenario, transcript))
        }
    }

    /// Octets are read back from any place: here from where something went, and from its middle.
    private func expectOctets(_ transcript: Transcript, of scenario: Scenario, sent: [UInt8], received: [UInt8]) {
        let recorded = RecordedOctets(transcript, of: scenario)
        for event in transcript.events.prefix(200) {
            switch event.kind {
            case .sent(let offset, let content):
                for place in [offset, offset + min(content.count / 2, 30_000)] {
                    let wanted = Array(sent.dropFirst(Int(place)).prefix(40))
                    #expect(recorded.sent(from: place, count: 40) == wanted, "sent, from \(place)")
                }
            case .received(let offset, let parts):
                for place in [offset, offset + UInt64(parts.reduce(0) { $0 + $1.count } / 2)] {
                    let wanted = Array(received.dropFirst(Int(place)).prefix(40))
                    #expect(recorded.received(from: place, count: 40) == wanted, "received, from \(place)")
                }
            case .connected, .mark, .carrierSent, .carrierReceived, .carrierEnded, .ended: break
            }
        }
        #expect(recorded.sent(from: .max, count: 40).isEmpty && recorded.received(from: .max, count: 40).isEmpty)
    }

    @Test
    func `Passes octet by octet`() async {
        await Sweep.each(of: Self.ordinary) { scenario in
            let link = Conversation.run(scenario, with: ModelServer(), chunkLength: 1)
            expectClean(scenario, link.client.transcript)
            let received = Conversation.receivedOctets(of: link.client.transcript, scenario: scenario)
            expect(received, of: link.sentByServer, in: scenario)
        }
    }

    @Test
    func `Passes over every distance`() async {
        await Sweep.each(of: Self.ordinary, and: [0, 1_000, 40_000, 300_000]) { scenario, microseconds in
            guard Sample.takes(scenario.id, "\(microseconds)") else { return }
            let latency = LinkDuration.microseconds(Int64(microseconds))
            expectClean(scenario, Conversation.run(scenario, with: ModelServer(), latency: latency).client.transcript)
        }
    }

    private static let noises: [NoisyServer.Noise] = [
        NoisyServer.Noise("Ping with the 101", greeting: Answers.frame(.ping, [1, 2, 3])),
        NoisyServer.Noise("Pings all the time", pingEvery: .microseconds(130)),
        NoisyServer.Noise("Pong that nobody asked for", greeting: Answers.frame(.pong, Array("noise".utf8))),
        NoisyServer.Noise("empty Pong that nobody asked for", greeting: Answers.frame(.pong)),
        NoisyServer.Noise("each Pong twice", doublesPongs: true),
        NoisyServer.Noise("103 before the 101", interim: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
        NoisyServer.Noise(
            "100 and 102 before the 101",
            interim: "HTTP/1.1 100 \r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
        ),
    ]

    @Test
    func `Passes whatever a server may do besides`() async {
        await Sweep.each(of: Self.noises, and: Self.ordinary) { noise, scenario in
            guard Sample.takes("\(noise)", scenario.id) else { return }
            // A client of HTTP/1.0 is sent no interim response (RFC 9110, 15.2).
            guard noise.interim.isEmpty || scenario.id != "handshake/request/http-1-0" else { return }
            let link = Conversation.run(scenario, with: NoisyServer(noise))
            expectClean(scenario, link.client.transcript)
            let sent = Conversation.sentOctets(of: link.client.transcript, scenario: scenario, seed: 1, effort: .quick)
            #expect(sent == link.sentByClient)
        }
    }

    @Test(arguments: noises)
    func `Counts every Pong of a flood of Pings, whatever comes besides`(noise: NoisyServer.Noise) throws {
        let scenario = try #require(Catalogue.scenario("ping/10000-at-once"))
        let link = Conversation.run(scenario, with: NoisyServer(noise))
        expectClean(scenario, link.client.transcript)
    }

    @Test
    func `The same seed gives the same conversation, another seed other keys`() async {
        await Sweep.each(of: Conversation.scenarios) { scenario in
            func transcript(_ seed: UInt64, _ latency: LinkDuration) -> Transcript {
                Conversation.run(
                    scenario,
                    with: ModelServer(),
                    settings: Conversation.settings(seed: seed),
                    latency: latency
                ).client.transcript
            }
            let first = transcript(1, .microseconds(50))
            let again = transcript(1, .microseconds(70))
            #expect(again.sent == first.sent)
            #expect(again.received == first.received)
            #expect(again.marks == first.marks)
            // Between two pieces time passes, in which an echo may come sooner or later.
            if !scenario.pausesBetweenPieces { #expect(again.events.map(\.kind) == first.events.map(\.kind)) }
            guard scenario.hasKeyOfItsOwn else { return }
            #expect(transcript(2, .microseconds(50)).events.map(\.kind) != first.events.map(\.kind))
        }
    }

    @Test
    func `Nobody gives up on a correct server`() async {
        await Sweep.each(of: Conversation.scenarios) { scenario in
            let transcript = Conversation.run(scenario, with: ModelServer()).client.transcript
            for mark in transcript.marks {
                if case .gaveUp(let reason) = mark { Issue.record("gave up: \(reason)") }
            }
            // No deadline passes but for the waits inside an unfinished frame and the pauses that the scenario wants.
            #expect(transcript.duration < .milliseconds(500 + scenario.pauses))
        }
    }
}

extension Scenario {
    private var ownRequest: RequestToSend? {
        if case .request(let request) = opening { request } else { nil }
    }

    /// Whether the tester drops the connection.
    fileprivate var endsInReset: Bool {
        if case .reset = ownRequest?.ending { true } else { script.contains(.reset) }
    }

    /// Whether a frame leaves in pieces with a pause between them.
    fileprivate var pausesBetweenPieces: Bool {
        script.contains { step in
            guard case .send(let frame) = step else { return false }
            switch frame.pacing {
            case .pieces, .split, .firstOctets: return true
            case .together, .separately: return false
            }
        }
    }

    /// Whether what is sent holds anything that depends on the seed, however it is answered.
    fileprivate var hasKeyOfItsOwn: Bool {
        guard let request = ownRequest else { return true }
        // A request that is held back in full may never leave.
        if case .holdingBack(let last, _) = request.pacing, last >= request.template.count { return false }
        return String(decoding: request.template, as: UTF8.self).contains(RequestToSend.Placeholder.key.rawValue)
    }

    /// The milliseconds that pass because the scenario wants them to, or until it ends a connection without an answer.
    fileprivate var pauses: Int64 {
        var pause = plannedMilliseconds
        for case .quiesce in script { pause += 100 }
        switch ownRequest?.ending {
        case .endOutput(let milliseconds), .reset(let milliseconds): pause += milliseconds
        case nil: break
        }
        return Int64(pause)
    }
}
