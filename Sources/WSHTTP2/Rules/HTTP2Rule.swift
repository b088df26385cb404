/// The rules of HTTP/2 whose violation shows on the wire.
package enum HTTP2Rule: String, CaseIterable, Sendable, Hashable, Codable {
    // MARK: Frames

    /// What a client sends does not begin with the connection preface.
    case prefaceMissing = "preface-missing"
    /// The first frame of an endpoint is not SETTINGS.
    case firstFrameNotSettings = "first-frame-not-settings"
    /// A reserved bit is set.
    case reservedBit = "reserved-bit"
    /// A flag is set that the type of the frame does not define.
    case unusedFlag = "unused-flag"
    /// A frame is larger than SETTINGS_MAX_FRAME_SIZE allows.
    case frameTooLarge = "frame-too-large"
    /// A frame is too short for what its type and flags need.
    case frameTooShort = "frame-too-short"
    /// A PRIORITY frame does not have 5 octets.
    case priorityLength = "priority-length"
    /// A RST_STREAM frame does not have 4 octets.
    case resetStreamLength = "reset-stream-length"
    /// The octets of a SETTINGS frame are no multiple of 6.
    case settingsLength = "settings-length"
    /// A SETTINGS frame with ACK has octets.
    case settingsAckPayload = "settings-ack-payload"
    /// A PING frame does not have 8 octets.
    case pingLength = "ping-length"
    /// A WINDOW_UPDATE frame does not have 4 octets.
    case windowUpdateLength = "window-update-length"
    /// The padding is as long as the payload, or longer.
    case paddingTooLong = "padding-too-long"
    /// The padding has an octet that is not zero.
    case paddingNotZero = "padding-not-zero"
    /// A frame that belongs to a stream has the identifier 0.
    case streamMissing = "stream-missing"
    /// A frame that belongs to the connection has the identifier of a stream.
    case streamUnexpected = "stream-unexpected"
    /// Another frame stands inside a field block.
    case fieldBlockInterrupted = "field-block-interrupted"
    /// A CONTINUATION frame has no field block to continue.
    case continuationWithoutBlock = "continuation-without-block"
    /// A field block cannot be decompressed, or not without a problem.
    case fieldBlockInvalid = "field-block-invalid"
    /// The increment of a window is 0.
    case windowIncrementZero = "window-increment-zero"

    // MARK: Settings

    /// SETTINGS_ENABLE_PUSH is neither 0 nor 1.
    case enablePushValue = "enable-push-value"
    /// A server sets SETTINGS_ENABLE_PUSH to 1.
    case enablePushByServer = "enable-push-by-server"
    /// SETTINGS_INITIAL_WINDOW_SIZE is larger than a window may be.
    case initialWindowSizeValue = "initial-window-size-value"
    /// SETTINGS_MAX_FRAME_SIZE is outside of its range.
    case maxFrameSizeValue = "max-frame-size-value"
    /// SETTINGS_ENABLE_CONNECT_PROTOCOL is neither 0 nor 1.
    case enableConnectProtocolValue = "enable-connect-protocol-value"
    /// SETTINGS_ENABLE_CONNECT_PROTOCOL is 0 after it was 1.
    case enableConnectProtocolWithdrawn = "enable-connect-protocol-withdrawn"
    /// An acknowledgment of SETTINGS has nothing to acknowledge.
    case settingsAckUnexpected = "settings-ack-unexpected"
    /// A PING with ACK answers none that waits, or not with its octets.
    case pingAckUnexpected = "ping-ack-unexpected"

    // MARK: Streams

    /// An endpoint opens a stream whose identifier only the other one may use.
    case streamIDParity = "stream-id-parity"
    /// A stream is opened whose identifier is not larger than those before.
    case streamIDNotIncreasing = "stream-id-not-increasing"
    /// More streams are open than SETTINGS_MAX_CONCURRENT_STREAMS allows.
    case tooManyStreams = "too-many-streams"
    /// A stream is opened after the other endpoint's GOAWAY.
    case streamAfterGoAway = "stream-after-goaway"
    /// The last stream in a GOAWAY is larger than in the one before.
    case goAwayIncreased = "goaway-increased"
    /// A frame comes on a stream that nobody has opened.
    case frameOnIdleStream = "frame-on-idle-stream"
    /// A frame comes on a reserved stream that it does not fit.
    case frameOnReservedStream = "frame-on-reserved-stream"
    /// A frame comes on a stream that its sender had ended with END_STREAM.
    case frameAfterEndStream = "frame-after-end-stream"
    /// A frame comes on a stream that both had ended.
    case frameOnClosedStream = "frame-on-closed-stream"
    /// A frame comes on a stream that its sender had reset, or that its sender knows to be reset.
    case frameAfterReset = "frame-after-reset"
    /// A client sends PUSH_PROMISE.
    case pushPromiseByClient = "push-promise-by-client"
    /// A server sends PUSH_PROMISE to a client that does not take it.
    case pushPromiseDisabled = "push-promise-disabled"
    /// PUSH_PROMISE stands on a stream that does not allow it.
    case pushPromiseState = "push-promise-state"
    /// PUSH_PROMISE promises a stream that is not idle or not the server's.
    case promisedStreamInvalid = "promised-stream-invalid"

    // MARK: Flow control

    /// DATA exceed the window of their stream.
    case streamWindowExceeded = "stream-window-exceeded"
    /// DATA exceed the window of the connection.
    case connectionWindowExceeded = "connection-window-exceeded"
    /// WINDOW_UPDATE makes a window larger than 2³¹ - 1.
    case windowOverflow = "window-overflow"
    /// SETTINGS_INITIAL_WINDOW_SIZE makes the window of an open stream larger than 2³¹ - 1.
    case initialWindowOverflow = "initial-window-overflow"

    // MARK: Messages

    /// DATA come before the header section.
    case dataBeforeHeaders = "data-before-headers"
    /// HEADERS come on a tunnel.
    case headersOnTunnel = "headers-on-tunnel"
    /// A second header section does not end the stream.
    case trailersWithoutEnd = "trailers-without-end"
    /// An interim response ends the stream.
    case interimWithEnd = "interim-with-end"
    /// A name has a letter in upper case.
    case upperCaseName = "upper-case-name"
    /// A name is empty or has an octet that no name may have.
    case invalidName = "invalid-name"
    /// A value has an octet that no value may have there.
    case invalidValue = "invalid-value"
    /// A field only has a meaning for a connection of HTTP/1.1.
    case connectionField = "connection-field"
    /// The field te has another value than trailers, or stands in a response.
    case teValue = "te-value"
    /// A pseudo-header field stands behind a field.
    case pseudoAfterField = "pseudo-after-field"
    /// A pseudo-header field is not defined, or not for such a message.
    case pseudoUndefined = "pseudo-undefined"
    /// A pseudo-header field stands there twice.
    case pseudoRepeated = "pseudo-repeated"
    /// A request or response lacks a pseudo-header field.
    case pseudoMissing = "pseudo-missing"
    /// The path of a request is empty.
    case pathEmpty = "path-empty"
    /// The authority has a user name, or the field host names another one.
    case authorityInvalid = "authority-invalid"
    /// CONNECT without :protocol has a scheme or a path, or no authority.
    case connectPseudo = "connect-pseudo"
    /// A method other than CONNECT has :protocol.
    case protocolWithoutConnect = "protocol-without-connect"
    /// CONNECT with :protocol lacks its scheme or its path.
    case extendedConnectPseudo = "extended-connect-pseudo"
    /// :protocol is used although the server has not said that it takes it.
    case protocolNotEnabled = "protocol-not-enabled"
    /// A WebSocket request has another scheme than http and https.
    case webSocketScheme = "websocket-scheme"
    /// The status is no number of three digits.
    case statusInvalid = "status-invalid"
    /// The status is 101.
    case statusSwitchingProtocols = "status-switching-protocols"
    /// A 2xx response to CONNECT has content-length.
    case contentLengthInConnect = "content-length-in-connect"
    /// The value of content-length is no number, or there are several.
    case contentLengthInvalid = "content-length-invalid"
    /// The DATA are more or less than content-length says.
    case contentLengthMismatch = "content-length-mismatch"
}
