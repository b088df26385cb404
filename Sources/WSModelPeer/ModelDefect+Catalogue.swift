extension ModelDefect {
    /// One sentence that says what the server does.
    package var summary: String { entry.summary }

    /// The ids of the requirements that the defect violates, or whose freedom it uses.
    package var requirements: [String] { entry.requirements }

    /// The relation of the defect to the RFC.
    package var standing: Standing { entry.standing }

    /// Whether a server with the defect still conforms.
    package var isConforming: Bool { standing == .allowed }

    struct Entry {
        var summary: String
        var requirements: [String]
        var standing: Standing

        init(_ summary: String, _ requirements: String..., standing: Standing = .broken) {
            self.summary = summary
            self.requirements = requirements.map { $0.first?.isLetter == true ? $0 : "RFC6455-" + $0 }
            self.standing = standing
        }
    }

    private var entry: Entry {
        handshakeEntry ?? compressionEntry ?? streamEntry ?? connectionEntry
    }

    private var connectionEntry: Entry {
        switch self {
        case .wrongAccept: Entry("Answers with a Sec-WebSocket-Accept that does not fit the key.", "4.2.2-21")
        case .missingAccept: Entry("Answers without Sec-WebSocket-Accept.", "4.2.2-21")
        case .unpaddedAccept: Entry("Leaves the padding off its Sec-WebSocket-Accept.", "4.3-09", "4.2.2-21")
        case .repeatedAccept: Entry("Answers with two Sec-WebSocket-Accept fields.", "11.3.3-01")
        case .status200: Entry("Answers with status 200 instead of 101.", "4.2.2-18")
        case .malformedStatusLine: Entry("Answers with a status code of four digits.", "4.2.2-17")
        case .http10Response: Entry("Answers in HTTP/1.0.", "4.2.2-17")
        case .missingUpgradeField: Entry("Answers without Upgrade.", "4.2.2-19", "RFC9110-7.8-02")
        case .wrongUpgradeField: Entry("Answers with Upgrade: h2c.", "4.2.2-19")
        case .upgradeList: Entry("Answers with Upgrade: websocket, h2c.", "4.2.2-19")
        case .missingConnectionField: Entry("Answers without Connection.", "4.2.2-20")
        case .wrongConnectionField: Entry("Answers with Connection: keep-alive.", "4.2.2-20")
        case .unaskedSubprotocol: Entry("Names a subprotocol when the client asks for none.", "4.2.2-11")
        case .unofferedSubprotocol: Entry("Names another subprotocol than those asked for.", "4.2.2-10")
        case .emptySubprotocol: Entry("Answers with an empty Sec-WebSocket-Protocol.", "4.2.2-12")
        case .subprotocolList: Entry("Names two subprotocols in one field.", "4.2.2-13", "4.3-06", "11.5-01")
        case .repeatedSubprotocol: Entry("Answers with two Sec-WebSocket-Protocol fields.", "11.3.4-02")
        case .unofferedExtension:
            Entry("Accepts an extension that the client does not offer.", "4.2.2-15", "9-03", "4.2.2-14")
        case .emptyExtension: Entry("Answers with an empty Sec-WebSocket-Extensions.", "4.2.2-16")
        case .malformedExtension: Entry("Answers with Sec-WebSocket-Extensions outside its grammar.", "4.3-02")
        case .quotesWhatIsNoToken:
            Entry("Accepts an extension with a quoted value that is no token.", "4.3-03", "9.1-02")
        case .contentLengthInAnswer: Entry("Answers 101 with Content-Length.", "RFC9110-8.6-01")
        case .transferEncodingInAnswer: Entry("Answers 101 with Transfer-Encoding.", "RFC9112-6.1-01")

        case .acceptsPost:
            Entry("Accepts a handshake whose method is not GET.", "4.2.1-02", "RFC9110-9.1-03", "4.2.1-01")
        case .acceptsHTTP10: Entry("Accepts a handshake of HTTP/1.0.", "4.2.1-02", "RFC9110-7.8-06")
        case .acceptsMissingHost: Entry("Accepts a handshake without Host.", "4.2.1-04", "RFC9112-3.2-04", "4.2.1-01")
        case .acceptsMissingUpgrade:
            Entry("Accepts a handshake whose Upgrade is not websocket.", "4.2.1-05", "RFC9110-7.8-03", "4.2.1-01")
        case .acceptsMissingConnection:
            Entry("Accepts a handshake whose Connection lacks Upgrade.", "4.2.1-07", "4.2.1-01")
        case .acceptsMissingKey: Entry("Accepts a handshake without Sec-WebSocket-Key.", "4.2.1-09", "4.2.1-01")
        case .acceptsInvalidKey:
            Entry("Accepts any Sec-WebSocket-Key.", "4.2.1-10", "4.2.2-07", standing: .allowed)
        case .acceptsMissingVersion: Entry("Accepts a handshake without Sec-WebSocket-Version.", "4.2.1-11", "4.2.1-01")
        case .acceptsWrongVersion: Entry("Accepts any Sec-WebSocket-Version.", "4.2.2-08", "IANA-version-01")
        case .omitsSupportedVersions: Entry("Refuses a version without naming its own.", "4.2.2-08", "4.4-01")
        case .caseSensitiveUpgrade:
            Entry("Refuses Upgrade: WebSocket for its capitals.", "4.2.1-06", "RFC9110-7.8-01", "4.2.2-01")
        case .caseSensitiveConnection:
            Entry("Refuses Connection: upgrade for its small letter.", "4.2.1-08", "RFC9110-7.6.1-01", "4.2.2-01")
        case .refusesConnectionList: Entry("Refuses Connection: keep-alive, Upgrade.", "4.2.1-08", "4.2.2-01")
        case .requiresOrigin: Entry("Refuses a handshake without Origin.", "4.2.1-18", "4.2.2-01")

        case .masksFrames: Entry("Masks its frames.", "5.1-05")
        case .setsRSV1: Entry("Sets RSV1 on echoes though no extension is in use.", "5.2-02", "5.8-01", "IANA-rsv-01")
        case .sendsReservedOpcode:
            Entry("Sends a frame of opcode 3 before each echo.", "5.8-01", "IANA-opcode-01")
        case .sendsOrphanContinuation: Entry("Sends a continuation frame before each echo.", "5.4-02")
        case .interleavesEcho: Entry("Begins another message before each echo and leaves it open.", "5.4-07", "5.4-15")
        case .nonMinimalLength: Entry("Writes every payload length in 64 bits.", "5.2-10")
        case .lengthTopBit: Entry("Sets the top bit of an echo's 64-bit length.", "5.2-09", "6.1-03")

        case .ignoresEarlyPings: Entry("Answers no Ping before the first message.", "5.5.2-04", "5.5.2-02")
        case .neverPongs: Entry("Answers no Ping.", "5.5.2-02")
        case .wrongPongPayload: Entry("Changes a bit of each Pong's last octet.", "5.5.3-01", "5.5.2-02")
        case .oversizedPong: Entry("Fills Pongs up to 126 octets.", "5.5-01", "5.5.3-01", "5.5.2-02")
        case .fragmentsPong: Entry("Cuts Pongs into two frames.", "5.4-05", "5.5-02")
        case .pongAfterEcho:
            Entry("Holds Pongs back until it has echoed or closes.", "5.5.2-03", standing: .tolerated)
        case .gluesMessageIntoPong:
            Entry("Puts what has come of an open message before the octets of a Pong.", "5.5.3-01")
        case .answersOnlyLastPing:
            Entry("Answers only the last of the Pings that arrive together.", "5.5.3-02", standing: .allowed)
        case .unsolicitedPong:
            Entry("Sends a Pong that nobody asked for before each echo.", "5.5.3-03", standing: .allowed)
        case .pingsInsideFrames:
            Entry("Sends a Ping of its own whenever a data frame begins.", "5.5.2-04", standing: .allowed)
        case .answersPong: Entry("Answers Pong with Pong.", "5.5.3-03", standing: .tolerated)
        case .rejectsPong: Entry("Fails the connection when an unasked Pong arrives.", "5.5.3-03", "6.2-01", "5.5.2-02")

        case .dropsEcho: Entry("Echoes nothing.", "6.2-01", "6.1-09")
        case .echoesTwice: Entry("Echoes everything twice.", "6.2-01")
        case .corruptsEcho: Entry("Changes a bit of each echo's last octet.", "5.3-05", "6.2-01")
        case .truncatesEcho: Entry("Leaves out each echo's last octet.", "5.4-03", "6.1-09", "6.2-01", "5.4-10")
        case .wrongEchoType: Entry("Echoes text as binary and binary as text.", "6.2-03", "6.1-05", "6.2-01", "5.4-10")
        case .invalidUTF8Echo: Entry("Adds an octet to text echoes that UTF-8 does not have.", "5.6-01")
        case .truncatedUTF8Echo: Entry("Ends text echoes inside a character.", "5.6-01")
        case .fragmentsEcho: Entry("Cuts echoes into two frames.", "5.4-09", standing: .allowed)
        case .echoesFragments:
            Entry("Echoes each fragment as a message of its own.", "5.4-03", "6.2-04", "5.4-16", "5.4-10")
        case .reversesFragments:
            Entry("Puts the fragments of a message together from the last to the first.", "5.4-06", "5.4-10")
        case .leavesEchoOpen: Entry("Sends echoes without FIN.", "6.1-06", "6.2-01")
        case .echoesMasked: Entry("Sends payloads back as they came, masked.", "6.2-06")
        case .countsKeyAsPayload: Entry("Counts the masking key among the octets of the payload.", "5.3-06", "6.2-01")
        case .waitsForContinuation: Entry("Waits for a continuation of messages of one frame, too.", "5.2-01", "6.2-01")
        case .dropsMessagesWhileSending: Entry("Drops messages that come while it is sending.", "5.1-08", "6.2-01")
        case .restartsKeyPerRead: Entry("Begins the masking key anew with each read.", "5.3-05", "6.2-01", "6.2-06")

        // GNOME/libsoup@109bb2f6.
        case .cutsTextAtNUL: Entry("Echoes text up to the first NUL.", "8.1-04", "5.4-10", "6.2-01")

        case .swallowsRSV: Entry("Overlooks reserved bits.", "5.2-03", "5.2-04", "7.1.7-02", "7.1.7-03")
        case .swallowsReservedOpcode: Entry("Skips frames of reserved opcodes.", "5.2-05", "7.1.7-02")
        case .swallowsFragmentedControl:
            Entry("Takes control frames with FIN clear as whole.", "10.7-01", "7.1.7-02", "7.1.7-03")
        case .swallowsOversizedControl:
            Entry("Takes the first 125 octets of longer control frames.", "10.7-01", "7.1.7-02", "7.1.7-03")
        case .swallowsOrphanContinuation: Entry("Skips continuation frames outside a message.", "5.4-02", "5.4-01")
        case .swallowsInterleavedMessage: Entry("Drops an unfinished message when another begins.", "10.7-01")
        case .joinsMessagesBehindControl:
            Entry("Takes a data frame behind a control frame inside a message for a continuation.", "10.7-01")
        case .swallowsUnmasked: Entry("Takes unmasked frames.", "5.1-03", "5.1-04", "7.1.7-02")
        case .swallowsNonMinimalLength: Entry("Takes lengths that are not minimal.", "5.2-11")
        case .swallowsLengthTopBit: Entry("Waits for the payload of a length with its top bit set.", "10.7-01")
        case .swallowsInvalidUTF8: Entry("Echoes text that is not UTF-8.", "8.1-01", "7.1.7-02")
        case .swallowsTruncatedUTF8: Entry("Echoes text that ends inside a character.", "8.1-01")
        case .lateUTF8Check:
            Entry("Refuses text that is not UTF-8 only once it is complete.", "8.1-01", standing: .tolerated)
        case .lateUTF8CheckAfterPing:
            Entry(
                "Checks the UTF-8 of a text with a Ping in it only once it is complete.",
                "8.1-01",
                standing: .tolerated
            )
        case .acceptsOneByteClose: Entry("Answers a one-octet Close as if it were empty.", "10.7-01", "7.1.7-03")
        case .acceptsInvalidCloseCode:
            Entry(
                "Echoes close codes that must not be sent.",
                "7.4.1-02",
                "7.4.1-03",
                "7.4.2-01",
                "7.4.2-02",
                "7.4.2-05",
                "7.4.1-04",
                "7.4.1-05",
                "10.7-01"
            )
        case .acceptsInvalidCloseReason:
            Entry("Takes close reasons that are not UTF-8.", "8.1-02", standing: .tolerated)
        case .mendsCloseReasons:
            Entry("Sends close reasons back with U+FFFD for what is not UTF-8.", "8.1-02", "5.5-01")
        case .skipsBrokenFrames:
            Entry(
                "Skips frames that it should fail the connection over, and goes on.",
                "10.7-01",
                "5.1-03",
                "5.2-03",
                "5.2-05",
                "7.1.7-02",
                "7.1.7-05",
                "8.1-01"
            )
        case .oneFramePerRead:
            Entry(
                "Takes each read for one frame, whatever its header says.",
                "6.2-01",
                "10.7-01",
                "5.1-03",
                "5.2-03",
                "5.2-05",
                "5.2-08",
                "7.1.7-03"
            )
        // chronoxor/NetCoreServer#279, apache/httpcomponents-client#854.
        case .narrowsLengths:
            Entry("Reads the last 31 bits of a 64-bit length.", "5.2-08", "6.2-01")

        case .rejectsFragmentedMessage: Entry("Fails the connection when a message is fragmented.", "5.4-10", "5.4-09")
        case .rejectsControlInsideMessage:
            Entry("Fails the connection on control frames inside a fragmented message.", "5.4-08", "5.4-04")
        case .rejectsSplitCharacters: Entry("Checks UTF-8 frame by frame.", "5.6-02", "5.4-10")
        case .rejectsNoncharacters: Entry("Refuses text with noncharacters such as U+FFFF.", "8.1-04")
        case .rejectsNonASCII: Entry("Refuses text outside ASCII.", "8.1-04")
        case .expectsJSON:
            Entry("Fails the connection with 1007 over text that cannot be JSON.", "8.1-04", "5.4-10")
        case .rejectsZeroKey: Entry("Takes the masking key 0 for a missing one.", "5.3-07", "6.2-06")
        case .rejectsPrivateCloseCode:
            Entry(
                "Refuses close codes from 3000 to 4999.",
                "7.4.2-03",
                "7.4.2-04",
                "IANA-close-02",
                "5.5.1-07",
                "5.5.1-08"
            )
        case .rejectsOtherCloseCodes:
            Entry(
                "Refuses every close code but 1000.",
                "7.4.1-01",
                "7.4.2-03",
                "IANA-close-01",
                "IANA-close-02",
                "5.5.1-07",
                "5.5.1-08"
            )
        case .rejectsEmptyClose: Entry("Refuses a Close without a code.", "7.4-01", "5.5.1-07", "5.5.1-08")
        case .rejectsCloseBodies: Entry("Refuses a Close with a body.", "5.5.1-01", "5.5.1-07", "5.5.1-08")
        case .rejectsCloseReasons: Entry("Refuses a Close with a reason.", "5.5.1-03", "5.5.1-07", "5.5.1-08")
        case .rejectsPingsWithData: Entry("Fails the connection over a Ping with a payload.", "5.5.2-01", "5.5.2-02")
        case .rejectsEmptyFrames:
            Entry("Takes the masking key of an empty frame for the next frame.", "5.2-12", "6.2-01")
        case .rejectsLength125:
            Entry("Takes the length 125 for an extended one and fails the connection.", "5.2-06", "6.2-01")
        case .readsSignedLengths:
            Entry("Reads 16-bit lengths with a sign and fails over negative ones.", "5.2-07", "6.2-01")
        case .rejects64BitLengths: Entry("Fails the connection over lengths of 64 bits.", "5.2-08", "6.2-01")
        case .wrongLimitCode: Entry("Closes with 1002 above 65536 octets.", "7.4.1-09", "6.2-01")
        case .closesAbove64K: Entry("Closes with 1009 above 65536 octets.", "10.4-02", standing: .allowed)
        case .refusesBinary: Entry("Closes with 1003 over binary messages.", "7.4.1-06", standing: .allowed)
        case .resetsOnBinary: Entry("Resets the connection when a binary message begins.", "5.6-03", "7.3-03", "6.2-01")

        case .dropsWithoutClose:
            Entry("Fails the connection without a Close frame.", "7.1.7-03", "10.7-03", standing: .tolerated)
        case .wrongFailureCode: Entry("Fails the connection with 1000.", "7.1.7-03", "7.4.1-13", "5.1-04", "7.4.1-07")
        case .processesAfterFailure:
            Entry("Goes on answering after it has failed the connection.", "7.1.7-05", "5.5.1-06")
        case .answersBehindViolation:
            Entry("Answers what has come with a violation before it fails the connection.", "7.1.7-05")
        case .ignoresClose: Entry("Answers no Close.", "5.5.1-07")
        case .answersCloseLate:
            Entry("Answers a Close only after one and a half seconds.", "5.5.1-09", standing: .tolerated)
        case .closesTCPLate:
            Entry("Ends TCP only one and a half seconds after both Close frames.", "7.1.1-05", standing: .tolerated)
        case .repliesWrongCode: Entry("Answers every Close with 1001.", "5.5.1-08", standing: .tolerated)
        case .repliesEmptyClose: Entry("Answers every Close with an empty one.", "5.5.1-01", standing: .allowed)
        case .echoesCloseReason: Entry("Sends the close reason back, too.", "5.5.1-03", standing: .allowed)
        case .repliesOneByteClose: Entry("Answers Close with a body of one octet.", "5.5.1-02")
        case .replies999: Entry("Answers Close with 999.", "7.4.2-01")
        case .replies1004: Entry("Answers Close with 1004.", "7.4.1-02", standing: .tolerated)
        case .replies1005: Entry("Answers Close with 1005.", "7.4.1-03", "7.1.5-01")
        case .replies1006: Entry("Answers Close with 1006.", "7.4.1-04", "7.1.5-01")
        case .replies1010: Entry("Answers Close with 1010, which is for clients.", "7.4.1-11", standing: .tolerated)
        case .replies1015: Entry("Answers Close with 1015.", "7.4.1-05")
        case .replies2999: Entry("Answers Close with 2999, which is not defined.", "7.4.2-02", standing: .tolerated)
        case .replies5000: Entry("Answers Close with 5000.", "7.4.2-05", "IANA-close-03", standing: .tolerated)
        case .closeReasonNotUTF8: Entry("Gives close reasons that are not UTF-8.", "7.1.6-01")
        case .dataAfterClose: Entry("Sends a text frame after its Close.", "5.5.1-06", "6.1-01", "6.1-02")
        case .repeatsClose: Entry("Sends each Close twice.", "5.5.1-07", "5.5.1-15", standing: .tolerated)
        case .neverClosesTCP:
            Entry(
                "Leaves TCP open after both Close frames.",
                "5.5.1-11",
                "5.5.1-12",
                "7.1.1-03",
                "7.1.2-02",
                "7.1.7-02",
                "5.5.1-15"
            )
        case .resetsAfterClose:
            Entry("Ends TCP with a reset after both Close frames.", "7.1.1-01", standing: .tolerated)
        default: Entry("")
        }
    }
}
