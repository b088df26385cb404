import WSProtocol

/// The defects of clients in negotiating compression.
extension ClientDefect {
    /// The description of a defect in negotiating compression; nil for other defects.
    var compressionEntry: ModelDefect.Entry? { offeringEntry ?? takingEntry }

    private var offeringEntry: ModelDefect.Entry? {
        switch self {
        case .offersNoCompression:
            ModelDefect.Entry("Offers no compression.", "RFC7692-5-14", standing: .allowed)
        case .offersInvalidServerWindow:
            ModelDefect.Entry("Offers server_max_window_bits without a value.", "RFC7692-7.1.2.1-02")
        case .offersInvalidClientWindow:
            ModelDefect.Entry("Offers client_max_window_bits=16.", "RFC7692-7.1.2.2-02")
        case .offersTakeoverValues:
            ModelDefect.Entry(
                "Offers permessage-deflate with a value where none belongs.",
                "RFC7692-7.1.1.1-02",
                "RFC7692-7.1.1.2-02",
                standing: .tolerated
            )
        case .offersServerTakeoverValue:
            ModelDefect.Entry(
                "Offers server_no_context_takeover with a value.",
                "RFC7692-7.1.1.1-02",
                standing: .tolerated
            )
        case .offersParameterTwice:
            ModelDefect.Entry("Offers permessage-deflate with a parameter twice.", "9.1-06", standing: .tolerated)
        default: nil
        }
    }

    private var takingEntry: ModelDefect.Entry? {
        switch self {
        case .takesUnknownDeflateParameters:
            ModelDefect.Entry("Takes permessage-deflate with parameters that it does not have.", "RFC7692-7-05")
        // Seen in aiohttp and undici.
        case .takesInvalidWindows:
            ModelDefect.Entry("Takes windows that do not exist, or without their size.", "RFC7692-7-06")
        case .takesTakeoverValues:
            ModelDefect.Entry("Takes permessage-deflate with a value where none belongs.", "RFC7692-7-06")
        // Seen in aiohttp.
        case .takesRepeatedDeflateParameters:
            ModelDefect.Entry("Takes permessage-deflate with a parameter twice.", "RFC7692-7-07")
        case .takesUnofferedClientWindow:
            ModelDefect.Entry(
                "Offers no client_max_window_bits and takes it in an answer.",
                "RFC7692-7.1.2.2-06",
                "RFC7692-5-15"
            )
        case .takesLargerServerWindow:
            ModelDefect.Entry(
                "Offers a window of 10 bits and takes any other, or none.",
                "RFC7692-7.1.2.1-07",
                standing: .tolerated
            )
        case .takesMissingServerContext:
            ModelDefect.Entry(
                "Offers server_no_context_takeover and takes an answer without it.",
                "RFC7692-7.1.1.1-06",
                standing: .tolerated
            )
        case .takesCompressionTwice:
            ModelDefect.Entry(
                "Takes an answer with permessage-deflate twice.",
                "RFC7692-7-09",
                "RFC7692-5-15"
            )
        case .refusesUnaskedPromises:
            ModelDefect.Entry(
                "Refuses what a server promises of its own compression unasked.",
                "RFC7692-7.1.1.1-05",
                "RFC7692-7.1.2.1-06",
                "4.1-57"
            )
        case .refusesLargerClientWindow:
            ModelDefect.Entry(
                "Offers a client_max_window_bits of 10 and refuses answers with a larger one.",
                "RFC7692-7.1.2.2-03",
                "RFC7692-7.1.2.2-07",
                "4.1-57"
            )
        case .refusesBlanksInExtensions:
            ModelDefect.Entry("Refuses a blank before a semicolon among extensions.", "4.3-08", "4.1-57")
        case .keepsBackslashes:
            ModelDefect.Entry(
                "Takes a backslash in quotes for a part of the value.",
                "RFC9110-5.6.4-01",
                "9.1-03",
                "4.1-57"
            )
        case .closesOverSmallestWindow:
            ModelDefect.Entry(
                "Sends Close 1002 over an answer with a window of 8 bits, which it does not support.",
                "RFC7692-5.1-01",
                standing: .tolerated
            )
        case .refusesClientContextDemand:
            ModelDefect.Entry(
                "Refuses answers with client_no_context_takeover.",
                "RFC7692-7.1.1.2-05",
                "RFC7692-7.1.1.2-03",
                "4.1-57"
            )
        // coder/websocket#258.
        case .refusesQuotedWindows:
            ModelDefect.Entry("Refuses windows in quotes.", "RFC7692-5.2-01", "9.1-03", "4.1-57")
        // madler/zlib#171 is of the same kind.
        case .cannotInflateSmallestWindow:
            ModelDefect.Entry(
                "Takes an answer with a window of 8 bits and cannot inflate with it.",
                "RFC7692-7-08",
                "RFC7692-6.2-01",
                "4.1-57"
            )
        case .refusesSmallestWindow:
            ModelDefect.Entry("Refuses windows of 8 bits.", "RFC7692-7-08", standing: .allowed)
        default: nil
        }
    }

    /// What a client with the defect offers in place of what it was told to; nil for that.
    var offers: [DeflateOffer]? {
        switch self {
        case .offersNoCompression: []
        case .takesUnofferedClientWindow: [DeflateOffer()]
        case .takesLargerServerWindow: [DeflateOffer(serverMaxWindowBits: 10, clientMaxWindowBits: .any)]
        case .refusesLargerClientWindow: [DeflateOffer(clientMaxWindowBits: .atMost(10))]
        case .takesMissingServerContext: [DeflateOffer(serverNoContextTakeover: true, clientMaxWindowBits: .any)]
        default: nil
        }
    }

    /// A field value with which a client with the defect offers something in addition; nil for nothing.
    var additionalOffer: String? {
        switch self {
        case .offersInvalidServerWindow: "permessage-deflate; server_max_window_bits"
        case .offersInvalidClientWindow: "permessage-deflate; client_max_window_bits=16"
        case .offersTakeoverValues: "permessage-deflate; client_no_context_takeover=1; server_no_context_takeover=1"
        case .offersServerTakeoverValue: "permessage-deflate; server_no_context_takeover=1"
        case .offersParameterTwice: "permessage-deflate; client_max_window_bits; client_max_window_bits"
        default: nil
        }
    }

    /// Whether a client with the defect ignores this problem of an accepted permessage-deflate.
    func overlooks(_ problem: DeflateProblem) -> Bool {
        switch (self, problem) {
        case (.acceptsUnaskedExtension, .notOffered), (.acceptsUnaskedExtension, .sharedReservedBit),
            (.takesUnknownDeflateParameters, .unknownParameter), (.takesInvalidWindows, .invalidValue),
            (.takesInvalidWindows, .missingValue), (.takesTakeoverValues, .unexpectedValue),
            (.takesRepeatedDeflateParameters, .repeatedParameter),
            (.takesUnofferedClientWindow, .unofferedClientWindow),
            (.takesLargerServerWindow, .largerServerWindow), (.takesLargerServerWindow, .missingServerWindow),
            (.takesMissingServerContext, .missingServerContext), (.takesCompressionTwice, .repeatedElement):
            true
        default: false
        }
    }

    /// Whether a client with the defect refuses this valid answer, with these values of its field.
    func refuses(_ answer: DeflateAnswer, _ values: [String]) -> Bool {
        switch self {
        case .refusesUnaskedPromises: answer.serverNoContextTakeover || answer.serverMaxWindowBits != nil
        case .refusesClientContextDemand: answer.clientNoContextTakeover
        case .refusesQuotedWindows: values.contains { $0.contains("\"") }
        case .refusesLargerClientWindow: answer.clientMaxWindowBits ?? 0 > 10
        case .refusesBlanksInExtensions: values.contains { $0.contains(" ;") }
        case .keepsBackslashes: values.contains { $0.contains("\\") }
        case .refusesSmallestWindow: answer.serverMaxWindowBits == 8 || answer.clientMaxWindowBits == 8
        default: false
        }
    }
}
