import WSKernels

/// Computes Sec-WebSocket-Accept, which proves that a server has read the handshake (RFC 6455, 4.2.2, step 5.4).
public enum AcceptKey {
    /// The identifier that is appended to the key (RFC 6455 section 1.3).
    public static let guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// The value of Sec-WebSocket-Accept for this key, which is used as written, not decoded.
    public static func accept(forKey key: String) -> String {
        accept(forKey: key, guid: guid)
    }

    /// A wrong value, made with another identifier than that of RFC 6455.
    public static func accept(forKey key: String, guid: String) -> String {
        let text = Array((key + guid).utf8)
        return Base64.encode(SHA1.digest(text.span))
    }

    /// A wrong value, made from the decoded key; a key that is not base64 counts as empty.
    public static func accept(forDecodedKey key: String) -> String {
        let text = Array(key.utf8)
        let octets = (Base64.decode(text.span) ?? []) + Array(guid.utf8)
        return Base64.encode(SHA1.digest(octets.span))
    }
}
