/// The few character rules of HTTP that the handshake needs.
enum HTTPGrammar {
    static let carriageReturn = UInt8(ascii: "\r")
    static let lineFeed = UInt8(ascii: "\n")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")
    static let colon = UInt8(ascii: ":")

    /// Whether the byte may stand in a token (RFC 9110 section 5.6.2).
    static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// Whether the text is a token (RFC 9110 section 5.6.2).
    static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
    }

    /// Whether the text names a host, with or without a port (RFC 9110 section 7.2, RFC 3986 section 3.2.2).
    static func isHost(_ text: String) -> Bool {
        var host = Substring(text)
        if let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") {
            guard text[text.index(after: colon)...].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return false }
            host = text[..<colon]
        }
        if host.first == "[" {
            return host.count > 2 && host.last == "]"
                && host.dropFirst().dropLast().utf8.allSatisfy { byte in
                    isTokenByte(byte) || byte == colon
                }
        }
        // Unreserved characters, those of percent-encoding, and sub-delims.
        return !host.isEmpty && isPercentEncoded(host)
            && host.utf8.allSatisfy { byte in
                isTokenByte(byte) && !"#^`|".utf8.contains(byte) || "(),;=".utf8.contains(byte)
            }
    }

    /// Whether each percent sign has two hexadecimal digits behind it (RFC 3986 section 2.1).
    private static func isPercentEncoded(_ text: Substring) -> Bool {
        text.split(separator: "%", omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
            part.prefix(2).count == 2 && part.prefix(2).allSatisfy { $0.isASCII && $0.isHexDigit }
        }
    }

    /// Whether the byte is optional whitespace (RFC 9110 section 5.6.3).
    static func isWhitespace(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    /// Whether the byte is a control character other than the tab.
    static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 && byte != tab || byte == 0x7F }

    /// The byte with A to Z turned into a to z.
    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// Whether the texts are equal when A to Z count as a to z, and nothing else does.
    static func equalIgnoringCase(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
        left.elementsEqual(right) { lowercased($0) == lowercased($1) }
    }

    /// The range without the whitespace at its ends.
    static func trimmed(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isWhitespace(bytes[start]) { start += 1 }
        while end > start, isWhitespace(bytes[end - 1]) { end -= 1 }
        return start..<end
    }
}
