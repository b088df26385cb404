import NIOSSL

/// Describes in a few words why a TLS handshake failed.
enum HandshakeText {
    /// Who is at the other end.
    enum Peer {
        case server, client
    }

    /// What an error means, and what to do about it.
    static func describe(_ error: any Error, peer: Peer) -> String {
        let text = words(of: error)
        return error is NIOSSLError || error is BoringSSLError ? meaning(of: text, peer: peer) : text
    }

    /// What BoringSSL's words for an error mean, and what to do about it.
    static func meaning(of text: String, peer: Peer) -> String {
        for (sign, meaning) in peer == .server ? ofServers : ofClients where text.contains(sign) { return meaning }
        for (sign, meaning) in ofBoth where text.contains(sign) { return meaning }
        let other = peer == .server ? "the server" : "the client"
        let mend = peer == .server ? "the server's log" : "what the client says"
        if let alert = text.split(separator: " ").compactMap(Self.alert).first {
            return "\(other) ended it with the alert \(alert); look at \(mend)"
        }
        return "\(other) broke it off, or broke a rule of TLS: \(text) in the words of BoringSSL; look at \(mend)"
    }

    /// The name of an alert as RFC 8446, 6, has it, in words such as `SSLV3_ALERT_CLOSE_NOTIFY`.
    private static func alert(in word: Substring) -> String? {
        guard let mark = word.firstRange(of: "_ALERT_") else { return nil }
        return word[mark.upperBound...].prefix { $0 == "_" || $0.isLetter }.lowercased()
    }

    /// BoringSSL's words for an error, without the places in its source.
    static func words(of error: any Error) -> String {
        switch error {
        case NIOSSLError.handshakeFailed(.sslError(let stack)), NIOSSLError.handshakeFailed(.unknownError(let stack)),
            BoringSSLError.sslError(let stack), BoringSSLError.unknownError(let stack):
            let reasons = stack.map { reason(in: $0.description) }.filter { !$0.isEmpty }
            return reasons.isEmpty ? "no reason is known" : reasons.joined(separator: ", ")
        default: return "\(error)"
        }
    }

    /// The reason in a line such as
    /// `Error: 268435703 error:100000f7:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER at tls_record.cc:230`.
    private static func reason(in line: String) -> String {
        let mark = "OPENSSL_internal:"
        guard let start = line.firstRange(of: mark)?.upperBound else { return line }
        return String(line[start...].prefix { $0 != " " })
    }

    private static let ofServers = [
        ("WRONG_VERSION_NUMBER", "what came is not TLS; give a ws:// address if the server speaks plain HTTP there"),
        ("HTTP_REQUEST", "what came is HTTP; give a ws:// address"),
        (
            "ALERT_PROTOCOL_VERSION",
            "the server refuses the versions that were offered; lower --tls-min, or let the server speak TLS 1.2 or 1.3"
        ),
        ("UNSUPPORTED_PROTOCOL", "the server chose an older version than --tls-min allows"),
        (
            "CERTIFICATE_REQUIRED",
            "the server wants a certificate of the client; give one with --client-cert and --client-key"
        ),
        ("ALERT_BAD_CERTIFICATE", "the server refuses the client's certificate, or wants one; see --client-cert"),
        ("ALERT_UNKNOWN_CA", "the server does not trust the client's certificate; see --client-cert"),
        (
            "ALERT_HANDSHAKE_FAILURE",
            "the server refuses what was offered: its ciphers, or a client without a certificate; see --client-cert"
        ),
        ("UNRECOGNIZED_NAME", "the server knows no such name; give the right one with --server-name"),
        (
            "NO_APPLICATION_PROTOCOL",
            "the server speaks none of the application protocols that were offered; --http2 offers h2 instead of http/1.1"
        ),
        ("INVALID_ALPN_PROTOCOL", "the server chose an application protocol that was not offered"),
    ]

    private static let ofClients = [
        ("HTTP_REQUEST", "the client speaks plain HTTP; give it a wss:// address"),
        ("WRONG_VERSION_NUMBER", "what came is not TLS; give the client a wss:// address"),
        ("ALERT_UNKNOWN_CA", "the client does not trust the certificate; let it trust the authority that signed it"),
        ("ALERT_BAD_CERTIFICATE", "the client refuses the certificate; let it trust the authority that signed it"),
        ("ALERT_CERTIFICATE_UNKNOWN", "the client refuses the certificate; let it trust the authority that signed it"),
        ("ALERT_CERTIFICATE_EXPIRED", "the client says that the certificate has expired"),
        ("UNSUPPORTED_PROTOCOL", "the client speaks no version of TLS from 1.2 on"),
        ("NO_SHARED_CIPHER", "the client offers no cipher that is known here"),
    ]

    private static let ofBoth = [
        ("EOF during handshake", "the connection ended before the handshake was done; check that it speaks TLS"),
        ("ALERT_DECODE_ERROR", "the peer could not read what was sent"),
        ("ALERT_INTERNAL_ERROR", "the peer reports an error of its own"),
    ]
}
