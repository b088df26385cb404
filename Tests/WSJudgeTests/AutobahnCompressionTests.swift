import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario

/// What Autobahn says of conversations with compressed messages, where that depends on more than on other cases.
@Suite struct `Autobahn's verdicts on compression` {
    private func text(_ recording: Recording) -> String {
        let verdict = recording.judgement.autobahn
        return "\(verdict?.behavior ?? "none")/\(verdict?.behaviorClose ?? "none")"
    }

    @Test func `Who does not agree to compression has not implemented the case, whatever it does then`() {
        let scenario = Catalogue.the("compression/echo/json/16-octets")
        for (offers, answer) in [(["permessage-deflate"], Recording.acceptance), ([], Recording.acceptance)] {
            var recording = Recording.opened(scenario, offering: offers, answer: answer.encode())
            recording.sendClose(1000)
            recording.receiveClose(1000)
            recording.end()
            #expect(text(recording) == "UNIMPLEMENTED/OK")
            #expect(recording.judgement.verdict == .unimplemented)
        }
    }

    @Test func `An answer with parameters that are none ends Autobahn's case`() {
        let scenario = Catalogue.the("compression/echo/json/16-octets")
        let wrong = ["permessage-deflate; server_max_window_bits=16", "permessage-deflate, permessage-deflate"]
        for value in wrong + ["permessage-deflate; client_max_window_bits", "permessage-deflate; other"] {
            var recording = Recording.opened(
                scenario,
                offering: ["permessage-deflate; client_max_window_bits"],
                answer: Recording.accepting(extensions: [value]).encode()
            )
            recording.sendClose(1000)
            recording.receiveClose(1000)
            recording.end()
            #expect(text(recording) == "FAILED/FAILED", "\(value)")
        }
    }

    @Test func `The octets of compressed messages count, and their order`() throws {
        let scenario = Catalogue.the("compression/echo/json/16-octets")
        let loop = try #require(scenario.echoLoop)
        let right = (0..<loop.quickCount).map { loop.payload(ofMessage: $0).octets }
        var swapped = right
        swapped.swapAt(3, 4)
        var other = right
        other[5][0] ^= 1
        for (contents, expected) in [(right, "OK/OK"), (swapped, "FAILED/OK"), (other, "FAILED/OK")] {
            var recording = Recording.opened(agreeing: scenario)
            recording.sendScript()
            for content in contents { recording.receive(loop.opcode, content) }
            recording.sendClose(1000)
            recording.receiveClose(1000)
            recording.end()
            #expect(text(recording) == expected)
            #expect((recording.judgement.verdict == .pass) == (expected == "OK/OK"))
        }
        var recording = Recording.opened(agreeing: scenario)
        recording.sendScript()
        for content in swapped { recording.receive(loop.opcode, content) }
        recording.sendClose(1000)
        recording.receiveClose(1000)
        recording.end()
        #expect(recording.judgement.findings.first?.reason.contains("echo 4") == true)
    }
}
