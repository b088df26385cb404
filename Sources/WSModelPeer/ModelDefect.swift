/// One way in which a model server can be made to differ from the correct one, switched on by its name.
///
/// What each case does is said once, in its ``summary``, where the command line reads it. Every scenario has to be
/// failed by a server with one of these; a case that only uses a freedom of the RFC says so in its ``standing``.
package enum ModelDefect: String, CaseIterable, Sendable {
    // MARK: The handshake's answer

    case wrongAccept = "wrong-accept"
    case missingAccept = "missing-accept"
    case repeatedAccept = "repeated-accept"
    case status200 = "status-200"
    case malformedStatusLine = "malformed-status-line"
    case http10Response = "http-1-0-response"
    case missingUpgradeField = "missing-upgrade-field"
    case wrongUpgradeField = "wrong-upgrade-field"
    case upgradeList = "upgrade-list"
    case missingConnectionField = "missing-connection-field"
    case wrongConnectionField = "wrong-connection-field"
    case unaskedSubprotocol = "unasked-subprotocol"
    case unofferedSubprotocol = "unoffered-subprotocol"
    case emptySubprotocol = "empty-subprotocol"
    case subprotocolList = "subprotocol-list"
    case repeatedSubprotocol = "repeated-subprotocol"
    case unofferedExtension = "unoffered-extension"
    case emptyExtension = "empty-extension"
    case malformedExtension = "malformed-extension"
    case contentLengthInAnswer = "content-length-in-answer"
    case transferEncodingInAnswer = "transfer-encoding-in-answer"

    case foldsAnswer = "folds-answer"
    case bareCRInAnswer = "bare-cr-in-answer"
    case omitsSpaceAfterStatus = "omits-space-after-status"
    case emptyElementInAnswer = "empty-element-in-answer"
    case repeatsServerField = "repeats-server-field"
    case changesSubprotocolCase = "changes-subprotocol-case"
    case changesExtensionCase = "changes-extension-case"
    case acceptsEveryExtension = "accepts-every-extension"
    case answersTooEarly = "answers-too-early"

    // MARK: Refusals

    case dropsInsteadOfRefusing = "drops-instead-of-refusing"
    case neverRefuses = "never-refuses"
    case ignoresUpgradeInstead = "ignores-upgrade-instead"
    case keepsRefusedConnections = "keeps-refused-connections"
    case endlessRefusal = "endless-refusal"
    case leavesOpenAfterClose = "leaves-open-after-close"
    case omitsAllow = "omits-allow"
    case omitsUpgradeIn426 = "omits-upgrade-in-426"
    case omitsUpgradeOption = "omits-upgrade-option"
    case interimForHTTP10 = "interim-for-http-1-0"

    // MARK: The handshake's request

    case acceptsPost = "accepts-post"
    case acceptsHTTP10 = "accepts-http-1-0"
    case acceptsMissingHost = "accepts-missing-host"
    case acceptsMissingUpgrade = "accepts-missing-upgrade"
    case acceptsMissingConnection = "accepts-missing-connection"
    case acceptsMissingKey = "accepts-missing-key"
    case acceptsInvalidKey = "accepts-invalid-key"
    case acceptsMissingVersion = "accepts-missing-version"
    case acceptsWrongVersion = "accepts-wrong-version"
    case omitsSupportedVersions = "omits-supported-versions"
    case caseSensitiveUpgrade = "case-sensitive-upgrade"
    case caseSensitiveConnection = "case-sensitive-connection"
    case refusesConnectionList = "refuses-connection-list"
    case requiresOrigin = "requires-origin"
    case acceptsRepeatedHost = "accepts-repeated-host"
    case acceptsInvalidHost = "accepts-invalid-host"
    case acceptsInvalidTarget = "accepts-invalid-target"
    case acceptsMalformedRequestLine = "accepts-malformed-request-line"
    case acceptsRepeatedKey = "accepts-repeated-key"
    case acceptsRepeatedVersion = "accepts-repeated-version"
    case acceptsMalformedSubprotocols = "accepts-malformed-subprotocols"
    case acceptsMalformedExtensions = "accepts-malformed-extensions"
    case acceptsSpaceBeforeColon = "accepts-space-before-colon"
    case acceptsMalformedFields = "accepts-malformed-fields"
    case readsCRAsLineEnd = "reads-cr-as-line-end"
    case readsFoldsAsFields = "reads-folds-as-fields"
    case cutsValuesAtNUL = "cuts-values-at-nul"
    case overlooksContent = "overlooks-content"

    // MARK: Valid requests it refuses

    case requiresCanonicalNames = "requires-canonical-names"
    case requiresHostFirst = "requires-host-first"
    case refusesUnknownFields = "refuses-unknown-fields"
    case refusesOtherWhitespace = "refuses-other-whitespace"
    case refusesAbsoluteForm = "refuses-absolute-form"
    case refusesLaterMinorVersion = "refuses-later-minor-version"
    case refusesUpgradeList = "refuses-upgrade-list"
    case refusesEmptyElements = "refuses-empty-elements"
    case refusesRepeatedLists = "refuses-repeated-lists"
    case refusesLeadingEmptyLine = "refuses-leading-empty-line"
    case refusesPieces = "refuses-pieces"
    case refusesLongRequestLine = "refuses-long-request-line"
    case refusesQuotedValues = "refuses-quoted-values"
    case requiresExtension = "requires-extension"
    case requiresSubprotocol = "requires-subprotocol"
    case refusesExpectations = "refuses-expectations"

    // MARK: Frames it sends

    case masksFrames = "masks-frames"
    case setsRSV1 = "sets-rsv1"
    case sendsReservedOpcode = "sends-reserved-opcode"
    case sendsOrphanContinuation = "sends-orphan-continuation"
    case interleavesEcho = "interleaves-echo"
    case nonMinimalLength = "non-minimal-length"
    case lengthTopBit = "length-top-bit"

    // MARK: Pongs

    case neverPongs = "never-pongs"
    case wrongPongPayload = "wrong-pong-payload"
    case oversizedPong = "oversized-pong"
    case fragmentsPong = "fragments-pong"
    case pongAfterEcho = "pong-after-echo"
    case answersOnlyLastPing = "answers-only-last-ping"
    case unsolicitedPong = "unsolicited-pong"
    case pingsInsideFrames = "pings-inside-frames"
    case answersPong = "answers-pong"
    case rejectsPong = "rejects-pong"

    // MARK: Echoes

    case dropsEcho = "drops-echo"
    case echoesTwice = "echoes-twice"
    case corruptsEcho = "corrupts-echo"
    case truncatesEcho = "truncates-echo"
    case wrongEchoType = "wrong-echo-type"
    case invalidUTF8Echo = "invalid-utf8-echo"
    case truncatedUTF8Echo = "truncated-utf8-echo"
    case fragmentsEcho = "fragments-echo"
    case echoesFragments = "echoes-fragments"
    case restartsKeyPerRead = "restarts-key-per-read"

    // MARK: Broken rules it overlooks

    case swallowsRSV = "swallows-rsv"
    case swallowsReservedOpcode = "swallows-reserved-opcode"
    case swallowsFragmentedControl = "swallows-fragmented-control"
    case swallowsOversizedControl = "swallows-oversized-control"
    case swallowsOrphanContinuation = "swallows-orphan-continuation"
    case swallowsInterleavedMessage = "swallows-interleaved-message"
    case swallowsUnmasked = "swallows-unmasked"
    case swallowsNonMinimalLength = "swallows-non-minimal-length"
    case swallowsLengthTopBit = "swallows-length-top-bit"
    case swallowsInvalidUTF8 = "swallows-invalid-utf8"
    case swallowsTruncatedUTF8 = "swallows-truncated-utf8"
    case lateUTF8Check = "late-utf8-check"
    case acceptsOneByteClose = "accepts-one-byte-close"
    case acceptsInvalidCloseCode = "accepts-invalid-close-code"
    case acceptsInvalidCloseReason = "accepts-invalid-close-reason"

    // MARK: Legal input it refuses

    case rejectsFragmentedMessage = "rejects-fragmented-message"
    case rejectsControlInsideMessage = "rejects-control-inside-message"
    case rejectsSplitCharacters = "rejects-split-characters"
    case rejectsNoncharacters = "rejects-noncharacters"
    case rejectsZeroKey = "rejects-zero-key"
    case rejectsPrivateCloseCode = "rejects-private-close-code"
    case closesAbove64K = "closes-above-64k"
    case refusesBinary = "refuses-binary"
    case resetsOnBinary = "resets-on-binary"

    // MARK: Closing

    case dropsWithoutClose = "drops-without-close"
    case wrongFailureCode = "wrong-failure-code"
    case processesAfterFailure = "processes-after-failure"
    case ignoresClose = "ignores-close"
    case repliesWrongCode = "replies-wrong-code"
    case repliesEmptyClose = "replies-empty-close"
    case echoesCloseReason = "echoes-close-reason"
    case repliesOneByteClose = "replies-one-byte-close"
    case replies999 = "replies-999"
    case replies1004 = "replies-1004"
    case replies1005 = "replies-1005"
    case replies1006 = "replies-1006"
    case replies1010 = "replies-1010"
    case replies1015 = "replies-1015"
    case replies2999 = "replies-2999"
    case replies5000 = "replies-5000"
    case closeReasonNotUTF8 = "close-reason-not-utf8"
    case dataAfterClose = "data-after-close"
    case repeatsClose = "repeats-close"
    case neverClosesTCP = "never-closes-tcp"
    case resetsAfterClose = "resets-after-close"

    /// How a server with the defect stands to the RFC.
    package enum Standing: String, Sendable, CaseIterable {
        /// It breaks a requirement.
        case broken
        /// It misses a recommendation, or takes longer than it need.
        case tolerated
        /// It uses a freedom that the RFC gives.
        case allowed
    }
}
