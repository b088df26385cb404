package import WSProtocol

/// Why something cannot stand in an opening handshake, in one line that says how to correct it.
package struct HandshakeTrouble: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Checks what a user adds to opening handshakes.
package enum HandshakeGrammar {
    /// A field that is free for a user to set.
    ///
    /// - Parameters:
    ///   - name: Its name, a token (RFC 9110, section 5.1).
    ///   - value: Its value, whose surrounding blanks are dropped.
    /// - Throws: ``HandshakeTrouble`` for a name or a value that HTTP does not allow, or a field of our own.
    /// - Returns: The field.
    package static func field(_ name: String, _ value: String) throws(HandshakeTrouble) -> HTTPField {
        guard isToken(name) else {
            throw HandshakeTrouble("the name may hold no blanks, controls or separators")
        }
        if let reason = HandshakeContent.ownFields[name.lowercased()] {
            throw HandshakeTrouble("\(name) is not free; \(reason)")
        }
        return HTTPField(name, try self.value(value))
    }

    /// A cookie by the grammar of RFC 6265, section 4.1.1.
    ///
    /// - Parameter text: The cookie as `NAME=VALUE`.
    /// - Throws: ``HandshakeTrouble`` for a text that is none.
    /// - Returns: The text.
    package static func cookie(_ text: String) throws(HandshakeTrouble) -> String {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw HandshakeTrouble("no equals sign; write NAME=VALUE") }
        guard isToken(String(parts[0])) else {
            throw HandshakeTrouble("the name may hold no blanks, controls or separators")
        }
        var value = parts[1]
        if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") { value = value.dropFirst().dropLast() }
        guard !endsWithLineBreak(text) else { throw HandshakeTrouble("the value ends with a line break; drop it") }
        guard value.unicodeScalars.allSatisfy(isCookieOctet) else {
            throw HandshakeTrouble(
                "the value may hold no blanks, quotes, commas, semicolons or backslashes; encode them"
            )
        }
        return text
    }

    /// The name of a subprotocol (RFC 6455, section 4.1).
    package static func subprotocol(_ text: String) throws(HandshakeTrouble) -> String {
        guard isToken(text) else {
            throw HandshakeTrouble("a subprotocol is one token, without blanks or commas")
        }
        return text
    }

    /// A field value without surrounding blanks (RFC 9110, section 5.5).
    package static func value(_ text: String) throws(HandshakeTrouble) -> String {
        guard !endsWithLineBreak(text) else { throw HandshakeTrouble("the value ends with a line break; drop it") }
        guard text.unicodeScalars.allSatisfy({ $0 == "\t" || $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw HandshakeTrouble("a value may hold no control characters")
        }
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = text.drop(while: isBlank)
        return String(start.reversed().drop(while: isBlank).reversed())
    }

    private static func isCookieOctet(_ scalar: Unicode.Scalar) -> Bool {
        (0x21...0x7E).contains(scalar.value) && !"\",;\\".unicodeScalars.contains(scalar)
    }

    /// Whether a text ends with CR or LF.
    package static func endsWithLineBreak(_ text: String) -> Bool {
        text.utf8.last.map { [UInt8(ascii: "\r"), UInt8(ascii: "\n")].contains($0) } ?? false
    }

    /// Whether a text is a token (RFC 9110, section 5.6.2).
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9": true
                default: "!#$%&'*+-.^_`|~".unicodeScalars.contains(scalar)
                }
            }
    }
}

extension HandshakeContent {
    /// Checks what is right by itself and cannot stand together.
    package func checkTogether() throws(HandshakeTrouble) {
        guard cookies.isEmpty || !headerFields.contains(where: { $0.name.lowercased() == "cookie" }) else {
            throw HandshakeTrouble(
                "--cookie and a Cookie with --header make two fields; put all cookies into --cookie"
            )
        }
        for (index, name) in subprotocols.enumerated() where subprotocols[..<index].contains(name) {
            throw HandshakeTrouble("--subprotocol \(name) is there twice; each name may be offered once")
        }
    }
}
