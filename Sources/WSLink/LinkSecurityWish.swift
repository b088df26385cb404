/// How a machine wants the security layer of its link to behave; a link without such a layer ignores it.
package struct LinkSecurityWish: Sendable, Hashable {
    /// Whether there is to be no layer, so that octets go directly to the stream.
    package var isInTheClear = false
    /// The only version to speak, such as `1.2`; nil for those that the layer was made for.
    package var version: String?
    /// The application protocols to offer, or to choose from; nil for those that the layer was made for.
    package var applicationProtocols: [String]?
    /// The name of the server to ask for.
    package var serverName = ServerName.usual
    /// The octet at which each record is cut into two segments, with a pause between them; nil for no cut.
    package var recordCut: Int?
    /// Whether the stream is ended without the closing message of the layer.
    package var truncates = false

    /// The name of the server that a client asks for.
    package enum ServerName: Sendable, Hashable {
        /// The one that the layer was made for.
        case usual
        /// None.
        case none
        /// This one.
        case other(String)
    }

    /// The behaviour that the layer was made for.
    package static let usual = Self()

    /// Creates the wish for the usual behaviour.
    package init() {}
}
