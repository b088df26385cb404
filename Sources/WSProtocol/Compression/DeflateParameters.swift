/// The parameters of permessage-deflate that both sides agreed on (RFC 7692 section 7.1).
public struct DeflateParameters: Sendable, Hashable, Codable {
    /// The name of the extension.
    public static let name = "permessage-deflate"
    /// The largest window, which holds where no other was agreed on (RFC 7692 section 7.1.2).
    public static let mostWindowBits = 15

    /// Whether the server compresses each message without those before it.
    public var serverNoContextTakeover: Bool
    /// Whether the client compresses each message without those before it.
    public var clientNoContextTakeover: Bool
    /// The size of the server's window as a power of two, from 8 to 15.
    public var serverMaxWindowBits: Int
    /// The size of the client's window as a power of two, from 8 to 15.
    public var clientMaxWindowBits: Int

    /// Creates parameters; the defaults are those of an answer without any.
    public init(
        serverNoContextTakeover: Bool = false,
        clientNoContextTakeover: Bool = false,
        serverMaxWindowBits: Int = mostWindowBits,
        clientMaxWindowBits: Int = mostWindowBits
    ) {
        self.serverNoContextTakeover = serverNoContextTakeover
        self.clientNoContextTakeover = clientNoContextTakeover
        self.serverMaxWindowBits = serverMaxWindowBits
        self.clientMaxWindowBits = clientMaxWindowBits
    }

    /// Reads the parameters of an accepted element, right or wrong; what cannot be understood counts as absent.
    ///
    /// - Returns: Nil if the element is no permessage-deflate.
    public init?(accepted element: ExtensionOffer) {
        guard Self.isName(element.name) else { return nil }
        self.init()
        for parameter in element.parameters {
            let bits = parameter.value.flatMap { Self.windowBits($0) }
            switch DeflateParameter(name: parameter.name) {
            case .serverNoContextTakeover: serverNoContextTakeover = true
            case .clientNoContextTakeover: clientNoContextTakeover = true
            case .serverMaxWindowBits: serverMaxWindowBits = bits ?? serverMaxWindowBits
            case .clientMaxWindowBits: clientMaxWindowBits = bits ?? clientMaxWindowBits
            case nil: break
            }
        }
    }

    /// Whether a name is that of the extension, in any case: no text says whether the case of names matters.
    public static func isName(_ name: String) -> Bool { HTTPGrammar.equalIgnoringCase(name.utf8, Self.name.utf8) }

    /// Reads the size of a window: 8 to 15 without leading zeros (RFC 7692 section 7.1.2); nil for anything else.
    public static func windowBits(_ value: String) -> Int? {
        guard value.utf8.allSatisfy({ (48...57).contains($0) }), value.utf8.first != 48 else { return nil }
        return Int(value).flatMap { (8...15).contains($0) ? $0 : nil }
    }

    /// The size of the window with which this role compresses, as a power of two.
    public func windowBits(of sender: Role) -> Int {
        sender == .server ? serverMaxWindowBits : clientMaxWindowBits
    }

    /// Whether messages of this role may refer to those before them.
    public func keepsContext(of sender: Role) -> Bool {
        sender == .server ? !serverNoContextTakeover : !clientNoContextTakeover
    }
}
