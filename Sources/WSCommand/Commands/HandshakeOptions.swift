import ArgumentParser
import WSConform
import WSProtocol
import WSRunFolder

/// The options for the optional content of the handshake.
struct HandshakeOptions: ParsableArguments {
    @Option(
        name: .customLong("subprotocol"),
        help: ArgumentHelp("Offer this subprotocol; may be repeated.", valueName: "name"),
        transform: HandshakeOptions.subprotocol
    )
    var subprotocols: [String] = []

    @Option(
        name: .customLong("header"),
        help: ArgumentHelp("Send this header field; may be repeated.", valueName: "name: value"),
        transform: HandshakeOptions.field
    )
    var headerFields: [HTTPField] = []

    @Option(
        name: .customLong("cookie"),
        help: ArgumentHelp("Send this cookie; may be repeated, all go into one Cookie field.", valueName: "name=value"),
        transform: HandshakeOptions.cookie
    )
    var cookies: [String] = []

    @Option(help: ArgumentHelp("Send this Origin.", valueName: "origin"), transform: HandshakeOptions.origin)
    var origin: String?

    /// The content that the options describe.
    var content: HandshakeContent {
        HandshakeContent(subprotocols: subprotocols, headerFields: headerFields, cookies: cookies, origin: origin)
    }

    func validate() throws {
        guard cookies.isEmpty || !headerFields.contains(where: { $0.name.lowercased() == "cookie" }) else {
            throw ValidationError("--cookie and a Cookie with --header make two fields; put all cookies into --cookie")
        }
        for (index, name) in subprotocols.enumerated() where subprotocols[..<index].contains(name) {
            throw ValidationError("--subprotocol \(name) is there twice; each name may be offered once")
        }
    }

    @Sendable
    private static func field(_ text: String) throws -> HTTPField {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw ValidationError("no colon; write 'Name: value'") }
        let name = String(parts[0])
        guard isToken(name) else { throw ValidationError("the name may hold no blanks, controls or separators") }
        if let reason = HandshakeContent.ownFields[name.lowercased()] {
            throw ValidationError("\(name) is not free; \(reason)")
        }
        return HTTPField(name, try value(String(parts[1])))
    }

    /// Parses a cookie by the grammar of RFC 6265 section 4.1.1.
    @Sendable
    private static func cookie(_ text: String) throws -> String {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw ValidationError("no equals sign; write NAME=VALUE") }
        guard isToken(String(parts[0])) else {
            throw ValidationError("the name may hold no blanks, controls or separators")
        }
        var value = parts[1]
        if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") { value = value.dropFirst().dropLast() }
        let isCookieOctet: (Unicode.Scalar) -> Bool = { scalar in
            (0x21...0x7E).contains(scalar.value) && !"\",;\\".unicodeScalars.contains(scalar)
        }
        guard !endsWithLineBreak(text) else { throw ValidationError("the value ends with a line break; drop it") }
        guard value.unicodeScalars.allSatisfy(isCookieOctet) else {
            throw ValidationError(
                "the value may hold no blanks, quotes, commas, semicolons or backslashes; encode them"
            )
        }
        return text
    }

    /// Checks the name of a subprotocol.
    @Sendable
    static func subprotocol(_ text: String) throws -> String {
        guard isToken(text) else { throw ValidationError("a subprotocol is one token, without blanks or commas") }
        return text
    }

    @Sendable
    private static func origin(_ text: String) throws -> String {
        try value(text)
    }

    /// Whether a text ends with CR or LF.
    static func endsWithLineBreak(_ text: String) -> Bool {
        text.utf8.last.map { [UInt8(ascii: "\r"), UInt8(ascii: "\n")].contains($0) } ?? false
    }

    /// A field value without surrounding blanks.
    private static func value(_ text: String) throws -> String {
        guard !endsWithLineBreak(text) else { throw ValidationError("the value ends with a line break; drop it") }
        guard text.unicodeScalars.allSatisfy({ $0 == "\t" || $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw ValidationError("a value may hold no control characters")
        }
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = text.drop(while: isBlank)
        return String(start.reversed().drop(while: isBlank).reversed())
    }

    /// Whether a text is a token (RFC 9110 section 5.6.2).
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
