/// The defects in negotiating compression and in compressing; those in inflating are in a file of their own.
extension ModelDefect {
    /// The description of a defect in compression; nil for other defects.
    var compressionEntry: Entry? {
        answeringEntry ?? compressingEntry ?? inflatingEntry
    }

    private var answeringEntry: Entry? {
        switch self {
        // Seen in bandit (8156921), wsproto and tornado.
        case .acceptsUnknownDeflateParameters:
            Entry("Accepts permessage-deflate with parameters that it does not have.", "RFC7692-7-01")
        // oven-sh/bun#41629; aiohttp accepts a missing value.
        case .acceptsInvalidWindows:
            Entry(
                "Accepts permessage-deflate with windows that do not exist, or without their size.",
                "RFC7692-7-02",
                "RFC7692-5-13"
            )
        case .acceptsTakeoverValues:
            Entry("Accepts permessage-deflate with a value where none belongs.", "RFC7692-7-02")
        case .acceptsRepeatedDeflateParameters:
            Entry("Accepts permessage-deflate with a parameter twice.", "RFC7692-7-03")
        case .omitsServerContext:
            Entry("Accepts server_no_context_takeover without saying so, and ignores it.", "RFC7692-7.1.1.1-03")
        case .omitsServerWindow:
            Entry(
                "Accepts server_max_window_bits without saying so, and ignores it.",
                "RFC7692-7.1.2.1-04",
                "RFC7692-7.1.2.1-03",
                "RFC7692-7-04"
            )
        // oven-sh/bun#41629.
        case .enlargesServerWindow:
            Entry("Answers with a larger window than the client can receive.", "RFC7692-7.1.2.1-04")
        case .invalidServerWindow: Entry("Answers with server_max_window_bits=16.", "RFC7692-7.1.2.1-05")
        case .limitsClientUnasked:
            Entry("Answers with client_max_window_bits though it was not offered.", "RFC7692-7.1.2.2-05")
        // bisq-network/bisq2#4932.
        case .readsParametersOfOthers:
            Entry("Takes what other extensions were offered with for its own parameters.", "RFC7692-7.1.2.2-05")
        case .omitsClientWindowValue:
            Entry("Answers with client_max_window_bits and no value for it.", "RFC7692-7.1.2.2-04")
        case .repeatsDeflateParameter: Entry("Answers with a parameter of permessage-deflate twice.", "9.1-06")
        case .givesTakeoverValue:
            Entry("Answers with a value for server_no_context_takeover.", "RFC7692-7.1.1.1-02")
        case .givesClientTakeoverValue:
            Entry("Answers with a value for client_no_context_takeover.", "RFC7692-7.1.1.2-02")
        case .acceptsCompressionTwice: Entry("Accepts permessage-deflate twice in one answer.", "RFC7692-5-08")
        case .refusesInvalidOffers:
            Entry(
                "Refuses a handshake for an offer that is not valid, though a valid one is beside it.",
                "RFC7692-5-02",
                "RFC7692-5-14",
                "4.2.2-01"
            )
        // crossbario/autobahn-python#276; tornado does the same.
        case .refusesSmallestWindow:
            Entry(
                "Answers 500 to a window of 8 bits.",
                "RFC7692-7.1.2.1-03",
                "RFC7692-5-14",
                "RFC7692-7-04",
                "4.2.2-01",
                "4.2.2-18"
            )
        // tornado does it for some.
        case .refusesParameters:
            Entry(
                "Answers 500 to an offer of permessage-deflate that has parameters.",
                "4.2.2-01",
                "4.2.2-18",
                "RFC7692-5-05",
                "RFC7692-7.1.1.1-01",
                "RFC7692-7.1.1.2-01",
                "RFC7692-7.1.2.1-01",
                "RFC7692-7.1.2.2-01"
            )
        case .findsDeflateAnywhere:
            Entry("Takes every mention of permessage-deflate for an offer.", "4.2.2-15")
        case .prefersLastOffer:
            Entry("Accepts the last of several offers.", "RFC7692-5-03", "9.1-09", standing: .tolerated)
        case .limitsEverything:
            Entry(
                "Answers with every limit that an answer can have.",
                "RFC7692-5-08",
                standing: .allowed
            )
        case .declinesCompression: Entry("Declines every offer of compression.", "RFC7692-5-14", standing: .allowed)
        default: nil
        }
    }

    private var compressingEntry: Entry? {
        switch self {
        case .leavesTail: Entry("Leaves 00 00 FF FF at the end of compressed messages.", "RFC7692-7.2.1-03")
        case .removesOctetTooMuch:
            Entry(
                "Removes five octets from the end of compressed messages.",
                "RFC7692-7.2.1-03",
                "RFC7692-7.2.1-02",
                "RFC7692-7.2.1-01"
            )
        case .removesTailOfFragments:
            Entry("Removes the tail of every fragment of a compressed message.", "RFC7692-7.2.1-08")
        case .endsInsideBlock:
            Entry("Ends compressed messages inside a block.", "RFC7692-7.2.1-02", "RFC7692-7.2.1-01")
        case .endsWithFinalBlock:
            Entry("Ends compressed messages with a final block and nothing behind it.", "RFC7692-7.2.1-02")
        // warmcat/libwebsockets#1413.
        case .cutsIncompressible:
            Entry(
                "Loses the end of long messages that do not become shorter.",
                "RFC7692-7.2.1-02",
                "RFC7692-7.2.1-03",
                "RFC7692-7.2.1-01"
            )
        case .corruptsBlock: Entry("Sends blocks of a type that does not exist.", "RFC7692-7.2.1-01")
        case .padsWithOnes: Entry("Fills the octet in which a final block ends with ones.", "RFC7692-7.2.1-07")
        case .setsRSV1OnContinuations:
            Entry("Sets RSV1 on all frames of compressed messages.", "RFC7692-6.1-04")
        case .setsRSV1OnControl: Entry("Sets RSV1 on Pongs.", "RFC7692-6.1-03")
        case .compressesControl: Entry("Compresses Pongs.", "RFC7692-6-01", "RFC7692-6.1-03")
        case .omitsRSV1:
            Entry(
                "Leaves RSV1 out of compressed messages.",
                "RFC7692-6.1-01",
                "5.6-01",
                "RFC7692-6.2-01"
            )
        case .marksPlainAsCompressed:
            Entry("Sets RSV1 on messages that it has not compressed.", "RFC7692-6.1-02")
        case .changesTypeOfCompressed:
            Entry("Sends compressed text as binary and binary as text.", "RFC7692-6.1-07", "5.6-01", "RFC7692-6.2-01")
        // intel/zlib#31, dotnet/runtime#50235.
        case .exceedsWindow:
            Entry(
                "Refers back up to 32,768 octets, whatever window was agreed on.",
                "RFC7692-7.2.1-14",
                "RFC7692-7.2.1-16",
                "RFC7692-7.2.2-10",
                "RFC7692-7-08"
            )
        // oven-sh/bun#41629; tornado's client does the same.
        case .keepsContextAnyway:
            Entry(
                "Refers to earlier messages, whatever was agreed on.",
                "RFC7692-7.2.1-10",
                "RFC7692-7.2.1-12"
            )
        // sockudo/sockudo-ws#14.
        case .compressesInVain:
            Entry(
                "Compresses messages that it then sends as they are, and refers to them later.",
                "RFC7692-7.2.3-01",
                "RFC7692-7.2.1-01"
            )
        // faye/websocket-driver-node#11.
        case .echoesCompressedLate:
            Entry("Inflates compressed messages behind everything else of a read.", "5.5.1-06", "6.2-01")
        case .startsEachMessageAnew:
            Entry(
                "Refers to no earlier message, though it might.",
                "RFC7692-7.2.1-11",
                "RFC7692-7.2.1-13",
                standing: .allowed
            )
        case .compressesNothing:
            Entry("Agrees to compression and compresses nothing.", "RFC7692-6.1-02", standing: .allowed)
        default: nil
        }
    }
}
