/// What an endpoint owes to a violation (RFC 9113 section 5.4).
package struct HTTP2Due: Sendable, Hashable {
    /// What has to end.
    package enum Scope: String, Sendable, Hashable {
        /// Nothing: the endpoint ignores it, or may.
        case nothing
        /// The stream.
        case stream
        /// The connection.
        case connection
    }

    /// What has to end.
    package var scope: Scope
    /// The codes that say so; besides, PROTOCOL_ERROR and INTERNAL_ERROR can always be used (section 5.4).
    package var codes: [HTTP2ErrorCode]
    /// Whether the endpoint has to react; otherwise it may.
    package var isRequired: Bool

    /// A reaction.
    package init(_ scope: Scope, _ codes: HTTP2ErrorCode..., isRequired: Bool = true) {
        self.scope = scope
        self.codes = codes
        self.isRequired = isRequired
    }

    /// Nothing.
    package static let nothing = HTTP2Due(.nothing, isRequired: false)

    /// Whether a code says what is due, or is one of those that can always be used.
    package func allows(_ code: HTTP2ErrorCode) -> Bool {
        codes.contains(code) || code == .protocolError || code == .internalError
    }
}

/// A rule that the sender of a frame broke, and where.
package struct HTTP2Violation: Sendable, Hashable {
    /// The rule.
    package var rule: HTTP2Rule
    /// The offset, in the octets of the sender, of the frame or the octet that breaks it.
    package var offset: UInt64
    /// The stream that it happened on; 0 is the connection.
    package var streamID: UInt32
    /// What the receiver owes.
    package var due: HTTP2Due
    /// What was found, as the end of a sentence about the sender.
    package var detail: String

    /// A violation; without a reaction of its own it is that of the rule.
    package init(
        _ rule: HTTP2Rule,
        offset: UInt64,
        streamID: UInt32 = 0,
        due: HTTP2Due? = nil,
        detail: String
    ) {
        self.rule = rule
        self.offset = offset
        self.streamID = streamID
        self.due = due ?? rule.due(onStream: streamID != 0)
        self.detail = detail
    }
}

extension HTTP2Rule {
    /// What a receiver owes to a violation on a stream or on the connection.
    package func due(onStream: Bool) -> HTTP2Due {
        let scope: HTTP2Due.Scope = onStream ? .stream : .connection
        return switch self {
        case .reservedBit, .unusedFlag, .goAwayIncreased, .streamAfterGoAway, .settingsAckUnexpected,
            .pingAckUnexpected:
            .nothing
        case .paddingNotZero: HTTP2Due(.connection, .protocolError, isRequired: false)
        case .prefaceMissing, .firstFrameNotSettings, .paddingTooLong, .streamMissing, .streamUnexpected,
            .fieldBlockInterrupted, .continuationWithoutBlock, .enablePushValue, .enablePushByServer,
            .maxFrameSizeValue, .streamIDParity, .streamIDNotIncreasing, .frameOnIdleStream, .frameOnReservedStream,
            .pushPromiseByClient, .pushPromiseDisabled, .pushPromiseState, .promisedStreamInvalid:
            HTTP2Due(.connection, .protocolError)
        case .enableConnectProtocolValue, .enableConnectProtocolWithdrawn:
            HTTP2Due(.connection, .protocolError, isRequired: false)
        case .frameTooLarge, .frameTooShort, .priorityLength: HTTP2Due(scope, .frameSizeError)
        case .resetStreamLength, .settingsLength, .settingsAckPayload, .pingLength, .windowUpdateLength:
            HTTP2Due(.connection, .frameSizeError)
        case .fieldBlockInvalid: HTTP2Due(.connection, .compressionError)
        case .windowIncrementZero: HTTP2Due(scope, .protocolError)
        case .initialWindowSizeValue, .initialWindowOverflow, .connectionWindowExceeded:
            HTTP2Due(.connection, .flowControlError)
        case .streamWindowExceeded, .windowOverflow: HTTP2Due(scope, .flowControlError)
        case .tooManyStreams: HTTP2Due(.stream, .refusedStream, .protocolError)
        case .frameAfterEndStream: HTTP2Due(.stream, .streamClosed)
        case .frameOnClosedStream, .frameAfterReset: HTTP2Due(.connection, .streamClosed, isRequired: false)
        case .authorityInvalid, .webSocketScheme, .contentLengthInConnect, .statusInvalid, .statusSwitchingProtocols:
            HTTP2Due(.stream, .protocolError, isRequired: false)
        case .dataBeforeHeaders, .headersOnTunnel, .trailersWithoutEnd, .interimWithEnd, .upperCaseName, .invalidName,
            .invalidValue, .connectionField, .teValue, .pseudoAfterField, .pseudoUndefined, .pseudoRepeated,
            .pseudoMissing, .pathEmpty, .connectPseudo, .protocolWithoutConnect, .extendedConnectPseudo,
            .protocolNotEnabled, .contentLengthInvalid, .contentLengthMismatch:
            HTTP2Due(.stream, .protocolError)
        }
    }

    /// The section that the sender did not follow.
    package var reference: String {
        switch self {
        case .enableConnectProtocolValue, .enableConnectProtocolWithdrawn, .protocolNotEnabled: "RFC 8441 section 3"
        case .protocolWithoutConnect, .extendedConnectPseudo: "RFC 8441 section 4"
        case .webSocketScheme: "RFC 8441 section 5"
        case .contentLengthInConnect: "RFC 9110 section 9.3.6"
        case .contentLengthInvalid: "RFC 9110 section 8.6"
        case .statusInvalid: "RFC 9110 section 15"
        default: "RFC 9113 section \(section)"
        }
    }

    private var section: String {
        switch self {
        case .prefaceMissing, .firstFrameNotSettings: "3.4"
        case .reservedBit, .unusedFlag: "4.1"
        case .frameTooLarge, .frameTooShort: "4.2"
        case .fieldBlockInvalid: "4.3"
        case .frameOnIdleStream, .frameOnReservedStream, .frameAfterEndStream, .frameOnClosedStream: "5.1"
        case .streamIDParity, .streamIDNotIncreasing: "5.1.1"
        case .tooManyStreams: "5.1.2"
        case .paddingTooLong, .paddingNotZero: "6.1"
        case .fieldBlockInterrupted: "6.2"
        case .priorityLength: "6.3"
        case .resetStreamLength, .frameAfterReset: "6.4"
        case .settingsLength, .settingsAckPayload: "6.5"
        case .enablePushValue, .enablePushByServer, .initialWindowSizeValue, .maxFrameSizeValue: "6.5.2"
        case .settingsAckUnexpected: "6.5.3"
        case .pushPromiseDisabled, .pushPromiseState, .promisedStreamInvalid: "6.6"
        case .pingLength, .pingAckUnexpected: "6.7"
        case .goAwayIncreased, .streamAfterGoAway: "6.8"
        case .windowUpdateLength, .windowIncrementZero: "6.9"
        case .streamWindowExceeded, .connectionWindowExceeded, .windowOverflow: "6.9.1"
        case .initialWindowOverflow: "6.9.2"
        case .continuationWithoutBlock: "6.10"
        case .streamMissing, .streamUnexpected: "6"
        case .dataBeforeHeaders, .trailersWithoutEnd, .interimWithEnd: "8.1"
        case .contentLengthMismatch: "8.1.1"
        case .upperCaseName: "8.2"
        case .invalidName, .invalidValue: "8.2.1"
        case .connectionField, .teValue: "8.2.2"
        case .pseudoAfterField, .pseudoUndefined, .pseudoRepeated: "8.3"
        case .pseudoMissing, .pathEmpty, .authorityInvalid: "8.3.1"
        case .pushPromiseByClient: "8.4"
        case .headersOnTunnel, .connectPseudo: "8.5"
        case .statusSwitchingProtocols: "8.6"
        default: ""
        }
    }

    /// The id of the requirement that its sender breaks, in the requirement table.
    package var requirement: String? {
        switch self {
        case .prefaceMissing, .firstFrameNotSettings: "RFC9113-3.4-01"
        case .reservedBit, .unusedFlag: "RFC9113-4.1-01"
        case .streamMissing, .streamUnexpected: "RFC9113-4.1-02"
        case .frameTooLarge, .frameTooShort, .priorityLength, .resetStreamLength, .settingsLength,
            .settingsAckPayload, .pingLength, .windowUpdateLength:
            "RFC9113-4.2-01"
        case .fieldBlockInvalid: "RFC9113-4.3-01"
        case .frameOnIdleStream, .frameOnReservedStream, .frameOnClosedStream, .frameAfterEndStream: "RFC9113-5.1-02"
        case .streamIDParity, .streamIDNotIncreasing: "RFC9113-5.1.1-01"
        case .tooManyStreams: "RFC9113-5.1.2-01"
        case .paddingTooLong, .paddingNotZero: "RFC9113-6.1-03"
        case .fieldBlockInterrupted, .continuationWithoutBlock: "RFC9113-6.2-01"
        case .frameAfterReset: "RFC9113-6.4-01"
        case .enablePushValue, .enablePushByServer, .initialWindowSizeValue, .maxFrameSizeValue: "RFC9113-6.5.2-01"
        case .settingsAckUnexpected: "RFC9113-6.5.3-02"
        case .pushPromiseDisabled, .pushPromiseState, .promisedStreamInvalid: "RFC9113-6.6-01"
        case .pingAckUnexpected: "RFC9113-6.7-02"
        case .goAwayIncreased: "RFC9113-6.8-02"
        case .windowIncrementZero: "RFC9113-6.9-03"
        case .streamWindowExceeded, .connectionWindowExceeded: "RFC9113-6.9.1-01"
        case .windowOverflow, .initialWindowOverflow: "RFC9113-6.9.1-04"
        case .upperCaseName: "RFC9113-8.2-01"
        case .invalidName, .invalidValue: "RFC9113-8.2.1-02"
        case .connectionField, .teValue: "RFC9113-8.2.2-02"
        case .pseudoAfterField, .pseudoUndefined, .pseudoRepeated: "RFC9113-8.3-04"
        case .authorityInvalid: "RFC9113-8.3.1-01"
        case .headersOnTunnel: "RFC9113-8.5-03"
        case .statusSwitchingProtocols: "RFC9113-8.6-01"
        case .contentLengthInConnect: "RFC9110-9.3.6-01"
        case .dataBeforeHeaders, .trailersWithoutEnd, .interimWithEnd, .pseudoMissing, .pathEmpty, .connectPseudo,
            .contentLengthInvalid, .contentLengthMismatch, .statusInvalid:
            "RFC9113-8.1-01"
        case .enableConnectProtocolValue: "RFC8441-3-01"
        case .enableConnectProtocolWithdrawn: "RFC8441-3-05"
        case .protocolNotEnabled: "RFC8441-3-03"
        case .extendedConnectPseudo: "RFC8441-4-02"
        case .protocolWithoutConnect: "RFC8441-5-01"
        case .webSocketScheme: "RFC8441-5-02"
        // Nobody but a client can break them, and the table has no row for them.
        case .streamAfterGoAway, .pushPromiseByClient: nil
        }
    }
}
