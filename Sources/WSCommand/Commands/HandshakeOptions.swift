import ArgumentParser
import WSProtocol
import WSRunFolder

/// The options for the optional content of the handshake, and for what is sent right behind it.
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

    @Option(
        help: ArgumentHelp(
            """
            Send this as a text message behind each opening handshake, for an application that wants a login or a greeting \
            first. As many messages as answer it at the beginning of the run are passed over in each case.
            """,
            valueName: "text"
        ),
        transform: HandshakeOptions.message
    )
    var firstMessage: String?

    /// The first option that was given; nil if none was.
    var given: String? {
        if !subprotocols.isEmpty { return "--subprotocol" }
        if !headerFields.isEmpty { return "--header" }
        if !cookies.isEmpty { return "--cookie" }
        if origin != nil { return "--origin" }
        return firstMessage == nil ? nil : "--first-message"
    }

    /// The content that the options describe.
    var content: HandshakeContent {
        HandshakeContent(
            subprotocols: subprotocols,
            headerFields: headerFields,
            cookies: cookies,
            origin: origin,
            firstMessage: firstMessage
        )
    }

    func validate() throws {
        try Self.checked { () throws(HandshakeTrouble) in try content.checkTogether() }
    }

    @Sendable
    private static func field(_ text: String) throws -> HTTPField {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw ValidationError("no colon; write 'Name: value'") }
        return try checked { () throws(HandshakeTrouble) in
            try HandshakeGrammar.field(String(parts[0]), String(parts[1]))
        }
    }

    @Sendable
    private static func cookie(_ text: String) throws -> String {
        try checked { () throws(HandshakeTrouble) in try HandshakeGrammar.cookie(text) }
    }

    /// Checks the name of a subprotocol.
    @Sendable
    static func subprotocol(_ text: String) throws -> String {
        try checked { () throws(HandshakeTrouble) in try HandshakeGrammar.subprotocol(text) }
    }

    @Sendable
    private static func origin(_ text: String) throws -> String {
        try checked { () throws(HandshakeTrouble) in try HandshakeGrammar.value(text) }
    }

    @Sendable
    private static func message(_ text: String) throws -> String {
        guard !text.isEmpty else { throw ValidationError("no text; write what the application wants, or drop it") }
        return text
    }

    /// Tells trouble as one with the usage.
    private static func checked<Result>(_ check: () throws(HandshakeTrouble) -> Result) throws -> Result {
        do throws(HandshakeTrouble) {
            return try check()
        } catch {
            throw ValidationError(error.description)
        }
    }
}
