/// The defects in reading, refusing and answering unusual handshakes.
extension ModelDefect {
    /// Whether the defect concerns unusual handshakes.
    package var isOfUnusualHandshakes: Bool { handshakeEntry != nil }

    /// The description of a defect in unusual handshakes; nil for other defects.
    var handshakeEntry: Entry? {
        answerEntry ?? readingEntry ?? decliningEntry
    }

    private var answerEntry: Entry? {
        switch self {
        case .foldsAnswer: Entry("Folds a field of its answers over two lines.", "RFC9112-5.2-01")
        case .bareCRInAnswer: Entry("Puts a CR without LF into its answers.", "RFC9112-2.2-02")
        case .omitsSpaceAfterStatus: Entry("Ends the status line with the status code.", "RFC9112-4-01")
        case .emptyElementInAnswer: Entry("Answers with an empty element in Connection.", "RFC9110-5.6.1.1-01")
        case .repeatsServerField: Entry("Answers with two Server fields.", "RFC9110-5.3-01")
        case .spacesBeforeColonInAnswer: Entry("Writes a space before a colon of its answers.", "RFC9110-2.2-01")
        case .whitespaceBeforeFirstField:
            Entry("Begins the line behind the status line with whitespace.", "RFC9112-2.2-06")
        case .http2Answer: Entry("Answers in HTTP/2.0.", "RFC9110-6.2-02")
        case .unknownExtensionParameter:
            Entry("Accepts permessage-deflate with a parameter that it does not have.", "9.1-06")
        case .usesUnlistedExtension:
            Entry(
                "Sets RSV1 where permessage-deflate was offered, and does not accept it.",
                "9.1-11",
                "5.8-01",
                "5.2-02",
                "RFC7692-5-06",
                "RFC7692-5-14"
            )
        case .changesSubprotocolCase:
            Entry("Picks a subprotocol and writes it in capitals.", "4.2.2-10", standing: .allowed)
        case .changesExtensionCase:
            Entry(
                "Accepts permessage-deflate, whatever its parameters, and writes it in capitals.",
                "4.2.2-15",
                "RFC7692-7-01",
                "RFC7692-7-02",
                "RFC7692-7-03"
            )
        case .acceptsEveryExtension:
            Entry(
                "Accepts every extension that is offered.",
                "4.2.2-14",
                "9.1-05",
                "IANA-extension-01",
                "RFC7692-7-01",
                "RFC7692-7-02",
                "RFC7692-7-03"
            )
        case .answersTooEarly: Entry("Accepts a handshake before its empty line.", "RFC9110-5.3-02")
        case .dropsInsteadOfRefusing:
            Entry("Drops the connection where it should refuse the handshake.", "10.7-04", standing: .tolerated)
        case .neverRefuses: Entry("Says nothing where it should refuse the handshake.", "4.2.1-01")
        case .ignoresUpgradeInstead:
            Entry("Answers 200 where it should refuse the handshake.", "4.2.1-01", standing: .tolerated)
        case .keepsRefusedConnections:
            Entry(
                "Waits for another request behind every refusal.",
                "RFC9112-6.3-03",
                "RFC9112-6.1-02",
                "RFC9112-6.3-02",
                "RFC9112-9.3-01",
                "7.2.2-01"
            )
        case .endlessRefusal:
            Entry(
                "Refuses without a length and leaves the connection open.",
                "7.2.2-01",
                "RFC9112-6.3-03",
                "RFC9112-6.3-02",
                "RFC9112-6.1-02"
            )
        case .leavesOpenAfterClose: Entry("Says Connection: close and leaves the connection open.", "RFC9112-9.6-01")
        case .omitsAllow: Entry("Answers 405 without Allow.", "RFC9110-10.2.1-01")
        case .omitsUpgradeIn426: Entry("Answers 426 without Upgrade.", "RFC9110-15.5.22-01", "RFC9110-7.8-04")
        case .omitsUpgradeOption:
            Entry("Answers 426 without Connection: upgrade.", "RFC9110-7.8-05", "RFC9110-7.6.1-02")
        case .omitsChallenge: Entry("Refuses with 401 and without WWW-Authenticate.", "RFC9110-11.6.1-01")
        case .listsWordAsVersion:
            Entry("Lists a word among the versions it speaks.", "4.3-07", standing: .tolerated)
        case .listsVersion256: Entry("Lists version 256 among those it speaks.", "11.6-01", standing: .tolerated)
        case .refusesMethodsWith400:
            Entry("Refuses other methods with 400.", "RFC9110-9.1-01", "RFC9112-3-01", standing: .tolerated)
        case .refusesLargeFieldsWith500:
            Entry("Answers fields above 64 KiB with 500.", "RFC9110-5.4-01")
        case .refusesLongTargetsWith400:
            Entry("Answers targets above 64 KiB with 400.", "RFC9112-3-02", standing: .tolerated)
        case .refusesOriginsWith400: Entry("Refuses foreign origins with 400.", "10.2-02", standing: .tolerated)
        case .dropsForeignOrigins: Entry("Drops connections with a foreign Origin.", "4.2.2-06")
        case .dropsOtherResources: Entry("Drops connections for other resources than /.", "4.2.2-09")
        case .omitsContinue: Entry("Accepts a handshake without the 100 that the client waits for.", "RFC9110-7.8-08")
        // websockets/ws#2230 ends a server in this way.
        case .refusesManyFieldsWith500:
            Entry("Answers 500 to a handshake with a thousand fields or more.", "RFC9110-5.4-01")
        case .neverDecides: Entry("Says nothing to a handshake that it may accept or refuse.", "4.2.1-01")
        case .ignoresUpgradeAtWill:
            Entry("Answers 200 to a handshake that it may accept or refuse.", "4.2.1-01", standing: .tolerated)
        case .interimForHTTP10: Entry("Sends a 100 to a client of HTTP/1.0.", "RFC9110-15.2-01")
        default: nil
        }
    }

    private var readingEntry: Entry? {
        switch self {
        case .acceptsRepeatedHost: Entry("Accepts a handshake with two Host fields.", "RFC9112-3.2-05")
        case .acceptsInvalidHost: Entry("Accepts any Host.", "RFC9112-3.2-06")
        case .acceptsInvalidTarget:
            Entry("Accepts any request target.", "RFC9112-3.2-01", standing: .tolerated)
        case .acceptsMalformedRequestLine: Entry("Accepts any request line.", "4.2.1-01", "RFC9112-2.3-01")
        case .acceptsRepeatedKey: Entry("Accepts a handshake with two keys.", "4.2.1-01", standing: .tolerated)
        case .acceptsRepeatedVersion:
            Entry("Accepts a handshake with two Sec-WebSocket-Version fields.", "4.2.1-01", standing: .tolerated)
        case .acceptsMalformedSubprotocols:
            Entry("Overlooks Sec-WebSocket-Protocol outside its grammar.", "8.1-03", "4.2.1-01")
        case .acceptsMalformedExtensions:
            Entry("Overlooks Sec-WebSocket-Extensions outside its grammar.", "9.1-01")
        case .acceptsSpaceBeforeColon: Entry("Accepts whitespace before the colon of a field.", "RFC9112-5.1-01")
        case .acceptsMalformedFields:
            Entry("Overlooks lines that are no field lines.", "RFC9112-2.2-08", standing: .tolerated)
        case .readsCRAsLineEnd: Entry("Takes a CR without LF for the end of a line.", "RFC9112-2.2-03")
        case .readsFoldsAsFields:
            Entry("Takes lines that begin with whitespace for fields.", "RFC9112-5.2-02", "RFC9112-2.2-07")
        case .cutsValuesAtNUL: Entry("Reads lines only up to a NUL.", "RFC9110-5.5-02")
        case .overlooksContent:
            Entry("Takes the content of a handshake for frames.", "RFC9110-7.8-11", "RFC9112-6.3-03", "RFC9112-6.3-04")
        case .acceptsAnything:
            Entry("Accepts a connection at its first octets, whatever they are.", "10.7-01", "4.2.1-01", "4.2.1-02")
        case .normalizesKeys: Entry("Hashes the key as it would encode it, not as it came.", "4.2.2-21", "4.3-09")
        case .readsPlusAsSpace: Entry("Takes a plus sign in a key for a space.", "4.2.2-21", "4.3-09")
        default: nil
        }
    }

    private var decliningEntry: Entry? {
        switch self {
        case .requiresCanonicalNames:
            Entry("Refuses field names in another case than the usual one.", "4.2.1-17", "RFC9110-5.1-01", "4.2.2-01")
        case .requiresHostFirst: Entry("Refuses a handshake that does not begin with Host.", "4.2.1-16", "4.2.2-01")
        case .refusesUnknownFields:
            Entry(
                "Refuses a handshake with fields it does not know.",
                "4.2.1-15",
                "4.1-38",
                "RFC9110-5.1-02",
                "4.2.2-01"
            )
        case .refusesOtherWhitespace:
            Entry("Refuses values with other whitespace than one space before.", "RFC9110-5.5-01", "RFC9112-5.1-02")
        case .refusesAbsoluteForm: Entry("Refuses an absolute address as the target.", "RFC9112-3.2.2-01", "4.2.1-03")
        case .refusesLaterMinorVersion: Entry("Refuses HTTP/1.2.", "RFC9110-6.2-01", standing: .tolerated)
        case .refusesUpgradeList:
            Entry("Refuses an Upgrade that lists more than websocket.", "RFC9110-7.8-10", standing: .tolerated)
        case .refusesEmptyElements: Entry("Refuses lists with empty elements.", "RFC9110-5.6.1.2-01", "4.3-08")
        case .refusesRepeatedLists:
            Entry(
                "Refuses lists that stand on two lines.",
                "9.1-04",
                "RFC9110-5.2-01",
                "11.3.2-01",
                "11.3.4-01",
                "4.2.2-01"
            )
        case .refusesLeadingEmptyLine:
            Entry("Refuses an empty line before the request line.", "RFC9112-2.2-05", standing: .tolerated)
        case .refusesPieces: Entry("Refuses a handshake that comes in several reads.", "4.2.2-01")
        case .refusesLongRequestLine:
            Entry("Refuses request lines above 4096 octets with 414.", "RFC9112-3-03", standing: .tolerated)
        case .refusesQuotedValues:
            Entry(
                "Refuses parameters of extensions in quotes.",
                "9.1-03",
                "RFC7692-5.2-01",
                "RFC9110-5.6.4-01",
                "4.2.2-01"
            )
        case .refusesWhitespaceInLists:
            Entry("Refuses whitespace before a separator of extensions.", "4.3-08", "4.2.2-01")
        case .refusesOtherHostOfTarget:
            Entry("Refuses an absolute target whose host is not that of Host.", "RFC9112-3.2.2-02", "RFC9112-3.2.2-01")
        case .requiresExtension:
            Entry("Refuses a handshake that offers only extensions it does not know.", "4.2.1-14", "4.2.2-01")
        case .requiresSubprotocol: Entry("Refuses a handshake over its subprotocols.", "4.2.1-13", standing: .allowed)
        case .requiresSubprotocolField:
            Entry("Refuses a handshake that asks for no subprotocol.", "4.2.1-13", "4.2.2-01")
        case .closesOverSubprotocols:
            Entry("Accepts a handshake and closes with 4001 over its subprotocols.", "4.2.1-13", standing: .allowed)
        case .refusesChosenKeys: Entry("Refuses keys that do not look random.", "4.2.2-01")
        case .refusesUnknownExtensions:
            Entry("Refuses a handshake over any extension that it does not know.", "4.2.1-14", "4.2.2-01")
        case .refusesExpectations: Entry("Refuses every expectation with 417.", "RFC9110-10.1.1-01", standing: .allowed)
        default: nil
        }
    }
}
