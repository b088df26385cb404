import TestSupport
import Testing
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

@Suite struct `A transcript that was changed` {
    private static func recorded(_ id: String, with peer: some LinkMachine = ModelServer()) -> Transcript {
        Conversation.run(Conversation.scenario(id), with: peer).client.transcript
    }

    /// Why a transcript is refused under a case; nil where it is judged.
    private static func problem(_ transcript: Transcript, _ id: String) -> String? {
        do {
            _ = try PlayedScenario(Conversation.scenario(id), in: transcript, testing: .server)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func `is judged as long as it is whole`() async {
        await Sweep.each(of: Conversation.scenarios) { scenario in
            #expect(Self.problem(Self.recorded(scenario.id), scenario.id) == nil)
        }
    }

    @Test func `is refused with the events of another case whose frames are as long`() {
        var transcript = Self.recorded("closing/code/1000")
        transcript.events = Self.recorded("closing/code/1002").events
        #expect(
            Self.problem(transcript, "closing/code/1000")?.contains("a masking key that this case does not have")
                == true
        )
    }

    @Test func `is refused with the seed of another run`() {
        var transcript = Self.recorded("framing/text/125-octets")
        transcript.header.seed &+= 1
        #expect(Self.problem(transcript, "framing/text/125-octets")?.contains("a masking key") == true)
    }

    @Test func `is refused with another masking key where the case prescribes one`() throws {
        var transcript = Self.recorded("masking/key-00000000")
        let place = try #require(
            transcript.events.firstIndex { if case .sent(_, .script) = $0.kind { true } else { false } }
        )
        guard case .sent(let offset, .script(var reference)) = transcript.events[place].kind else { return }
        reference.maskingKey = 1
        transcript.events[place].kind = .sent(offset: offset, .script(reference))
        #expect(Self.problem(transcript, "masking/key-00000000")?.contains("a masking key") == true)
    }

    @Test func `is refused without the note that the connection was opened`() {
        var transcript = Self.recorded("framing/text/125-octets")
        transcript.events.removeAll { $0.kind == .mark(.opened) }
        #expect(
            Self.problem(transcript, "framing/text/125-octets")?.contains("before the connection was opened") == true
        )
    }

    @Test func `is refused without the script that it says was played`() {
        var transcript = Self.recorded("framing/text/125-octets")
        transcript.events.removeAll { if case .sent(_, .script) = $0.kind { true } else { false } }
        #expect(Self.problem(transcript, "framing/text/125-octets")?.contains("of which nothing was sent") == true)
    }

    @Test func `is refused without our opening handshake`() {
        var transcript = Self.recorded("framing/text/125-octets")
        transcript.events = []
        #expect(Self.problem(transcript, "framing/text/125-octets")?.contains("no opening handshake of ours") == true)
    }

    @Test func `is refused where its lines were moved`() throws {
        var transcript = Self.recorded("framing/text/125-octets")
        transcript.events[1].time = transcript.events[2].time + 1
        let text = Data(TranscriptText.encode(transcript))
        #expect(throws: TranscriptError.self) { try TranscriptText.decode(text) }
    }

    @Test func `is refused at once where a few octets describe more than there is memory`() {
        let unit = #"{"parts":[{"hex":"61"},{"back":1,"length":1048575}]}"#
        let payloads = Array(repeating: unit, count: 3_000).joined(separator: ",")
        let text = #"{"conclusion":"await-end","opening":{"kind":"ordinary"},"payloads":[\#(payloads)],"script":[]}"#
        #expect(StimulusText.decode(Array(text.utf8)) == nil)
    }
}
