import Testing

@testable import WSTransportTLS

@Suite("Why a handshake of TLS failed")
struct HandshakeTextTests {
    @Test(arguments: [
        ("WRONG_VERSION_NUMBER", "what came is not TLS; give a ws:// address if the server speaks plain HTTP there"),
        (
            "SSLV3_ALERT_UNEXPECTED_MESSAGE",
            "the server ended it with the alert unexpected_message; look at the server's log"
        ),
        (
            "EXCESSIVE_MESSAGE_SIZE, OTHER",
            "the server broke it off, or broke a rule of TLS: EXCESSIVE_MESSAGE_SIZE, OTHER in the words of BoringSSL; "
                + "look at the server's log"
        ),
        ("TLSV1_ALERT_DECODE_ERROR", "the peer could not read what was sent"),
    ])
    func `A server's is told in a sentence, whatever BoringSSL calls it`(words: String, sentence: String) {
        #expect(HandshakeText.meaning(of: words, peer: .server) == sentence)
    }

    @Test(arguments: [
        ("HTTP_REQUEST", "the client speaks plain HTTP; give it a wss:// address"),
        (
            "TLSV1_ALERT_USER_CANCELLED",
            "the client ended it with the alert user_cancelled; look at what the client says"
        ),
        (
            "BAD_EXTENSION",
            "the client broke it off, or broke a rule of TLS: BAD_EXTENSION in the words of BoringSSL; look at "
                + "what the client says"
        ),
    ])
    func `A client's is, too`(words: String, sentence: String) {
        #expect(HandshakeText.meaning(of: words, peer: .client) == sentence)
    }
}
