extension ReasonKey {
    /// Whether the name of the broken rule follows, because the codec has many of them.
    package var isFamily: Bool {
        switch self {
        case .sent, .compressed, .handshake, .http, .agreed, .offered, .http2: true
        default: false
        }
    }

    /// The word in a report: the raw value, with the kind behind it in a family.
    package func slug(_ kind: String? = nil) -> String {
        guard isFamily, let kind else { return rawValue }
        return "\(rawValue)-\(kind)"
    }

    /// Finds the key of a report's word; nil if this version does not know it.
    package init?(slug: String) {
        if let key = Self(rawValue: slug) {
            self = key
        } else if let key = Self.allCases.first(where: { $0.isFamily && slug.hasPrefix($0.rawValue + "-") }) {
            self = key
        } else {
            return nil
        }
    }

    /// Whether other findings may only follow from it: without it mended, they say little.
    package var isFoundation: Bool {
        switch self {
        case .targetDied, .refusedOrdinary, .pongPayloadWrong, .noPong, .closedInsteadOfPong, .endedInsteadOfPong,
            .noEcho, .closedInsteadOfEcho, .endedInsteadOfEcho, .echoWrong, .noRequest, .noHandshakeAsked:
            true
        default: false
        }
    }
}

extension ReasonKey {
    /// What a maintainer does about it, in one line.
    package var mend: String {
        switch self {
        case .accepted: "refuse it with an HTTP error, before the 101"
        case .acceptedOtherMethod: "check that the method is GET, and refuse the others with 405 and Allow"
        case .acceptedOtherHTTPVersion: "check the version in the request line before the upgrade"
        case .acceptedOtherVersion: "compare the text of Sec-WebSocket-Version with 13, without reading it as a number"
        case .acceptedWithoutVersion: "refuse a handshake without Sec-WebSocket-Version with 400"
        case .acceptedWithoutKey: "refuse a handshake without Sec-WebSocket-Key with 400"
        case .acceptedEmptyKey: "refuse an empty Sec-WebSocket-Key with 400"
        case .acceptedWithoutConnection: "look for the token Upgrade in Connection, and refuse the handshake without it"
        case .acceptedMalformedSubprotocols:
            "check the grammar of Sec-WebSocket-Protocol, and refuse what is outside it with 400"
        case .acceptedDraft: "refuse handshakes without Sec-WebSocket-Version: 13"
        case .acceptedNoHandshake: "upgrade only a GET of HTTP/1.1 with all fields of RFC 6455, 4.2.1"
        case .acceptedHalfHandshake, .refusedSlowResponse, .acceptedEarly: "wait for the empty line that ends the head"
        case .acceptedAndFellSilent: "go on as a WebSocket connection once the 101 is sent"
        case .tookContentForFrames: "read or refuse the content that the request announces before frames are parsed"
        case .agreedToInvalidOffer: "decline the offer, and go on without the extension"
        case .declinedByClose: "refuse a handshake in HTTP where that is possible"
        case .refused: "accept the handshake as it stands"
        case .refusedCookie: "let a handshake have cookies"
        case .refusedValidOffer: "decline the extension, and accept the handshake without it"
        case .refusedInvalidOffer: "decline the offer, and accept the handshake without it"
        case .refusedWithoutExtensions: "accept handshakes without Sec-WebSocket-Extensions"
        case .refusedQuotedValue: "read a quoted value like the same value without quotes"
        case .refusedKey: "accept any key that is the base64 of 16 octets"
        case .refusedOtherOrder: "take names of fields in any case and order, and blanks or tabs around values"
        case .refusedUpgradeCase: "compare the value of Upgrade without regard to case"
        case .refusedListForm: "read a list the same on one line and on several"
        case .refusedConnectionList: "look for the token Upgrade anywhere in Connection, in any case"
        case .refusedUnknownFields: "ignore fields that mean nothing to you"
        case .refusedInPieces: "collect the head until its empty line, however it is cut"
        case .refusedOrdinary: "accept the handshake that was accepted as the control"
        case .endedWithoutAnswer: "answer the handshake with an HTTP status first"
        case .leftUnanswered: "answer every request, or end its connection"
        case .answeredNoHTTP: "write a whole HTTP response, and nothing before it"
        case .answerCutShort: "write the whole head of the response"
        case .otherStatus: "answer with the status that the text has for this"
        case .connectionLeftOpen: "end the connection behind the refusal"
        case .acceptedResponse: "fail the connection over the answer"
        case .acceptedOtherStatusLine: "check the whole status line"
        case .acceptedOtherStatus: "take the connection for opened only on 101"
        case .acceptedTwoSubprotocols: "fail the connection where the answer has more than one subprotocol"
        case .acceptedTwoAccepts: "fail the connection where Sec-WebSocket-Accept stands there twice"
        case .acceptedUnofferedWindow: "fail the connection over a parameter that the offer does not allow"
        case .acceptedExtensionTwice: "fail the connection where an extension is accepted twice"
        case .refusedResponse: "accept the answer as it stands"
        case .refusedLongField: "allow for heads of some thousand octets"
        case .refusedBlanks: "strip blanks around a value before it is compared"
        case .refusedUnaskedParameter: "accept every parameter that an answer may have unasked"
        case .refusedWidestWindow: "accept client_max_window_bits with any value once its name was offered"
        case .refusedSubprotocol: "accept any of the subprotocols that were asked for"
        case .fellSilentOnAnswer: "read frames as soon as the 101 has come"
        case .reactionUnseen: "end the connection where the answer is refused"
        case .askedAgain: "end the connection, or go on with the one that was accepted"
        case .neverConnected: "open the address that it is given, or reject it to its application"
        case .closedUnopened: "end TCP without a frame where no connection has come about"
        case .wentOnAfterViolation:
            "fail the connection: send a Close frame with the code for it, read no further, and end TCP"
        case .pongPayloadWrong: "copy the payload of the Ping into its Pong"
        case .noPong: "answer each Ping with a Pong, whatever else is under way"
        case .closedInsteadOfPong: "take the Ping for what it is, and answer it"
        case .endedInsteadOfPong: "look for the exception behind this, and answer the Ping"
        case .noEcho: "deliver the message as it was sent"
        case .closedInsteadOfEcho: "take the message, which is valid"
        case .endedInsteadOfEcho: "look for the exception behind this, and take the message"
        case .echoWrong: "deliver the octets that were sent, no others"
        case .sentSomethingElse: "answer what was sent, and that alone"
        case .answeredUnasked: "send nothing that nobody asked for"
        case .answeredLate: "look for what makes it slow under this load"
        case .tookTooLong: "raise --timeout, or look for what makes it slow"
        case .pongLate: "send the Pong as soon as the Ping has been read"
        case .pongsLeftOut: "answer every Ping if you can"
        case .failedBeforeAnswering, .limitStated, .typeRefused: "nothing needs to be done"
        case .failedLate: "check the text as it comes, to fail sooner"
        case .failedTooEarly: "refuse text only at an octet that cannot stand there"
        case .deliveredIncomplete: "deliver a message only when its last frame has come whole"
        case .deliveredTooLarge: "count inflated octets while they are inflated, and stop at the limit"
        case .deliveredOther: "refuse a message that is too large, and do not cut it"
        case .answeredBehindClose: "read nothing behind a Close frame"
        case .longerLengthTaken: "refuse a length in a longer form than it needs, if you like"
        case .closeCodeOther: "send the code that names the error"
        case .closeCodeNeverSent: "refuse the code with Close 1002, and never send it back"
        case .reservedCodeTaken: "refuse codes that have no meaning with Close 1002"
        case .errorReportedUnasked: "look for what was taken for an error"
        case .closedUnasked: "keep the connection, or close with 1000 or 1001"
        case .endedWithoutClose: "send a Close frame before TCP is ended"
        case .closeAnsweredOtherwise: "send the code back that came"
        case .closeUnanswered, .closeIgnored: "answer the Close frame, then end TCP"
        case .keptOpen: "end TCP when the other side has ended it"
        case .closeReasonUnchecked: "check the reason of a Close frame like text"
        case .malformedCloseTaken: "check the body of a Close frame, and answer 1002 where it is malformed"
        case .resetUnclear: "look at the case by itself"
        case .closeReasonAdded: "send the reason of the application, or none"
        case .closeReasonOther: "send the reason that the application gave"
        case .secondClose: "send one Close frame, and nothing behind it"
        case .closeAnsweredLate: "answer a Close frame when it is read"
        case .tcpReset: "read to the end of the stream, then close the socket"
        case .tcpLeftOpen: "close the socket when both Close frames have gone"
        case .tcpKeptAfterFailing: "close the socket when the connection is failed"
        case .tcpClosedLate: "close the socket at once when both Close frames have gone"
        case .endedFirst: "wait for the server to end TCP, for some seconds at most"
        case .targetDied: "find the crash or the endless loop: one peer must not end the service"
        case .fragmentsRefused: "count the octets of a message, not its frames"
        case .othersUnserved: "serve connections independently of each other"
        case .memoryGrew: "bound what is kept for one connection"
        case .processorBusy: "wait for input without polling"
        case .usageUnknown: "run it where the process can be sampled"
        case .costGrows: "look for work that is done again for each piece that comes"
        case .sent: "send frames that keep to the rule"
        case .compressed: "compress as the rule has it"
        case .handshake: "write the field as the rule has it"
        case .http: "write the head as the grammar of HTTP has it"
        case .agreed: "answer with parameters that the offer allows"
        case .offered: "offer only parameters that exist, with values that they may have"
        case .interimToOldClient: "send no 1xx to HTTP/1.0"
        case .emptyListElement: "write lists without empty elements"
        case .fieldRepeated: "send the field once"
        case .upgradeWithoutConnection: "add upgrade to Connection wherever Upgrade is sent"
        case .refusedWithoutUpgrade: "add Upgrade: websocket to every 426"
        case .refusedWithoutAllow: "add Allow: GET to every 405"
        case .refusedWithoutChallenge: "add WWW-Authenticate to every 401"
        case .refusedWithoutVersion: "add Sec-WebSocket-Version: 13 to the refusal"
        case .leftOpenDespiteClose: "end the connection behind a response with Connection: close"
        case .leftOpenWithoutLength: "state the length, or end the connection"
        case .redirectedWithoutLocation: "add Location to the redirection"
        case .dateMissing: "add Date where there is a clock"
        case .noContinue: "send 100 (Continue) before the 101 where it is expected"
        case .answeredInOtherVersion: "answer in HTTP/1.1"
        case .agreedToUnknownExtension: "agree only to extensions that are implemented"
        case .versionListed: "list numbers from 0 to 255"
        case .answeredPong: "answer Pings alone"
        case .noCompression: "agree to permessage-deflate to have it tested"
        case .smallWindow: "agree to larger windows to have this tested"
        case .noContext: "agree to context takeover to have this tested"
        case .noRequest: "send the opening handshake when TCP is connected"
        case .requestCutShort: "write the whole head of the request"
        case .noHandshakeAsked: "send all fields of RFC 6455, 4.1"
        case .driverUndone: "have the driver do what the variable says"
        case .noRequestLine: "begin with GET, the target and HTTP/1.1"
        case .otherMethod: "ask with GET"
        case .askedInOldVersion, .askedInOtherVersion: "ask in HTTP/1.1"
        case .targetWithFragment: "leave the fragment out, or reject the address"
        case .targetNotEscaped: "percent-encode what no address has"
        case .targetNoPath, .targetWhole: "ask for the path of the address with its query"
        case .queryDropped: "keep the query in the target"
        case .pathDropped: "keep the path in the target"
        case .targetChanged: "ask for the path and query as the address has them"
        case .versionWithZero, .versionNoNumber: "write 13"
        case .hostWithUser: "leave the user out of Host"
        case .hostWithoutPort: "write the port in Host unless it is the default"
        case .hostNotFirst: "send Host before the other fields"
        case .contentWithGet: "send no content with the handshake"
        case .originMalformed: "write scheme, host and port alone"
        case .extensionUnregistered: "offer registered extensions"
        case .sentBeforeAnswer: "wait for the 101 before the first frame"
        case .keyRepeated: "choose 16 random octets for each connection"
        case .maskingKeyConstant, .maskingKeyRepeated, .maskingKeyZero, .maskingKeyCounted, .maskingKeyBiased:
            "choose a fresh key from a strong source for each frame"
        case .securityRefused: "go on with the handshake of TLS, or say with an alert why not"
        case .acceptedInTheClear: "speak TLS alone on a port of TLS"
        case .acceptedCertificate: "verify the certificate and its names before the request is sent"
        case .serverNameMissing: "name the host of the address in the ClientHello"
        case .serverNameAddress: "name no server where the address has no name"
        case .closureAlertMissing: "shut TLS down before TCP is closed"
        case .otherProtocolSpoken: "choose http/1.1 by ALPN, or speak what was chosen"
        case .http2: "write what the cited section of HTTP/2 says"
        case .streamReset: "leave the stream open, and answer on it"
        case .connectionEnded: "end the stream alone: with RST_STREAM, END_STREAM or an HTTP error"
        case .acknowledgmentMissing: "answer each SETTINGS frame with ACK, and each PING frame with ACK and its octets"
        case .acceptedMalformedRequest:
            "check the fields of the request, and reset the stream with PROTOCOL_ERROR, or say 400"
        case .unopened: "mend what keeps the connection from being opened first"
        case .busy: "run again with fewer jobs at a time"
        case .unreachable: "look at the address, the network and the certificate"
        }
    }
}
