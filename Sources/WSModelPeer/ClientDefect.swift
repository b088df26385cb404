import WSProtocol

/// A defect of the model client, switched on by its name.
///
/// The client can also have the defects that it shares with the model server (``ModelDefect/showsInClients``).
package enum ClientDefect: String, CaseIterable, Sendable {
    // MARK: What it asks for

    case requestsPost = "requests-post"
    case requestsHTTP10 = "requests-http-1-0"
    case omitsHost = "omits-host"
    case omitsUpgrade = "omits-upgrade"
    case omitsConnection = "omits-connection"
    case omitsKey = "omits-key"
    case shortKey = "short-key"
    case omitsVersion = "omits-version"
    case asksForVersion8 = "asks-for-version-8"
    case asksForEmptySubprotocol = "asks-for-empty-subprotocol"
    case asksTwiceForSubprotocol = "asks-twice-for-subprotocol"
    case sendsBeforeAnswer = "sends-before-answer"
    case saysNothing = "says-nothing"
    case misspellsKey = "misspells-key"
    case reusesKey = "reuses-key"
    case sendsFragment = "sends-fragment"
    case writesAddressAsGiven = "writes-address-as-given"
    case undoesEscapes = "undoes-escapes"
    case dropsQuery = "drops-query"
    case asksInHTTP12 = "asks-in-http-1-2"
    case offersUnregisteredExtension = "offers-unregistered-extension"
    case offersUnknownParameter = "offers-unknown-parameter"
    case offersMalformedExtension = "offers-malformed-extension"
    case writesEmptyElement = "writes-empty-element"
    case repeatsUserAgent = "repeats-user-agent"
    case repeatsKey = "repeats-key"
    case repeatsVersion = "repeats-version"
    case writesVersionWithZero = "writes-version-with-zero"
    case asksForVersion256 = "asks-for-version-256"
    case writesOriginWithPath = "writes-origin-with-path"
    case announcesContent = "announces-content"
    case omitsPort = "omits-port"
    case omitsBrackets = "omits-brackets"
    case hostBehindOthers = "host-behind-others"
    case foldsField = "folds-field"
    case writesBareCarriageReturn = "writes-bare-cr"
    case beginsWithEmptyLine = "begins-with-empty-line"
    case beginsWithBlank = "begins-with-blank"
    case writesNameWithSpace = "writes-name-with-space"

    case offersNoCompression = "offers-no-compression"
    case offersInvalidServerWindow = "offers-invalid-server-window"
    case offersInvalidClientWindow = "offers-invalid-client-window"
    case offersTakeoverValues = "offers-takeover-values"
    case offersServerTakeoverValue = "offers-server-takeover-value"
    case offersParameterTwice = "offers-parameter-twice"

    // MARK: What it takes for an acceptance

    case acceptsAnyStatus = "accepts-any-status"
    case ignoresAccept = "ignores-accept"
    case ignoresMissingAccept = "ignores-missing-accept"
    case takesFirstAccept = "takes-first-accept"
    case takesLastAccept = "takes-last-accept"
    case ignoresUpgrade = "ignores-upgrade"
    case ignoresConnection = "ignores-connection"
    case acceptsUnaskedSubprotocol = "accepts-unasked-subprotocol"
    case acceptsUnaskedExtension = "accepts-unasked-extension"
    case ignoresOtherProblems = "ignores-other-problems"
    case requiresCanonicalNames = "requires-canonical-names"
    case caseSensitiveValues = "case-sensitive-values"
    case refusesConnectionList = "refuses-connection-list"
    case refusesInterimResponses = "refuses-interim-responses"
    case refusesPieces = "refuses-pieces"
    case losesFramesBehindAnswer = "loses-frames-behind-answer"
    case readsFirstLineOfLists = "reads-first-line-of-lists"
    case wantsFieldsInOrder = "wants-fields-in-order"
    case refusesSubprotocols = "refuses-subprotocols"
    case expectsContentOfInterim = "expects-content-of-interim"
    case keepsRefusedConnections = "keeps-refused-connections"
    case readsAnyProtocol = "reads-any-protocol"
    case keepsBlanksOfValues = "keeps-blanks-of-values"
    case refusesUnknownFields = "refuses-unknown-fields"
    case refusesHigherMinor = "refuses-higher-minor"
    case readsReasonPhrase = "reads-reason-phrase"
    case refusesFolding = "refuses-folding"
    case takesBareCarriageReturn = "takes-bare-cr"
    case takesBlankLedLines = "takes-blank-led-lines"
    case takesLargeAnswers = "takes-large-answers"

    // MARK: What it takes for an acceptance of compression

    case takesUnknownDeflateParameters = "takes-unknown-deflate-parameters"
    case takesInvalidWindows = "takes-invalid-windows"
    case takesTakeoverValues = "takes-takeover-values"
    case takesRepeatedDeflateParameters = "takes-repeated-deflate-parameters"
    case takesUnofferedClientWindow = "takes-unoffered-client-window"
    case takesLargerServerWindow = "takes-larger-server-window"
    case takesMissingServerContext = "takes-missing-server-context"
    case takesCompressionTwice = "takes-compression-twice"
    case refusesUnaskedPromises = "refuses-unasked-promises"
    case refusesClientContextDemand = "refuses-client-context-demand"
    case refusesQuotedWindows = "refuses-quoted-windows"
    case refusesSmallestWindow = "refuses-smallest-window"
    case refusesLargerClientWindow = "refuses-larger-client-window"
    case refusesBlanksInExtensions = "refuses-blanks-in-extensions"
    case keepsBackslashes = "keeps-backslashes"
    case closesOverSmallestWindow = "closes-over-smallest-window"
    case cannotInflateSmallestWindow = "cannot-inflate-smallest-window"

    // MARK: Frames

    case sendsMessageBeforeAnswer = "sends-message-before-answer"
    case changesTypeOfOwn = "changes-type-of-own"
    case masksNothing = "masks-nothing"
    case constantMaskingKey = "constant-masking-key"
    case countingMaskingKeys = "counting-masking-keys"
    case fewMaskingKeys = "few-masking-keys"
    case maskingKeysOf31Bits = "masking-keys-of-31-bits"
    case zeroKeyForEmptyFrames = "zero-key-for-empty-frames"
    case countsKeyInLength = "counts-key-in-length"
    case leavesKeyOutOfEmptyFrames = "leaves-key-out-of-empty-frames"
    case swallowsMasked = "swallows-masked"

    // MARK: HTTP/2

    case needsNoSetting = "needs-no-setting"
    case asksWithSchemeWS = "asks-with-scheme-ws"
    case omitsPathOnStreams = "omits-path-on-streams"
    case hostForAuthority = "host-for-authority"
    case connectionFieldsOnStreams = "connection-fields-in-requests"
    case upperCaseNamesOnStreams = "upper-case-names-in-requests"
    case sendsKeyOnStreams = "sends-key-on-streams"
    case endsStreamWithRequest = "ends-stream-with-request"
    case requiresAcceptOnStreams = "requires-accept-on-streams"
    case takesOnly200 = "takes-only-200"
    case readsContentLengthOnStreams = "reads-content-length-on-streams"
    case takesMalformedResponses = "takes-malformed-responses"

    // MARK: Closing

    case dropsAtClose = "drops-at-close"
    case dropsInsteadOfClosing = "drops-instead-of-closing"
    case closesWithOtherCode = "closes-with-other-code"
    case closesWithOtherReason = "closes-with-other-reason"
    case endsBeforeServer = "ends-before-server"
    case closesBehindAnswer = "closes-behind-answer"
    case echoesBehindItsClose = "echoes-behind-its-close"

    /// One sentence that says what the client does.
    package var summary: String { entry.summary }

    /// The ids of the requirements that the defect violates, or whose freedom it uses.
    package var requirements: [String] { entry.requirements }

    /// The relation of the defect to the RFC.
    package var standing: ModelDefect.Standing { entry.standing }

    /// Whether a client with the defect ignores this problem of an answer.
    func overlooks(_ rule: HandshakeRule) -> Bool {
        switch self {
        case .acceptsAnyStatus: rule == .responseStatus
        case .ignoresAccept: [.responseAcceptWrong, .responseAcceptRepeated].contains(rule)
        case .ignoresMissingAccept: rule == .responseAcceptMissing
        case .ignoresUpgrade: [.responseUpgradeMissing, .responseUpgradeWrong, .responseUpgradeList].contains(rule)
        case .ignoresConnection: [.responseConnectionMissing, .responseConnectionWrong].contains(rule)
        case .acceptsUnaskedSubprotocol: rule.rawValue.hasPrefix("response-subprotocol")
        case .acceptsUnaskedExtension: rule.rawValue.hasPrefix("response-extension")
        case .ignoresOtherProblems:
            !Self.allCases.contains { $0 != .ignoresOtherProblems && $0.overlooks(rule) }
        default: false
        }
    }
}

extension ModelDefect {
    /// Whether a client can have the defect, too: it concerns frames, messages or closing, but no server's part.
    package var showsInClients: Bool {
        guard streamEntry == nil else { return isOfStreamFrames }
        return !isOfOpeningHandshakes && !Self.ofServersAlone.contains(self)
    }

    /// Whether the defect concerns the opening handshake.
    private var isOfOpeningHandshakes: Bool {
        guard !isOfUnusualHandshakes, let own = Self.allCases.firstIndex(of: self),
            let firstOfFrames = Self.allCases.firstIndex(of: .masksFrames)
        else { return true }
        return own < firstOfFrames
    }

    /// Defects of what only servers do: sending unmasked frames, requiring masked ones, and ending TCP first.
    private static let ofServersAlone: Set<Self> = [
        .masksFrames, .swallowsUnmasked, .echoesMasked, .countsKeyAsPayload, .restartsKeyPerRead, .rejectsZeroKey,
        .rejectsEmptyFrames, .replies1010, .closesTCPLate, .usesUnlistedExtension, .waitsForContinuation,
    ]
}
