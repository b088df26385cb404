/// The defects in reading compressed messages.
extension ModelDefect {
    /// The description of a defect in inflating; nil for other defects.
    var inflatingEntry: Entry? {
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
                "RFC7692-7.2.2-01",
                "RFC7692-7.2.1-11",
                "RFC7692-7.2.1-13"
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
                "RFC7692-7.2.2-01",
                "RFC7692-7.2.2-03",
                "RFC7692-7.2.2-05"
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
                "RFC7692-7.2.2-01",
                "RFC7692-7.2.2-03",
                "RFC7692-7.2.2-05"
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
                "RFC7692-7.2.2-01",
                "RFC7692-7.2.1-15",
                "RFC7692-5-04"
            )
        // wsproto does so where it has passed over an offer with a small window of the client.
        case .inflatesWithSmallWindow:
            Entry(
                "Inflates with a window of 1,024 octets, whatever was agreed on.",
                "RFC7692-7.2.2-09",
                "RFC7692-7.2.2-07",
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
        case .rejectsCompressed:
            Entry(
                "Agrees to compression and fails the connection over every compressed message.",
                "RFC7692-5-07",
                "RFC7692-5-16",
                "RFC7692-6.2-01"
            )
        case .inflatesUnagreed:
            Entry("Inflates messages with RSV1 where nothing was agreed on.", "5.2-03", "RFC7692-5-14")
        case .inflatesEveryMessage:
            Entry("Inflates every message where compression is in use.", "RFC7692-6-03", "RFC7692-6.2-02")
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
        case .limitsEachFragment:
            Entry("Closes with 1009 over a fragment above 65,536 octets inflated, not over all of them.", "10.4-01")
        // zaphoyd/websocketpp#1191.
        case .roundsLimitUp:
            Entry("Closes with 1009 above 65,536 octets; inflated ones pass up to 66,560.", "10.4-01")
        default: nil
        }
    }
}
