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

@Suite struct `Every scenario against the model client` {
    private static let all = Conversation.clientScenarios.filter { ModelClientSettings(playing: $0) != nil }
    private static let ordinary = all.filter { !$0.isLoad }

    private func client(for scenario: Scenario) throws -> ModelClient {
        ModelClient(try #require(ModelClientSettings(playing: scenario)))
    }

    private func expectClean(_ scenario: Scenario, _ transcript: Transcript) {
        let judgement = Judge.judge(scenario, transcript)
        if !judgement.isClean {
            let lines = ["\(judgement.verdict): \(judgement.reason)"] + judgement.wire
            Issue.record("\(lines.joined(separator: "\n"))")
        }
    }

    @Test
    func `Passes, is recorded without loss, and is judged alike after reading it back`() async {
        await Sweep.each(of: Self.all) { scenario in
            let link = Conversation.run(scenario, against: try client(for: scenario))
            let transcript = link.server.transcript
            expectClean(scenario, transcript)
            #expect(transcript.isComplete)
            #expect(transcript.header.roleUnderTest == "client")
            let sent = Conversation.sentOctets(
                of: transcript,
                scenario: scenario,
                role: .server,
                seed: 1,
                effort: .quick
            )
            #expect(sent == link.sentByServer, "what was sent")
            #expect(transcript.events.compactMap(\.receivedCount).reduce(0, +) <= link.sentByClient.count)
            let read = try TranscriptText.decode(Data(TranscriptText.encode(transcript)))
            #expect(read.events == transcript.events)
            let played = try PlayedScenario(scenario, in: read, testing: .client)
            #expect(played.scenario == scenario && !played.isOfOtherPace)
            #expect(Judge.judge(played.scenario, read) == Judge.judge(scenario, transcript))
        }
    }

    @Test
    func `Passes octet by octet`() async {
        await Sweep.each(of: Self.ordinary) { scenario in
            let link = Conversation.run(scenario, against: try client(for: scenario), chunkLength: 1)
            expectClean(scenario, link.server.transcript)
        }
    }

    @Test
    func `Passes over every distance`() async {
        await Sweep.each(of: Self.ordinary, and: [0, 1_000, 40_000, 300_000]) { scenario, microseconds in
            guard Sample.takes(scenario.id, "\(microseconds)") else { return }
            let latency = LinkDuration.microseconds(Int64(microseconds))
            expectClean(
                scenario,
                Conversation.run(scenario, against: try client(for: scenario), latency: latency).server.transcript
            )
        }
    }

    @Test
    func `Nobody gives up on a correct client`() async {
        await Sweep.each(of: Self.all) { scenario in
            let transcript = Conversation.run(scenario, against: try client(for: scenario)).server.transcript
            for mark in transcript.marks {
                if case .gaveUp(let reason) = mark { Issue.record("gave up: \(reason)") }
            }
            #expect(transcript.duration < .milliseconds(2_000 + Int64(scenario.plannedMilliseconds)))
        }
    }
}

extension TranscriptEvent {
    /// How many octets were read.
    fileprivate var receivedCount: Int? {
        guard case .received(_, let parts) = kind else { return nil }
        return parts.reduce(0) { $0 + $1.count }
    }
}
