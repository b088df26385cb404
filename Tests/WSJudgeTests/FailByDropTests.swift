import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// Autobahn's verdicts with its option `failByDrop`, and without.
@Suite struct `Autobahn's option failByDrop` {
    private func verdict(_ recording: Recording, _ failByDrop: Bool) -> AutobahnVerdict? {
        Judge.judge(recording.scenario, recording.transcript, failByDrop: failByDrop).autobahn
    }

    private func text(_ recording: Recording, _ failByDrop: Bool) -> String {
        let verdict = verdict(recording, failByDrop)
        return "\(verdict?.behavior ?? "none")/\(verdict?.behaviorClose ?? "none")"
    }

    @Test func `A violation that a server swallows is no longer the wrong side's Close, invalid text included`() async {
        await Sweep.each(of: AutobahnRow.all.filter { !$0.closedByTester }) { row in
            let scenario = try #require(Catalogue.autobahnOrder.first { $0.autobahn?.number == row.number })
            var recording = Recording.opened(scenario)
            for index in scenario.script.indices {
                if case .send = scenario.script[index] { recording.sendStep(index) }
            }
            recording.milliseconds += 60
            recording.mark(.lateBarrierSent(payload: [1]))
            recording.send(.ping, [1])
            recording.receive(.pong, [1])
            recording.mark(.lateBarrierAnswered)
            recording.sendClose(1001)
            recording.receiveClose(1001)
            recording.end()
            #expect(verdict(recording, false)?.behaviorClose == "FAILED")
            let dropped = try #require(verdict(recording, true))
            #expect(dropped.behaviorClose == "FAILED BY CLIENT")
            #expect(dropped.failedByMe && dropped.droppedByMe && !dropped.closedByMe && !dropped.wasClean)
            #expect(dropped.localCloseCode == nil && dropped.remoteCloseCode == nil)
        }
    }

    @Test func `A violation of the peer's own ends the case before anything else counts`() {
        var recording = Recording.opened(Catalogue.the("framing/text/0-octets"))
        recording.sendScript()
        // A frame with RSV1 that nobody agreed on.
        recording.receive([0xC1, 0x00])
        recording.sendClose(1002)
        recording.receiveClose(1002)
        recording.end()
        #expect(text(recording, false) == "FAILED/WRONG CODE")
        #expect(text(recording, true) == "FAILED/FAILED")
        #expect(verdict(recording, true)?.remoteCloseCode == nil)
    }

    @Test func `A Close frame with a code that Autobahn does not know is remembered, and TCP dropped`() {
        var recording = Recording.opened(Catalogue.the("framing/text/0-octets"))
        recording.sendScript()
        recording.receive(.text)
        recording.sendClose(1000)
        recording.receiveClose(1012)
        recording.end()
        for failByDrop in [false, true] {
            #expect(text(recording, failByDrop) == "OK/UNCLEAN")
            #expect(verdict(recording, failByDrop)?.remoteCloseCode == 1012)
        }
    }

    @Test func `What the peer does right is called the same`() async {
        await Sweep.each(of: ["framing/text/0-octets", "ping/empty", "closing/one-byte-payload"]) { id in
            var recording = Recording.opened(Catalogue.the(id))
            recording.sendScript()
            if id.hasPrefix("framing") { recording.receive(.text) }
            if id.hasPrefix("ping") { recording.receive(.pong) }
            if !id.hasPrefix("closing") { recording.sendClose(1000) }
            recording.receiveClose(id.hasPrefix("closing") ? 1002 : 1000)
            recording.end()
            #expect(text(recording, true) == "OK/OK" && text(recording, false) == "OK/OK")
        }
    }
}
