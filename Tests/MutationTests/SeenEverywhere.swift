import WSModelPeer

/// Defects that show in every conversation, whatever it is about, so that no scenario is about them.
enum SeenEverywhere {
    /// Those of servers.
    static let inServers: Set<ModelDefect> = [
        .wrongAccept, .missingAccept, .repeatedAccept, .status200, .malformedStatusLine, .http10Response,
        .missingUpgradeField, .wrongUpgradeField, .missingConnectionField, .wrongConnectionField, .requiresOrigin,
        .unaskedSubprotocol, .unofferedExtension, .emptyExtension, .malformedExtension, .contentLengthInAnswer,
        .transferEncodingInAnswer, .masksFrames, .nonMinimalLength, .closeReasonNotUTF8, .dataAfterClose,
        .repeatsClose, .neverClosesTCP, .dropsWithoutClose, .wrongFailureCode, .unpaddedAccept, .http2Answer,
        .spacesBeforeColonInAnswer, .whitespaceBeforeFirstField, .answersCloseLate, .closesTCPLate,
        .rejectsCloseBodies, .quotesWhatIsNoToken, .requiresSubprotocolField,
    ]

    /// Those of clients.
    static let inClients: Set<InMemoryClientRun.Defect> = Set(
        [
            ModelDefect.nonMinimalLength, .closeReasonNotUTF8, .dataAfterClose, .repeatsClose,
            .answersCloseLate, .rejectsCloseBodies,
        ].map(InMemoryClientRun.Defect.shared)
            + [
                ClientDefect.reusesKey, .requestsPost, .requestsHTTP10, .omitsHost, .omitsUpgrade, .omitsConnection,
                .omitsKey,
                .shortKey, .omitsVersion, .asksForVersion8, .asksForEmptySubprotocol, .asksTwiceForSubprotocol,
                .saysNothing, .misspellsKey, .sendsBeforeAnswer, .masksNothing, .constantMaskingKey,
                .countingMaskingKeys, .dropsAtClose,
                .asksInHTTP12, .offersUnregisteredExtension, .offersUnknownParameter, .offersMalformedExtension,
                .writesEmptyElement, .repeatsUserAgent, .repeatsKey, .repeatsVersion, .writesVersionWithZero,
                .asksForVersion256, .writesOriginWithPath, .announcesContent, .omitsPort, .foldsField,
                .writesBareCarriageReturn, .beginsWithEmptyLine, .beginsWithBlank, .writesNameWithSpace,
                .offersInvalidServerWindow, .offersInvalidClientWindow, .offersTakeoverValues,
                .offersServerTakeoverValue, .offersParameterTwice,
            ].map(InMemoryClientRun.Defect.own)
    )
}
