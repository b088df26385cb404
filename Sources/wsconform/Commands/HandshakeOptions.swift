import ArgumentParser
import WSProtocol

/// What the handshake says beyond what it has to.
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

    @Option(help: ArgumentHelp("Send this Origin.", valueName: "origin"), transform: HandshakeOptions.origin)
    var origin: String?

    /// Fields that the handshake writes itself, and what sets them.
    private static let ownFields = [
        "host": "the address sets it",
        "upgrade": "every case sets it",
        "connection": "every case sets it",
        "origin": "use --origin",
        "sec-websocket-key": "every case sets it",
        "sec-websocket-version": "every case sets it",
        "sec-websocket-protocol": "use --subprotocol",
        "sec-websocket-extensions": "every case sets it",
    ]

    @Sendable
    private static func field(_ text: String) throws -> HTTPField {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw ValidationError("no colon; write 'Name: value'") }
        let name = String(parts[0])
        guard isToken(name) else { throw ValidationError("the name may hold no blanks, controls or separators") }
        if let reason = ownFields[name.lowercased()] { throw ValidationError("\(name) is not free; \(reason)") }
        return HTTPField(name, try value(String(parts[1])))
    }

    @Sendable
    private static func subprotocol(_ text: String) throws -> String {
        guard isToken(text) else { throw ValidationError("a subprotocol is one token, without blanks or commas") }
        return text
    }

    @Sendable
    private static func origin(_ text: String) throws -> String {
        try value(text)
    }

    /// A field value without the blanks around it.
    private static func value(_ text: String) throws -> String {
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
