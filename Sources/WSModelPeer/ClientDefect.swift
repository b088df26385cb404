import WSProtocol

/// One way in which a model client can be made to differ from the correct one, beside those that it shares with the
/// model server (``ModelDefect/showsInClients``).
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
    case sendsFragment = "sends-fragment"

    // MARK: What it takes for an acceptance

    case acceptsAnyStatus = "accepts-any-status"
    case ignoresAccept = "ignores-accept"
    case ignoresMissingAccept = "ignores-missing-accept"
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
    case keepsRefusedConnections = "keeps-refused-connections"

    // MARK: Frames

    case masksNothing = "masks-nothing"
    case constantMaskingKey = "constant-masking-key"
    case countingMaskingKeys = "counting-masking-keys"
    case swallowsMasked = "swallows-masked"

    // MARK: Closing

    case dropsAtClose = "drops-at-close"
    case endsBeforeServer = "ends-before-server"

    /// One sentence that says what the client does.
    package var summary: String { entry.summary }

    /// The ids of the requirements it does not meet, or whose freedom it uses; of the requirement table.
    package var requirements: [String] { entry.requirements }

    /// How a client with the defect stands to the RFC.
    package var standing: ModelDefect.Standing { entry.standing }

    private var entry: ModelDefect.Entry {
        switch self {
        case .requestsPost: ModelDefect.Entry("Asks with POST.", "4.1-20")
        case .requestsHTTP10: ModelDefect.Entry("Asks in HTTP/1.0.", "4.1-21")
        case .omitsHost: ModelDefect.Entry("Asks without Host.", "4.1-23")
        case .omitsUpgrade: ModelDefect.Entry("Asks without Upgrade.", "4.1-24")
        case .omitsConnection: ModelDefect.Entry("Asks without Connection.", "4.1-25")
        case .omitsKey: ModelDefect.Entry("Asks without Sec-WebSocket-Key.", "4.1-26")
        case .shortKey: ModelDefect.Entry("Asks with a key of eight octets.", "4.1-27")
        case .omitsVersion: ModelDefect.Entry("Asks without Sec-WebSocket-Version.", "4.1-32")
        case .asksForVersion8: ModelDefect.Entry("Asks for version 8.", "4.1-33")
        case .asksForEmptySubprotocol: ModelDefect.Entry("Asks for no subprotocol in a field of its own.", "4.1-35")
        case .asksTwiceForSubprotocol: ModelDefect.Entry("Asks twice for the same subprotocol.", "4.1-36")
        case .sendsFragment: ModelDefect.Entry("Sends the fragment of an address along.", "3-01", "4.1-04")
        case .sendsBeforeAnswer: ModelDefect.Entry("Sends a Ping before it has been answered.", "4.1-39")

        case .acceptsAnyStatus:
            ModelDefect.Entry("Takes every answer for an acceptance whose status is not 101.", "4.1-41", "4.1-40")
        case .ignoresAccept: ModelDefect.Entry("Does not look at the value of Sec-WebSocket-Accept.", "4.1-51")
        case .ignoresMissingAccept: ModelDefect.Entry("Does not miss Sec-WebSocket-Accept.", "4.1-50")
        case .ignoresUpgrade: ModelDefect.Entry("Does not look at Upgrade.", "4.1-44", "4.1-45")
        case .ignoresConnection: ModelDefect.Entry("Does not look at Connection.", "4.1-47", "4.1-48")
        case .acceptsUnaskedSubprotocol:
            ModelDefect.Entry("Takes a subprotocol that it has not asked for.", "4.1-54")
        case .acceptsUnaskedExtension: ModelDefect.Entry("Takes an extension that it has not offered.", "4.1-53")
        case .ignoresOtherProblems:
            ModelDefect.Entry("Overlooks everything else that is wrong with an acceptance.", "4.1-55")
        case .requiresCanonicalNames:
            ModelDefect.Entry("Knows field names only in their usual capitals.", "4.1-56")
        case .caseSensitiveValues:
            ModelDefect.Entry("Knows websocket and Upgrade only in these letters.", "4.1-46", "4.1-49")
        case .refusesConnectionList: ModelDefect.Entry("Takes no list in Connection.", "4.1-49")
        case .refusesInterimResponses:
            ModelDefect.Entry("Takes an interim response for the answer.", "RFC9110-15.2-02")
        case .refusesPieces: ModelDefect.Entry("Fails over an answer that comes in several segments.", "4.1-57")
        case .losesFramesBehindAnswer:
            ModelDefect.Entry("Loses frames in the same segment as the answer.", "4.1-57", "6.2-01")
        case .keepsRefusedConnections:
            ModelDefect.Entry("Leaves the connection open when it refuses the answer.", "7.1.7-01")

        case .masksNothing: ModelDefect.Entry("Masks no frame.", "5.1-01", "5.3-01", "5.5.1-05")
        case .constantMaskingKey: ModelDefect.Entry("Masks every frame with the same key.", "5.3-02", "5.3-04")
        case .countingMaskingKeys:
            ModelDefect.Entry("Counts its masking keys up.", "5.3-03", "5.3-04")
        case .swallowsMasked: ModelDefect.Entry("Takes masked frames.", "5.1-06")

        case .dropsAtClose: ModelDefect.Entry("Ends TCP at a Close and does not answer it.", "5.5.1-07")
        case .endsBeforeServer:
            ModelDefect.Entry(
                "Ends TCP as soon as both Close frames are out.",
                "5.5.1-13",
                "7.1.1-06",
                standing: .tolerated
            )
        }
    }

    /// The problems of an answer that a client with the defect does not mind.
    func overlooks(_ rule: HandshakeRule) -> Bool {
        switch self {
        case .acceptsAnyStatus: rule == .responseStatus
        case .ignoresAccept: rule == .responseAcceptWrong
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
    /// Whether a client can have the defect, too: it shows in frames, messages or closing, and not in a server's part.
    package var showsInClients: Bool { !isOfOpeningHandshakes && !Self.ofServersAlone.contains(self) }

    /// Whether it is one of the opening handshake.
    private var isOfOpeningHandshakes: Bool {
        guard !isOfUnusualHandshakes, let own = Self.allCases.firstIndex(of: self),
            let firstOfFrames = Self.allCases.firstIndex(of: .masksFrames)
        else { return true }
        return own < firstOfFrames
    }

    /// What only servers do: to mask, to unmask, and to be the first that ends TCP.
    private static let ofServersAlone: Set<Self> = [
        .masksFrames, .swallowsUnmasked, .echoesMasked, .countsKeyAsPayload, .restartsKeyPerRead, .rejectsZeroKey,
        .rejectsEmptyFrames, .replies1010, .closesTCPLate, .usesUnlistedExtension, .waitsForContinuation,
    ]
}
