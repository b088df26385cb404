import WSLimits

/// A rule of the opening handshake that one side broke, and where in its head.
public struct HandshakeProblem: Sendable, Hashable {
    /// The rule that was broken.
    public var rule: HandshakeRule
    /// The offset in the head's raw bytes; what is missing is missing at their end.
    public var offset: Int
    /// What was found there.
    public var detail: String

    /// A problem at the offset.
    public init(rule: HandshakeRule, offset: Int, detail: String) {
        self.rule = rule
        self.offset = offset
        self.detail = Limits.quotation.cut(detail)
    }
}

/// The rules of the opening handshake, for responses and for requests.
public enum HandshakeRule: String, CaseIterable, Sendable, Hashable, Codable {
    /// The response does not begin with a status line.
    case responseStatusLine = "response-status-line"
    /// The response is of an HTTP version below 1.1.
    case responseVersion = "response-version"
    /// The status is not 101.
    case responseStatus = "response-status"
    /// The response has no Upgrade field.
    case responseUpgradeMissing = "response-upgrade-missing"
    /// Upgrade does not name websocket.
    case responseUpgradeWrong = "response-upgrade-wrong"
    /// Upgrade names websocket and something else; RFC 6455 and RFC 9110 differ on this one.
    case responseUpgradeList = "response-upgrade-list"
    /// The response has no Connection field.
    case responseConnectionMissing = "response-connection-missing"
    /// Connection has no upgrade token.
    case responseConnectionWrong = "response-connection-wrong"
    /// The response has no Sec-WebSocket-Accept field.
    case responseAcceptMissing = "response-accept-missing"
    /// Sec-WebSocket-Accept does not answer the key.
    case responseAcceptWrong = "response-accept-wrong"
    /// Sec-WebSocket-Accept appears more than once.
    case responseAcceptRepeated = "response-accept-repeated"
    /// A subprotocol is chosen although none was asked for.
    case responseSubprotocolUnasked = "response-subprotocol-unasked"
    /// The chosen subprotocol was not among those asked for.
    case responseSubprotocolNotOffered = "response-subprotocol-not-offered"
    /// The chosen subprotocol was asked for in another case; the text does not say whether that is the same name.
    case responseSubprotocolOtherCase = "response-subprotocol-other-case"
    /// Sec-WebSocket-Protocol is empty.
    case responseSubprotocolEmpty = "response-subprotocol-empty"
    /// Sec-WebSocket-Protocol is not one token.
    case responseSubprotocolNotToken = "response-subprotocol-not-token"
    /// Sec-WebSocket-Protocol appears more than once.
    case responseSubprotocolRepeated = "response-subprotocol-repeated"
    /// An extension is accepted that was not offered.
    case responseExtensionNotOffered = "response-extension-not-offered"
    /// An extension is accepted that was offered in another case; the text does not say whether that is the same name.
    case responseExtensionOtherCase = "response-extension-other-case"
    /// Sec-WebSocket-Extensions is empty.
    case responseExtensionEmpty = "response-extension-empty"
    /// Sec-WebSocket-Extensions is not of its grammar.
    case responseExtensionMalformed = "response-extension-malformed"
    /// A 101 response has a Content-Length field.
    case responseContentLength = "response-content-length"
    /// A 101 response has a Transfer-Encoding field.
    case responseTransferEncoding = "response-transfer-encoding"

    /// The request does not begin with a request line.
    case requestLine = "request-line"
    /// The method is not GET.
    case requestMethod = "request-method"
    /// The request is of an HTTP version below 1.1.
    case requestVersion = "request-version"
    /// The request has no Host field.
    case requestHostMissing = "request-host-missing"
    /// Host appears more than once.
    case requestHostRepeated = "request-host-repeated"
    /// Host is empty or has characters that no host has.
    case requestHostInvalid = "request-host-invalid"
    /// Upgrade does not name websocket.
    case requestUpgrade = "request-upgrade"
    /// Connection has no upgrade token.
    case requestConnection = "request-connection"
    /// The request has no Sec-WebSocket-Version field.
    case requestProtocolVersionMissing = "request-protocol-version-missing"
    /// Sec-WebSocket-Version appears more than once.
    case requestProtocolVersionRepeated = "request-protocol-version-repeated"
    /// Sec-WebSocket-Version is not 13.
    case requestProtocolVersion = "request-protocol-version"
    /// The request has no Sec-WebSocket-Key field.
    case requestKeyMissing = "request-key-missing"
    /// Sec-WebSocket-Key appears more than once.
    case requestKeyRepeated = "request-key-repeated"
    /// Sec-WebSocket-Key is not the base64 form of 16 bytes.
    case requestKeyInvalid = "request-key-invalid"
    /// Sec-WebSocket-Protocol is not a list of tokens.
    case requestSubprotocolMalformed = "request-subprotocol-malformed"
    /// Sec-WebSocket-Protocol names a subprotocol twice.
    case requestSubprotocolRepeated = "request-subprotocol-repeated"
    /// Sec-WebSocket-Extensions is not of its grammar.
    case requestExtensionMalformed = "request-extension-malformed"

    /// The id of the requirement the head's sender did not meet, in the requirement table.
    public var requirement: String {
        switch self {
        case .responseStatusLine, .responseVersion: "RFC6455-4.2.2-17"
        case .responseStatus: "RFC6455-4.2.2-18"
        case .responseUpgradeMissing, .responseUpgradeWrong, .responseUpgradeList: "RFC6455-4.2.2-19"
        case .responseConnectionMissing, .responseConnectionWrong: "RFC6455-4.2.2-20"
        case .responseAcceptMissing, .responseAcceptWrong: "RFC6455-4.2.2-21"
        case .responseAcceptRepeated: "RFC6455-11.3.3-01"
        case .responseSubprotocolUnasked: "RFC6455-4.2.2-11"
        case .responseSubprotocolNotOffered, .responseSubprotocolOtherCase: "RFC6455-4.2.2-10"
        case .responseSubprotocolEmpty: "RFC6455-4.2.2-12"
        case .responseSubprotocolNotToken: "RFC6455-4.2.2-13"
        case .responseSubprotocolRepeated: "RFC6455-11.3.4-02"
        case .responseExtensionNotOffered, .responseExtensionOtherCase: "RFC6455-4.2.2-15"
        case .responseExtensionEmpty: "RFC6455-4.2.2-16"
        case .responseExtensionMalformed: "RFC6455-4.3-02"
        case .responseContentLength: "RFC9110-8.6-01"
        case .responseTransferEncoding: "RFC9112-6.1-01"
        case .requestLine: "RFC6455-4.1-19"
        case .requestMethod: "RFC6455-4.1-20"
        case .requestVersion: "RFC6455-4.1-21"
        case .requestHostMissing: "RFC9112-3.2-02"
        case .requestHostRepeated: "RFC9110-5.3-01"
        case .requestHostInvalid: "RFC6455-4.1-23"
        case .requestUpgrade: "RFC6455-4.1-24"
        case .requestConnection: "RFC6455-4.1-25"
        case .requestProtocolVersionMissing: "RFC6455-4.1-32"
        case .requestProtocolVersionRepeated: "RFC6455-11.3.5-02"
        case .requestProtocolVersion: "RFC6455-4.1-33"
        case .requestKeyMissing: "RFC6455-4.1-26"
        case .requestKeyRepeated: "RFC6455-11.3.1-01"
        case .requestKeyInvalid: "RFC6455-4.1-27"
        case .requestSubprotocolMalformed: "RFC6455-4.1-35"
        case .requestSubprotocolRepeated: "RFC6455-4.1-36"
        case .requestExtensionMalformed: "RFC6455-4.3-02"
        }
    }
}
