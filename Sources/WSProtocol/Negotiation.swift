/// What an opening handshake agreed on for the messages that follow.
public struct Negotiation: Sendable, Hashable {
    /// The subprotocol that the server chose; nil for none.
    public var subprotocol: String?
    /// The extensions that the server accepted, in its order.
    public var extensions: [ExtensionOffer]
    /// How messages may be compressed; nil if they may not.
    public var compression: DeflateParameters?

    /// Creates a negotiation; by default it agrees on nothing.
    public init(
        subprotocol: String? = nil,
        extensions: [ExtensionOffer] = [],
        compression: DeflateParameters? = nil
    ) {
        self.subprotocol = subprotocol
        self.extensions = extensions
        self.compression = compression
    }

    /// The reserved bits that are defined on a message's first frame; RSV1 is 4 (RFC 7692 section 6).
    public var permittedRSV: UInt8 { compression == nil ? 0 : 4 }
}

extension Negotiation {
    /// Reads a negotiation from an accepting response, right or wrong.
    public init(_ response: HTTPHead) {
        self.init(
            subprotocols: response.values(of: "Sec-WebSocket-Protocol"),
            extensions: response.values(of: "Sec-WebSocket-Extensions")
        )
    }

    /// Reads a negotiation from the values of the two fields that have it, right or wrong.
    package init(subprotocols: [String], extensions values: [String]) {
        let extensions = values.flatMap { ExtensionHeader.parse($0) ?? [] }
        self.init(
            subprotocol: subprotocols.first,
            extensions: extensions,
            compression: extensions.lazy.compactMap { DeflateParameters(accepted: $0) }.first
        )
    }
}
