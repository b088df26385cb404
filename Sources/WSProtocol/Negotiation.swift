/// What an opening handshake agreed on for the messages that follow.
package struct Negotiation: Sendable, Hashable {
    /// The subprotocol that the server chose; nil for none.
    package var subprotocol: String?
    /// The extensions that the server accepted, in its order.
    package var extensions: [ExtensionOffer]
    /// The reserved bits that these extensions define on a message's first frame; RSV1 is 4.
    package var permittedRSV: UInt8

    /// Creates a negotiation; by default it agrees on nothing.
    package init(subprotocol: String? = nil, extensions: [ExtensionOffer] = [], permittedRSV: UInt8 = 0) {
        self.subprotocol = subprotocol
        self.extensions = extensions
        self.permittedRSV = permittedRSV
    }
}

extension Negotiation {
    /// Reads a negotiation from an accepting response, right or wrong; the caller sets ``permittedRSV``.
    package init(_ response: HTTPHead) {
        self.init(
            subprotocol: response.values(of: "Sec-WebSocket-Protocol").first,
            extensions: response.values(of: "Sec-WebSocket-Extensions").flatMap { ExtensionHeader.parse($0) ?? [] }
        )
    }
}
