/// The base64 encoding of RFC 4648 section 4, padding included.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let pad = UInt8(ascii: "=")

    /// The base64 text of the bytes.
    package static func encode(_ bytes: Span<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let available = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) << 16
            if available > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if available > 2 { group |= UInt32(bytes[index + 2]) }
            for position in 0..<4 {
                let sextet = Int(group >> (18 - 6 * UInt32(position)) & 0x3F)
                text.append(position <= available ? alphabet[sextet] : pad)
            }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The base64 text of the bytes.
    package static func encode(_ bytes: [UInt8]) -> String { encode(bytes.span) }

    /// Decodes a text; nil if it has a character outside the alphabet or a wrong padding.
    ///
    /// Pad bits other than zero are accepted, as RFC 4648 section 3.5 allows.
    package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var padding = 0
        if text.count > 0, text[text.count - 1] == pad { padding = text[text.count - 2] == pad ? 2 : 1 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        for index in 0..<(text.count - padding) {
            guard let sextet = sextet(of: text[index]) else { return nil }
            group = group << 6 | UInt32(sextet)
            // The second, third and fourth character of a group each complete one byte.
            let position = UInt32(index % 4)
            if position > 0 { bytes.append(UInt8(truncatingIfNeeded: group >> (6 - 2 * position))) }
        }
        return bytes
    }

    private static func sextet(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
