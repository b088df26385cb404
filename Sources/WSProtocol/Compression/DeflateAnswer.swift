/// A valid answer to an offer of permessage-deflate, as a server sends it (RFC 7692 section 7.1).
public struct DeflateAnswer: Sendable, Hashable, Codable {
    /// Whether the server will compress each message without those before it.
    public var serverNoContextTakeover: Bool
    /// Whether the client has to compress so.
    public var clientNoContextTakeover: Bool
    /// The largest window that the server will use, as a power of two; nil for 15.
    public var serverMaxWindowBits: Int?
    /// The largest window that the client may use, as a power of two; nil for 15.
    public var clientMaxWindowBits: Int?

    /// Creates an answer; by default without parameters.
    public init(
        serverNoContextTakeover: Bool = false,
        clientNoContextTakeover: Bool = false,
        serverMaxWindowBits: Int? = nil,
        clientMaxWindowBits: Int? = nil
    ) {
        self.serverNoContextTakeover = serverNoContextTakeover
        self.clientNoContextTakeover = clientNoContextTakeover
        self.serverMaxWindowBits = serverMaxWindowBits
        self.clientMaxWindowBits = clientMaxWindowBits
    }

    /// Reads an element of Sec-WebSocket-Extensions.
    ///
    /// - Returns: Nil unless it is a permessage-deflate with known parameters, each once and with a valid value.
    public init?(_ element: ExtensionOffer) {
        // An element that is right in an answer is so in an offer, too.
        guard let offer = DeflateOffer(element) else { return nil }
        self.init(
            serverNoContextTakeover: offer.serverNoContextTakeover,
            clientNoContextTakeover: offer.clientNoContextTakeover,
            serverMaxWindowBits: offer.serverMaxWindowBits
        )
        switch offer.clientMaxWindowBits {
        case nil: break
        case .atMost(let bits): clientMaxWindowBits = bits
        // The value is mandatory here (RFC 7692 section 7.1.2.2).
        case .any: return nil
        }
    }

    /// The answer with what an offer demands in addition (RFC 7692 section 7.1).
    ///
    /// - Returns: Nil if the answer limits the client's window and the offer does not permit that.
    public func fitting(_ offer: DeflateOffer) -> DeflateAnswer? {
        guard clientMaxWindowBits == nil || offer.clientMaxWindowBits != nil else { return nil }
        var answer = self
        answer.serverNoContextTakeover = serverNoContextTakeover || offer.serverNoContextTakeover
        if let most = offer.serverMaxWindowBits { answer.serverMaxWindowBits = min(most, serverMaxWindowBits ?? most) }
        return answer
    }

    /// The answer as an element of Sec-WebSocket-Extensions.
    public var element: ExtensionOffer {
        var element = ExtensionOffer(name: DeflateParameters.name)
        if serverNoContextTakeover { element.parameters.append(ExtensionParameter(.serverNoContextTakeover)) }
        if let serverMaxWindowBits {
            element.parameters.append(ExtensionParameter(.serverMaxWindowBits, serverMaxWindowBits))
        }
        if clientNoContextTakeover { element.parameters.append(ExtensionParameter(.clientNoContextTakeover)) }
        if let clientMaxWindowBits {
            element.parameters.append(ExtensionParameter(.clientMaxWindowBits, clientMaxWindowBits))
        }
        return element
    }

    /// What both sides have agreed on with this answer.
    public var parameters: DeflateParameters {
        DeflateParameters(
            serverNoContextTakeover: serverNoContextTakeover,
            clientNoContextTakeover: clientNoContextTakeover,
            serverMaxWindowBits: serverMaxWindowBits ?? DeflateParameters.mostWindowBits,
            clientMaxWindowBits: clientMaxWindowBits ?? DeflateParameters.mostWindowBits
        )
    }
}
