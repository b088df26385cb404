import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

@Suite struct `Sample data of a run` {
    /// The messages of a compressed loop, sent as they are, so that any peer echoes them.
    private static let scenario: Scenario = {
        var scenario = Conversation.scenario("compression/echo/json/1024-octets")
        scenario.opening = .ordinary
        scenario.compression = nil
        scenario.script = scenario.script.map { step in
            guard case .echoLoop(var loop) = step else { return step }
            loop.compression = nil
            return .echoLoop(loop)
        }
        return scenario
    }()

    private static func recorded(_ seed: UInt64) -> Transcript {
        Conversation.run(scenario, with: ModelServer(), settings: Conversation.settings(seed: seed)).client.transcript
    }

    @Test(arguments: [UInt64(1), 2, .max])
    func `is made from its seed, which its record says`(seed: UInt64) throws {
        let transcript = Self.recorded(seed)
        #expect(Judge.judge(Self.scenario, transcript).verdict == .pass)
        let played = try PlayedScenario(Self.scenario, in: transcript, testing: .server).scenario
        #expect(Judge.judge(played, transcript).verdict == .pass)
        let text = String(decoding: transcript.header.stimulus.text, as: UTF8.self)
        #expect(text.contains(#""seed":\#(seed),"#))
        let first = SampleData.json.octets(seed: seed).prefix(1024)
        let octets = try #require(
            Conversation.sentOctets(of: transcript, scenario: Self.scenario, seed: seed, effort: .quick)
        )
        var reader = MessageReader(sender: .client)
        var content: [UInt8] = []
        var position = octets.count - Int(try #require(transcript.octetsOfFrames))
        let span = octets.span
        while content.count < 1024, let event = reader.next(in: span, at: &position) {
            if case .content(let piece) = event { reader.append(piece, in: span, to: &content) }
        }
        #expect(content.elementsEqual(first))
    }

    @Test func `is not taken for that of another run`() {
        var transcript = Self.recorded(3)
        transcript.header.seed = 4
        #expect(throws: TranscriptError.self) {
            try PlayedScenario(Self.scenario, in: transcript, testing: .server)
        }
    }

    @Test func `changes nothing but the data`() {
        for scenario in Catalogue.all {
            #expect(scenario.seeded(1) == scenario, "\(scenario.id)")
            let other = scenario.seeded(9)
            let isSample = if case .sample? = scenario.echoLoop?.payload { true } else { false }
            #expect((other != scenario) == isSample, "\(scenario.id)")
            #expect(other.seeded(1) == scenario, "\(scenario.id)")
        }
    }
}

extension Transcript {
    /// The number of octets sent after the opening handshake.
    fileprivate var octetsOfFrames: UInt64? {
        var total: UInt64 = 0
        var handshake: UInt64?
        for event in events {
            guard case .sent(_, let content) = event.kind else { continue }
            if handshake == nil { handshake = content.count }
            total += content.count
        }
        return handshake.map { total - $0 }
    }
}
