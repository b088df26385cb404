package import WSProtocol

/// How a correct opening handshake negotiates permessage-deflate (RFC 7692, 5 and 7).
package struct CompressionOpening: Sendable, Hashable, Codable {
    /// What we offer as a client, in order of preference.
    package var offers: [DeflateOffer]
    /// What we answer as a server: the first of these that an offer of the client permits.
    package var answers: [DeflateAnswer]

    /// Creates an opening; by default without any parameters.
    package init(offers: [DeflateOffer] = [DeflateOffer()], answers: [DeflateAnswer] = [DeflateAnswer()]) {
        self.offers = offers
        self.answers = answers
    }

    /// The answer to a client's offers; nil if none of them permits any, so that nothing is compressed.
    package func answer(to offers: [ExtensionOffer]) -> DeflateAnswer? {
        answers.lazy.compactMap { DeflateNegotiation.answer(to: offers, supporting: [$0]) }.first
    }
}

/// What has to be agreed on for our own compressed messages of a scenario.
///
/// If the peer agrees to less, the script is not played.
package struct CompressionNeed: Sendable, Hashable, Codable {
    /// The window that our messages need, as a power of two.
    package var windowBits: Int
    /// Whether our messages refer to earlier ones.
    package var keepsContext: Bool
    /// What a client has to offer for the scenario's own response to be sent.
    package var offer: ClientOffer

    /// Creates a need; by default that of messages that can be inflated alone with the smallest window.
    package init(windowBits: Int = 8, keepsContext: Bool = false, offer: ClientOffer = .any) {
        self.windowBits = windowBits
        self.keepsContext = keepsContext
        self.offer = offer
    }

    /// What keeps the script from being played; nil if nothing does.
    ///
    /// - Parameters:
    ///   - agreed: What the handshake agreed on; nil for no compression.
    ///   - sender: Our role.
    /// - Returns: What was not agreed on.
    package func lack(in agreed: DeflateParameters?, sender: Role) -> Lack? {
        guard let agreed else { return .compression }
        if agreed.windowBits(of: sender) < windowBits { return .window(agreed.windowBits(of: sender)) }
        return keepsContext && !agreed.keepsContext(of: sender) ? .context : nil
    }

    /// What was not agreed on.
    package enum Lack: Sendable, Hashable {
        /// permessage-deflate.
        case compression
        /// A window of the size that our messages need; the value is what was agreed on, as a power of two.
        case window(Int)
        /// That our messages may refer to earlier ones.
        case context
    }
}
