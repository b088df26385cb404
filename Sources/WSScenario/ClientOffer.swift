package import WSProtocol

/// What a client has to offer for a scenario's own response about permessage-deflate to have its meaning.
///
/// If it offers something else, it gets an ordinary response without extensions, and the script is not played.
package enum ClientOffer: String, Sendable, Hashable, Codable, CaseIterable {
    /// permessage-deflate, with any parameters.
    case any
    /// permessage-deflate, with client_max_window_bits in one of the offers.
    case clientWindow = "client-window"
    /// permessage-deflate, with client_max_window_bits in none of the offers.
    case noClientWindow = "no-client-window"
    /// permessage-deflate, with a server_max_window_bits below 15 in each of the offers.
    case serverWindow = "server-window"
    /// permessage-deflate, with server_no_context_takeover in each of the offers.
    case serverNoContext = "server-no-context"

    /// Whether a client's offers are such.
    package func holds(for offers: [ExtensionOffer]) -> Bool {
        guard offers.contains(where: { $0.name.lowercased() == DeflateParameters.name }) else { return false }
        let valid = offers.compactMap { DeflateOffer($0) }
        switch self {
        case .any: return true
        case .clientWindow: return valid.contains { $0.clientMaxWindowBits != nil }
        case .noClientWindow: return valid.allSatisfy { $0.clientMaxWindowBits == nil }
        case .serverWindow:
            return !valid.isEmpty
                && valid.allSatisfy { $0.serverMaxWindowBits ?? DeflateParameters.mostWindowBits < 15 }
        case .serverNoContext: return !valid.isEmpty && valid.allSatisfy(\.serverNoContextTakeover)
        }
    }
}

extension Negotiation {
    /// Whether the handshake agreed to permessage-deflate with parameters that fit none of these offers.
    package func agreesToCompression(unless offers: [DeflateOffer]) -> Bool {
        guard compression != nil else { return false }
        let element = extensions.first { $0.name.lowercased() == DeflateParameters.name }
        guard let answer = element.flatMap({ DeflateAnswer($0) }) else { return true }
        return !offers.contains { answer.fitting($0) == answer }
    }
}
