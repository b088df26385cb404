/// What an opening handshake has settled about the messages that follow it.
package struct Negotiation: Sendable, Hashable {
    /// The subprotocol that the server has chosen; nil where it chose none.
    package var subprotocol: String?
    /// The extensions that the server has accepted, in its order.
    package var extensions: [ExtensionOffer]
    /// The reserved bits that these extensions define on a message's first frame; RSV1 is 4.
    package var permittedRSV: UInt8

    /// What the handshake has settled; by default nothing.
    package init(subprotocol: String? = nil, extensions: [ExtensionOffer] = [], permittedRSV: UInt8 = 0) {
        self.subprotocol = subprotocol
        self.extensions = extensions
        self.permittedRSV = permittedRSV
    }
}

extension Negotiation {
    /// What a server's acceptance settles, rightly or not; reserved bits are left to whoever knows the extensions.
    package init(_ response: HTTPHead) {
        self.init(
            subprotocol: response.values(of: "Sec-WebSocket-Protocol").first,
            extensions: response.values(of: "Sec-WebSocket-Extensions").flatMap { ExtensionHeader.parse($0) ?? [] }
        )
    }
}
