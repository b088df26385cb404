/// The defects in negotiating compression, in compressing and in inflating.
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
            Entry("Accepts permessage-deflate with windows that do not exist, or without their size.", "RFC7692-7-02")
        case .acceptsTakeoverValues:
            Entry("Accepts permessage-deflate with a value where none belongs.", "RFC7692-7-02")
        case .acceptsRepeatedDeflateParameters:
            Entry("Accepts permessage-deflate with a parameter twice.", "RFC7692-7-03")
        case .omitsServerContext:
            Entry("Accepts server_no_context_takeover without saying so, and ignores it.", "RFC7692-7.1.1.1-03")
        case .omitsServerWindow:
            Entry("Accepts server_max_window_bits without saying so, and ignores it.", "RFC7692-7.1.2.1-04")
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
            Entry(
                "Answers with a value for server_no_context_takeover and for client_no_context_takeover.",
                "RFC7692-7.1.1.1-02",
                "RFC7692-7.1.1.2-02"
            )
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
                "4.2.2-18",
                "4.2.2-01"
            )
        case .findsDeflateAnywhere:
            Entry("Takes every mention of permessage-deflate for an offer.", "4.2.2-15", "RFC7692-5-13")
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
            Entry("Removes the tail of every fragment of a compressed message.", "RFC7692-7.2.1-08", "RFC7692-7.2.1-01")
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
                "RFC7692-6.1-02",
                "5.6-01",
                "RFC7692-6.2-01"
            )
        case .marksPlainAsCompressed:
            Entry(
                "Sets RSV1 on messages that it has not compressed.",
                "RFC7692-6.1-02",
                "RFC7692-6.1-01",
                "RFC7692-7.2.1-01"
            )
        case .changesTypeOfCompressed:
            Entry("Sends compressed text as binary and binary as text.", "RFC7692-6.1-07", "5.6-01", "RFC7692-6.2-01")
        // intel/zlib#31, dotnet/runtime#50235.
        case .exceedsWindow:
            Entry(
                "Refers back up to 32,768 octets, whatever window was agreed on.",
                "RFC7692-7.2.1-14",
                "RFC7692-7.2.1-16",
                "RFC7692-7.2.2-10",
                "RFC7692-5-16"
            )
        // oven-sh/bun#41629; tornado's client does the same.
        case .keepsContextAnyway:
            Entry(
                "Refers to earlier messages, whatever was agreed on.",
                "RFC7692-7.2.1-10",
                "RFC7692-7.2.1-12",
                "RFC7692-5-16"
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

    private var inflatingEntry: Entry? {
        inflatingBlocksEntry ?? inflatingMessagesEntry
    }

    private var inflatingBlocksEntry: Entry? {
        switch self {
        // Seen in websockets 17.4 and tornado 6.6.1 (boostorg/beast#923).
        case .emptyBehindFinalBlock:
            Entry(
                "Delivers nothing of what follows a final block, in later messages.",
                "RFC7692-7.2.1-06",
                "RFC7692-6.2-01",
                "RFC7692-7.2.2-01"
            )
        // Seen in websockets 17.4, tornado 6.6.1 and ws 8.11.0.
        case .cutsBehindFinalBlock:
            Entry(
                "Loses what follows a final block in its message.",
                "RFC7692-7.2.1-06",
                "RFC7692-6.2-01",
                "RFC7692-7.2.2-01"
            )
        case .rejectsFinalBlocks:
            Entry("Fails the connection over final blocks.", "RFC7692-7.2.1-06", "RFC7692-6.2-01", "RFC7692-7.2.2-01")
        // oven-sh/bun#33592.
        case .rejectsLongFinalBlocks:
            Entry(
                "Fails the connection over final blocks in messages above 4,096 octets.",
                "RFC7692-7.2.1-06",
                "RFC7692-6.2-01",
                "RFC7692-7.2.2-01"
            )
        // lysine-dev/okhttp#8078.
        case .hangsAtBareFinalBlock:
            Entry(
                "Hangs over a message that ends with a final block.",
                "RFC7692-7.2.1-06",
                "RFC7692-7.2.2-11",
                "RFC7692-6.2-01",
                "RFC7692-7.2.2-01"
            )
        case .readsFirstBlockAlone:
            Entry("Reads one block of a message.", "RFC7692-7.2.1-04", "RFC7692-6.2-01", "RFC7692-7.2.2-01")
        case .rejectsStoredBlocks:
            Entry(
                "Fails the connection over stored blocks with content.",
                "RFC7692-7.2.1-05",
                "RFC7692-6.2-01",
                "RFC7692-7.2.2-01"
            )
        // oven-sh/bun#33003.
        case .forgetsContext:
            Entry(
                "Inflates each message alone, though it agreed to more.",
                "RFC7692-7.2.2-03",
                "RFC7692-7.2.2-05",
                "RFC7692-7.1.1.1-07",
                "RFC7692-7.1.1.2-04",
                "RFC7692-6.2-01",
                "RFC7692-7.2.2-01"
            )
        // netty/netty#8395.
        case .swapsContexts:
            Entry(
                "Inflates each message alone where its own messages are to be compressed so.",
                "RFC7692-7.2.2-03",
                "RFC7692-7.2.2-05",
                "RFC7692-6.2-01",
                "RFC7692-7.2.2-01"
            )
        case .losesContextBehindPlain:
            Entry(
                "Forgets its window over an uncompressed message.",
                "RFC7692-7.2.3-01",
                "RFC7692-6.2-01",
                "RFC7692-7.2.2-01"
            )
        // walkor/workerman#1052.
        case .losesContextOfLongMessages:
            Entry(
                "Forgets its window over a message above 65,536 octets.",
                "RFC7692-7.2.2-03",
                "RFC7692-7.2.2-05",
                "RFC7692-6.2-01",
                "RFC7692-7.2.2-01"
            )
        case .addsPlainToContext:
            Entry(
                "Counts uncompressed messages among its window.",
                "RFC7692-7.2.3-01",
                "RFC7692-6.2-01",
                "RFC7692-7.2.2-01"
            )
        // madler/zlib#171 is of the same kind.
        case .rejectsLargestDistances:
            Entry(
                "Inflates with a window of less than 32,768 octets.",
                "RFC7692-7.2.2-07",
                "RFC7692-7.2.2-09",
                "RFC7692-7.1.2.1-08",
                "RFC7692-7.1.2.2-08",
                "RFC7692-6.2-01",
                "RFC7692-7.2.2-01"
            )
        case .rejectsEmptyCompressed:
            Entry(
                "Fails the connection over empty compressed messages.",
                "RFC7692-7.2.3-02",
                "RFC7692-6.2-01",
                "RFC7692-7.2.2-01"
            )
        case .swallowsInvalidDeflate:
            Entry("Delivers what could be inflated of a message that is malformed.", "RFC7692-7.2.2-11")
        case .swallowsTruncatedDeflate:
            Entry("Delivers what could be inflated of a message that ends inside a block.", "RFC7692-7.2.2-11")
        default: nil
        }
    }

    private var inflatingMessagesEntry: Entry? {
        switch self {
        // boostorg/beast#1630.
        case .inflatesEachFrame:
            Entry("Inflates each frame of a message by itself.", "RFC7692-6.2-01", "RFC7692-7.2.3-03")
        case .looksAtLastFrame:
            Entry(
                "Looks for RSV1 on the last frame of a message.",
                "RFC7692-6-02",
                "RFC7692-6.2-01",
                "RFC7692-7.2.3-03",
                "5.6-01"
            )
        // nginx-clojure/nginx-clojure#163.
        case .inflatesPlainMessages:
            Entry(
                "Inflates uncompressed messages behind compressed ones, too.",
                "RFC7692-6-03",
                "RFC7692-6.2-02",
                "RFC7692-6.2-01"
            )
        // python-hyper/wsproto#205, tornadoweb/tornado#3353.
        case .forgetsCompressionAtControl:
            Entry(
                "Delivers a compressed message as it came if a control frame was in it.",
                "RFC7692-6-02",
                "RFC7692-6.2-01",
                "5.4-08",
                "5.4-04"
            )
        case .rejectsControlInsideCompressed:
            Entry(
                "Fails the connection over control frames in compressed messages.",
                "5.4-08",
                "5.4-04",
                "RFC7692-6.2-01"
            )
        // aio-libs/aiohttp#13277.
        case .rejectsCompressedBehindPong:
            Entry(
                "Fails the connection over a compressed message behind a Pong.",
                "5.5.3-03",
                "RFC7692-6-02",
                "RFC7692-6.2-01"
            )
        // oven-sh/bun#33001.
        case .dropsCutHeaders:
            Entry("Drops frames with RSV1 whose header comes in two reads.", "RFC7692-6.2-01", "6.2-01")
        // uNetworking/uWebSockets#1650.
        case .writesTailIntoBuffer:
            Entry("Writes the tail of a compressed message over the frame behind it.", "RFC7692-6.2-01", "6.2-01")
        case .swallowsRSV1OnContinuations: Entry("Overlooks RSV1 on continuation frames.", "RFC7692-6.1-06")
        case .swallowsRSV1OnControl: Entry("Overlooks RSV1 on control frames.", "RFC7692-6.1-05")
        case .checksUTF8OfPayload:
            Entry("Requires UTF-8 of text before it is inflated.", "RFC7692-6.1-09", "RFC7692-6.2-01")
        case .swallowsInvalidInflatedText: Entry("Requires no UTF-8 of inflated text.", "RFC7692-6.1-08", "8.1-01")
        // python-websockets/websockets#1715.
        case .cutsAboveLimit:
            Entry(
                "Cuts what inflates to a little more than 65,536 octets.",
                "10.4-01",
                "7.4.1-09",
                "6.2-01",
                "RFC7692-6.2-01"
            )
        // CVE-2026-54464.
        case .limitsPayloadAlone:
            Entry("Closes with 1009 above 65,536 octets before they are inflated.", "10.4-01", "10.4-02")
        default: nil
        }
    }
}
