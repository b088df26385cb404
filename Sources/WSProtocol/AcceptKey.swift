import WSKernels

/// The proof that a server has read the opening handshake (RFC 6455 section 4.2.2, step 5.4).
package enum AcceptKey {
    /// The identifier that is appended to the key (RFC 6455 section 1.3).
    package static let guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// The value of Sec-WebSocket-Accept that answers the key, which is used as it is written.
    package static func accept(forKey key: String) -> String {
        accept(forKey: key, guid: guid)
    }

    /// The value for another identifier than that of RFC 6455, which answers no key.
    package static func accept(forKey key: String, guid: String) -> String {
        let text = Array((key + guid).utf8)
        return Base64.encode(SHA1.digest(text.span))
    }

    /// The value for the octets that the key stands for, which answers no key either; a key that is no base64 has none.
    package static func accept(forDecodedKey key: String) -> String {
        let text = Array(key.utf8)
        let octets = (Base64.decode(text.span) ?? []) + Array(guid.utf8)
        return Base64.encode(SHA1.digest(octets.span))
    }
}
