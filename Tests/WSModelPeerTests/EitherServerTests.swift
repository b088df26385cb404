import Testing
import WSHTTP2
import WSHTTP2Link
import WSLink
import WSModelPeer
import WSProtocol

@Suite("A server of both versions of HTTP")
struct EitherServerTests {
    /// What comes back for octets that are sent in such pieces.
    static func answer(to octets: [UInt8], chunkLength: Int = 65_536) -> [UInt8] {
        var link = InMemoryLink(
            client: ScriptedClient([octets], request: nil),
            server: EitherServer(ModelServerSettings()),
            chunkLength: chunkLength
        )
        link.run()
        return link.client.received
    }

    @Test(arguments: [1, 5, 65_536]) func `The preface chooses HTTP/2, however it is cut`(length: Int) {
        let answer = Self.answer(to: HTTP2Frame.preface + HTTP2Frame.settings().encoded, chunkLength: length)
        var observer = HTTP2Observer(role: .client)
        var position = 0
        var payloads: [HTTP2Payload] = []
        while let event = observer.next(in: answer.span, at: &position, .received) {
            if case .frameEnd(_, let payload, _) = event { payloads.append(payload) }
        }
        guard case .settings(let settings)? = payloads.first else {
            Issue.record("no SETTINGS in \(answer)")
            return
        }
        #expect(settings.contains(HTTP2Setting(.enableConnectProtocol, 1)))
        #expect(payloads.contains(.settingsAcknowledgment))
    }

    @Test(arguments: [1, 65_536]) func `Anything else is HTTP/1.1`(length: Int) {
        let answer = Self.answer(to: ScriptedClient.handshake().encode() + close(), chunkLength: length)
        #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 101 "))
        // It begins like a preface, and goes on as a method that nobody knows.
        let other = Self.answer(to: Array("PRI /chat HTTP/1.1\r\nHost: a\r\n\r\n".utf8), chunkLength: length)
        #expect(String(decoding: other, as: UTF8.self).hasPrefix("HTTP/1.1 501 "))
    }

    @Test func `Half a preface is given up in time`() {
        let answer = Self.answer(to: Array(HTTP2Frame.preface.prefix(10)))
        #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 408 "))
    }
}
