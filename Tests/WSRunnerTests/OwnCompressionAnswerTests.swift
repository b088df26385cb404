import PeerTestSupport
import Testing
import WSJudge
import WSLink
import WSProtocol
import WSRunner
import WSScenario

@Suite struct `An answer of our own about compression` {
    private static func answer(to offer: String?, in id: String) -> (octets: String, judgement: Judgement) {
        let scenario = Conversation.scenario(id)
        let request = offer.map { RawClient.request("Sec-WebSocket-Extensions: \($0)") } ?? RawClient.request()
        let link = Conversation.run(scenario, against: RawClient([request]))
        return (
            String(decoding: link.client.received, as: UTF8.self), Judge.judge(scenario, link.server.transcript)
        )
    }

    @Test func `goes to a client that offered it, with what that demands`() {
        let offer = "permessage-deflate; client_max_window_bits; server_max_window_bits=11"
        let (octets, _) = Self.answer(to: offer, in: "compression/agreed/client-window-9")
        let line =
            "Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=11; client_max_window_bits=9\r\n"
        #expect(octets.contains(line))
    }

    @Test(arguments: [nil, "permessage-deflate", "x-other"])
    func `is an ordinary one for a client that offered something else, and fails nobody`(offer: String?) {
        let (octets, judgement) = Self.answer(to: offer, in: "compression/agreed/client-window-9")
        #expect(octets.hasPrefix("HTTP/1.1 101 "))
        #expect(!octets.contains("Sec-WebSocket-Extensions"))
        #expect(judgement.findings.contains { $0.verdict == .unimplemented && $0.requirement == "RFC7692-5-14" })
        #expect(!judgement.findings.contains { $0.rule == "behaviour" })
    }
}
