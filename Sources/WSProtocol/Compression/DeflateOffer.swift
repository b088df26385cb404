/// A valid offer of permessage-deflate, as a client sends it (RFC 7692 section 7.1).
public struct DeflateOffer: Sendable, Hashable, Codable {
    /// Whether the server has to compress each message without those before it.
    public var serverNoContextTakeover: Bool
    /// Whether the client hints that it will compress so, even if the answer does not say it.
    public var clientNoContextTakeover: Bool
    /// The largest window that the server may use, as a power of two; nil if it is not limited.
    public var serverMaxWindowBits: Int?
    /// Whether and how the client says that the server may limit the client's window.
    public var clientMaxWindowBits: ClientWindow?

    /// The forms of client_max_window_bits in an offer.
    public enum ClientWindow: Sendable, Hashable, Codable {
        /// Without a value.
        case any
        /// With a hint at the largest window that the client will use, as a power of two.
        case atMost(Int)
    }

    /// Creates an offer; by default without parameters.
    public init(
        serverNoContextTakeover: Bool = false,
        clientNoContextTakeover: Bool = false,
        serverMaxWindowBits: Int? = nil,
        clientMaxWindowBits: ClientWindow? = nil
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
        guard DeflateParameters.isName(element.name),
            DeflateNegotiation.problems(ofForm: element).isEmpty
        else { return nil }
        self.init()
        for parameter in element.parameters {
            let bits = parameter.value.flatMap { DeflateParameters.windowBits($0) }
            switch DeflateParameter(name: parameter.name) {
            case .serverNoContextTakeover: serverNoContextTakeover = true
            case .clientNoContextTakeover: clientNoContextTakeover = true
            case .serverMaxWindowBits: serverMaxWindowBits = bits
            case .clientMaxWindowBits: clientMaxWindowBits = bits.map { .atMost($0) } ?? .any
            case nil: break
            }
        }
    }

    /// The offer as an element of Sec-WebSocket-Extensions.
    public var element: ExtensionOffer {
        var element = ExtensionOffer(name: DeflateParameters.name)
        if clientNoContextTakeover { element.parameters.append(ExtensionParameter(.clientNoContextTakeover)) }
        switch clientMaxWindowBits {
        case nil: break
        case .any: element.parameters.append(ExtensionParameter(.clientMaxWindowBits))
        case .atMost(let bits):
            element.parameters.append(ExtensionParameter(.clientMaxWindowBits, bits))
        }
        if serverNoContextTakeover { element.parameters.append(ExtensionParameter(.serverNoContextTakeover)) }
        if let serverMaxWindowBits {
            element.parameters.append(ExtensionParameter(.serverMaxWindowBits, serverMaxWindowBits))
        }
        return element
    }
}

extension ExtensionParameter {
    /// A parameter of permessage-deflate, with a size if there is one.
    init(_ parameter: DeflateParameter, _ bits: Int? = nil) {
        self.init(name: parameter.rawValue, value: bits.map { "\($0)" })
    }
}

extension HTTPHead {
    /// Whether a request offers permessage-deflate, right or wrong.
    public var offersCompression: Bool {
        values(of: "Sec-WebSocket-Extensions").compactMap(ExtensionHeader.parse).joined()
            .contains { $0.name.lowercased() == DeflateParameters.name }
    }
}
