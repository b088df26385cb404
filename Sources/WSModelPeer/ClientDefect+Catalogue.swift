/// What the defects of clients do.
extension ClientDefect {
    /// The description of the defect.
    var entry: ModelDefect.Entry {
        compressionEntry ?? streamEntry ?? requestEntry ?? answerEntry ?? connectionEntry
    }

    private var requestEntry: ModelDefect.Entry? {
        switch self {
        case .requestsPost: ModelDefect.Entry("Asks with POST.", "4.1-20")
        case .requestsHTTP10: ModelDefect.Entry("Asks in HTTP/1.0.", "4.1-21")
        case .omitsHost: ModelDefect.Entry("Asks without Host.", "4.1-23", "RFC9110-7.2-01", "RFC9112-3.2-02")
        case .omitsUpgrade: ModelDefect.Entry("Asks without Upgrade.", "4.1-24")
        case .omitsConnection:
            ModelDefect.Entry("Asks without Connection.", "4.1-25", "RFC9110-7.6.1-02", "RFC9110-7.8-05")
        case .omitsKey: ModelDefect.Entry("Asks without Sec-WebSocket-Key.", "4.1-26")
        case .shortKey: ModelDefect.Entry("Asks with a key of eight octets.", "4.1-27")
        case .omitsVersion: ModelDefect.Entry("Asks without Sec-WebSocket-Version.", "4.1-32")
        case .asksForVersion8: ModelDefect.Entry("Asks for version 8.", "4.1-33")
        case .asksForEmptySubprotocol:
            ModelDefect.Entry(
                "Asks for no subprotocol in a field of its own.",
                "4.1-35",
                "4.3-05",
                "11.5-01"
            )
        case .asksTwiceForSubprotocol: ModelDefect.Entry("Asks twice for the same subprotocol.", "4.1-36")
        case .writesAddressAsGiven:
            ModelDefect.Entry(
                "Writes the parts of an address as they were given.",
                "4.1-22",
                "3-05",
                "11.1.1-02",
                "11.1.1-03",
                "4.1-03",
                "RFC9112-3.2-03",
                "RFC9112-3.2.1-01"
            )
        case .undoesEscapes: ModelDefect.Entry("Loses the escapes of an address.", "3-02", "3-06")
        case .dropsQuery: ModelDefect.Entry("Drops the query of an address.", "3-06")
        case .asksInHTTP12: ModelDefect.Entry("Asks in HTTP/1.2.", "RFC9110-6.2-02")
        case .offersUnregisteredExtension:
            ModelDefect.Entry(
                "Offers an extension of its own making.",
                "9.1-05",
                "IANA-extension-01",
                standing: .tolerated
            )
        case .offersUnknownParameter:
            ModelDefect.Entry("Offers permessage-deflate with a parameter of its own making.", "9.1-06")
        case .offersMalformedExtension:
            ModelDefect.Entry(
                "Offers an extension outside the grammar.",
                "4.3-02",
                "4.3-03",
                "9.1-02",
                standing: .tolerated
            )
        case .writesEmptyElement:
            ModelDefect.Entry("Writes an empty element into Connection.", "RFC9110-5.6.1.1-01")
        case .repeatsUserAgent: ModelDefect.Entry("Writes User-Agent twice.", "RFC9110-5.3-01")
        case .repeatsKey: ModelDefect.Entry("Writes Sec-WebSocket-Key twice.", "11.3.1-01")
        case .repeatsVersion: ModelDefect.Entry("Writes Sec-WebSocket-Version twice.", "11.3.5-02")
        case .writesVersionWithZero: ModelDefect.Entry("Writes the version as 013.", "4.3-04", "4.1-33")
        case .asksForVersion256: ModelDefect.Entry("Asks for version 256.", "11.6-01", "4.1-33")
        case .writesOriginWithPath: ModelDefect.Entry("Writes an Origin with a path.", "4.1-31", standing: .tolerated)
        case .announcesContent: ModelDefect.Entry("Announces content with its GET.", "RFC9110-9.3.1-01")
        case .omitsPort: ModelDefect.Entry("Leaves the port out of Host.", "4.1-23")
        case .omitsBrackets:
            ModelDefect.Entry("Leaves the brackets of an IPv6 address out of Host.", "4.1-23")
        case .hostBehindOthers:
            ModelDefect.Entry("Writes Host behind the other fields.", "RFC9110-7.2-02", standing: .tolerated)
        case .foldsField: ModelDefect.Entry("Folds a field over two lines.", "RFC9112-5.2-01")
        case .writesBareCarriageReturn: ModelDefect.Entry("Writes a CR into a value.", "RFC9112-2.2-02")
        case .beginsWithEmptyLine: ModelDefect.Entry("Begins with an empty line.", "RFC9112-2.2-04")
        case .beginsWithBlank: ModelDefect.Entry("Writes a space before its first field.", "RFC9112-2.2-06")
        case .writesNameWithSpace: ModelDefect.Entry("Writes a field name with a space.", "RFC9110-2.2-01", "4.1-19")
        case .saysNothing: ModelDefect.Entry("Connects and sends nothing.", "4.1-02", "4.1-18")
        case .misspellsKey: ModelDefect.Entry("Asks with a key that is no base64.", "4.1-27", "4.3-01")
        case .reusesKey: ModelDefect.Entry("Asks with the same key on every connection.", "4.1-28")
        case .sendsFragment: ModelDefect.Entry("Sends the fragment of an address along.", "3-01", "4.1-04")
        case .sendsBeforeAnswer:
            ModelDefect.Entry("Sends a Ping before it has been answered.", "4.1-39", "RFC9110-7.8-07")
        default: nil
        }
    }

    private var answerEntry: ModelDefect.Entry? {
        switch self {
        case .acceptsAnyStatus:
            ModelDefect.Entry(
                "Takes every answer for an acceptance whose status is not 101.",
                "4.1-41",
                "4.1-40",
                "7.2.1-01",
                "RFC9110-15-01",
                "4.1-55",
                "RFC8441-5-11"
            )
        case .ignoresAccept:
            ModelDefect.Entry("Does not look at the value of Sec-WebSocket-Accept.", "4.1-51", "7.2.1-01")
        case .ignoresMissingAccept: ModelDefect.Entry("Does not miss Sec-WebSocket-Accept.", "4.1-50")
        case .takesFirstAccept:
            ModelDefect.Entry("Looks at the first Sec-WebSocket-Accept alone.", "4.1-55")
        case .takesLastAccept:
            ModelDefect.Entry("Looks at the last Sec-WebSocket-Accept alone.", "4.1-55")
        case .ignoresUpgrade: ModelDefect.Entry("Does not look at Upgrade.", "4.1-44", "4.1-45")
        case .ignoresConnection: ModelDefect.Entry("Does not look at Connection.", "4.1-47", "4.1-48")
        case .acceptsUnaskedSubprotocol:
            ModelDefect.Entry(
                "Takes a subprotocol that it has not asked for, and what is none.",
                "4.1-54",
                "4.1-55",
                "8.1-03"
            )
        case .acceptsUnaskedExtension:
            ModelDefect.Entry(
                "Takes an extension that it has not offered, and what is none.",
                "4.1-53",
                "4.1-55",
                "9.1-01",
                "RFC7692-5-10",
                "RFC7692-5-15"
            )
        case .ignoresOtherProblems:
            ModelDefect.Entry("Overlooks everything else that is wrong with an acceptance.", "4.1-55")
        case .requiresCanonicalNames:
            ModelDefect.Entry("Knows field names only in their usual capitals.", "4.1-56", "RFC9110-5.1-01", "4.1-57")
        case .caseSensitiveValues:
            ModelDefect.Entry(
                "Knows websocket and Upgrade only in these letters.",
                "4.1-46",
                "4.1-49",
                "RFC9110-7.6.1-01",
                "RFC9110-7.8-01",
                "4.1-57"
            )
        case .refusesConnectionList:
            ModelDefect.Entry(
                "Takes no list in Connection.",
                "4.1-49",
                "RFC9110-5.2-01",
                "RFC9110-5.6.1.2-01",
                "4.1-57",
                "RFC9110-7.6.1-01"
            )
        case .refusesInterimResponses:
            ModelDefect.Entry("Takes an interim response for the answer.", "RFC9110-15.2-02")
        case .refusesPieces: ModelDefect.Entry("Fails over an answer that comes in several segments.", "4.1-57")
        case .losesFramesBehindAnswer:
            ModelDefect.Entry("Loses frames in the same segment as the answer.", "4.1-57", "4.2.2-23", "6.2-01")
        case .keepsRefusedConnections:
            ModelDefect.Entry("Leaves the connection open when it refuses the answer.", "7.1.7-01")

        case .keepsBlanksOfValues:
            ModelDefect.Entry(
                "Takes blanks around a value for a part of it.",
                "4.1-52",
                "RFC9110-5.5-01",
                "RFC9112-5.1-02",
                "4.1-57"
            )
        case .refusesUnknownFields:
            ModelDefect.Entry("Refuses fields that it does not know.", "RFC9110-5.1-02", "4.1-57")
        case .refusesHigherMinor: ModelDefect.Entry("Refuses versions above HTTP/1.1.", "RFC9110-6.2-01")
        case .readsReasonPhrase: ModelDefect.Entry("Wants a certain reason phrase.", "RFC9112-4-02")
        case .refusesFolding: ModelDefect.Entry("Refuses folded fields.", "RFC9112-5.2-03", standing: .tolerated)
        case .takesBareCarriageReturn:
            ModelDefect.Entry("Takes a bare CR for the end of a line.", "RFC9112-2.2-03", "RFC9110-5.5-02")
        case .takesBlankLedLines:
            ModelDefect.Entry("Takes a line that begins with a blank for a field.", "RFC9112-2.2-07")
        case .readsAnyProtocol:
            ModelDefect.Entry("Reads every first line as one of HTTP/1.1 with 101.", "4.1-40", "4.1-41", "4.1-55")
        case .takesLargeAnswers:
            ModelDefect.Entry("Takes an answer of any length.", "4.1-57", standing: .allowed)
        case .readsFirstLineOfLists:
            ModelDefect.Entry("Looks at the first line of Connection alone.", "4.1-49", "RFC9110-5.2-01", "4.1-57")
        case .wantsFieldsInOrder:
            ModelDefect.Entry("Wants Upgrade before Connection, and that before Sec-WebSocket-Accept.", "4.1-57")
        case .refusesSubprotocols: ModelDefect.Entry("Refuses every answer that names a subprotocol.", "4.1-57")
        case .expectsContentOfInterim:
            ModelDefect.Entry(
                "Takes what follows an interim response with fields for its content, and fails.",
                "RFC9112-6.3-01",
                "RFC9110-15.2-02"
            )
        default: nil
        }
    }

    private var connectionEntry: ModelDefect.Entry {
        switch self {
        case .sendsMessageBeforeAnswer:
            ModelDefect.Entry("Sends the message of its application before it has been answered.", "4.1-39", "6.1-01")
        case .changesTypeOfOwn:
            ModelDefect.Entry("Sends its application's text as binary, and its binary as text.", "6.1-05", "5.6-01")
        case .masksNothing:
            ModelDefect.Entry("Masks no frame.", "5.1-01", "5.2-14", "5.3-01", "5.5.1-05", "6.1-07")
        case .constantMaskingKey: ModelDefect.Entry("Masks every frame with the same key.", "5.3-02", "5.3-04")
        case .countingMaskingKeys:
            ModelDefect.Entry("Counts its masking keys up.", "5.3-03", "5.3-04")
        case .fewMaskingKeys: ModelDefect.Entry("Has sixteen masking keys and no more.", "5.3-02", "10.3-01")
        case .maskingKeysOf31Bits: ModelDefect.Entry("Has masking keys of 31 bits.", "5.3-03")
        case .zeroKeyForEmptyFrames: ModelDefect.Entry("Masks empty frames with zeros.", "5.3-03")
        case .countsKeyInLength:
            ModelDefect.Entry("Counts the masking key among the octets of the payload.", "5.3-06", "6.2-01")
        case .leavesKeyOutOfEmptyFrames:
            ModelDefect.Entry("Sets the mask bit of empty frames and leaves the key out.", "5.2-12", "6.2-01")
        case .swallowsMasked: ModelDefect.Entry("Takes masked frames.", "5.1-06", "5.1-07")

        case .dropsAtClose: ModelDefect.Entry("Ends TCP at a Close and does not answer it.", "5.5.1-07")
        case .dropsInsteadOfClosing:
            ModelDefect.Entry("Ends TCP where its application asks for a Close.", "7.1.2-01", "7.3-03")
        case .closesWithOtherCode:
            ModelDefect.Entry("Closes with another code than its application asks for.", "7.1.2-01")
        case .closesWithOtherReason:
            ModelDefect.Entry("Closes with another reason than its application gives.", "7.1.2-01")
        case .closesBehindAnswer:
            ModelDefect.Entry(
                "Closes with 1000 as soon as it has answered a Ping or a message.",
                "7.3-02",
                "7.1.7-06",
                "7.2.1-03"
            )
        case .echoesBehindItsClose:
            ModelDefect.Entry("Goes on echoing messages behind its own Close frame.", "5.5.1-06")
        case .endsBeforeServer:
            ModelDefect.Entry(
                "Ends TCP as soon as both Close frames are out.",
                "5.5.1-13",
                "7.1.1-06",
                standing: .tolerated
            )
        default: ModelDefect.Entry("")
        }
    }
}
