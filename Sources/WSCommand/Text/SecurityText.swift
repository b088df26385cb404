import WSScenario

/// Describes for people how a scenario speaks TLS.
enum SecurityText {
    /// What differs from other conversations, in one line.
    static func describe(_ security: SecurityToSpeak) -> String {
        var parts: [String] = []
        if security.isInTheClear { parts.append("none, though the peer expects it") }
        if security.versions != .usual { parts.append("version \(security.versions.rawValue) alone") }
        if let protocols = security.applicationProtocols {
            parts.append("offers \(protocols.isEmpty ? "no application protocol" : protocols.joined(separator: ", "))")
        }
        switch security.serverName {
        case .ofTarget: break
        case .none: parts.append("names no server")
        case .other(let name): parts.append("names the server \(name)")
        }
        switch security.certificate {
        case .usual: break
        case .untrusted: parts.append("shows a certificate that no authority has signed")
        case .expired: parts.append("shows a certificate that is not valid any more")
        case .ofOther: parts.append("shows a certificate for another name")
        case .ofName: parts.append("shows a certificate for the name localhost, and for no address")
        }
        if let octets = security.insteadOfAnswer {
            parts.append("instead of an answer to the ClientHello, \(PayloadText.describe(.octets(octets)))")
        }
        if let place = security.recordCut { parts.append("each record cut into two segments behind \(place) octets") }
        if security.truncates { parts.append("FIN without close_notify") }
        if let beside = security.beside {
            let octets = beside.octets.isEmpty ? "nothing" : PayloadText.describe(.octets(beside.octets))
            parts.append("beside \(beside.count) connections that send in the clear \(octets), and stay")
        }
        return parts.isEmpty ? "as in every conversation" : parts.joined(separator: "; ")
    }
}
