import WSKernels
import WSProtocol

/// How servers with defects deal with handshakes that a server may accept or refuse, and with keys.
extension ModelServer {
    /// The number of fields from which on a request has many.
    private static let manyFields = 1_000

    /// Whether RFC 6455 and HTTP leave to the server whether it accepts the handshake.
    func isUpToTheServer(_ head: HTTPHead) -> Bool {
        let request = HandshakeRules.checkRequest(head)
        let upgrades = head.values(of: "Upgrade").joined(separator: ",")
        let offers = head.values(of: "Sec-WebSocket-Extensions")
        let isUnserved =
            !request.subprotocols.isEmpty && request.subprotocols.allSatisfy { !settings.subprotocols.contains($0) }
        return Self.hasForeignOrigin(head) || isUnserved || hasManyFields(head)
            || ["Authorization", "Expect"].contains { !head.fields(named: $0).isEmpty }
            || upgrades.contains(",")
            || offers.contains { $0.contains(/[ \t]=|=[ \t]/) }
            || request.extensions.contains { $0.name != $0.name.lowercased() }
            || head.values(of: "Host").contains { $0.contains(",") }
            || request.key.map { $0 != Self.normalized($0) } ?? false
            || request.requestLine.map { $0.version.major > 1 } ?? false
            || head.raw.hasBareLineFeed
    }

    /// Whether the request has a thousand fields or more.
    func hasManyFields(_ head: HTTPHead) -> Bool { head.fields.count >= Self.manyFields }

    /// The key that is hashed for a handshake with this one.
    func hashedKey(_ key: String) -> String {
        if settings.defects.contains(.normalizesKeys) { return Self.normalized(key) }
        return settings.defects.contains(.readsPlusAsSpace) ? key.replacing("+", with: " ") : key
    }

    /// A key as base64 encodes its octets, without bits behind the last of them (RFC 4648 section 3.5).
    private static func normalized(_ key: String) -> String {
        guard key.hasSuffix("=="), let octets = Base64.decode(Array(key.utf8).span) else { return key }
        return Base64.encode(octets)
    }

    /// Whether the octets of a key are all ASCII, or only a few different ones.
    static func looksChosen(_ key: String) -> Bool {
        guard let octets = Base64.decode(Array(key.utf8).span) else { return false }
        return octets.allSatisfy { $0 < 0x80 } || Set(octets).count <= 4
    }
}

extension [UInt8] {
    /// Whether a line of a head ends in LF without CR.
    var hasBareLineFeed: Bool {
        indices.contains { index in
            self[index] == UInt8(ascii: "\n") && (index == 0 || self[index - 1] != UInt8(ascii: "\r"))
        }
    }
}
