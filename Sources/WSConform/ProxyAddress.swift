import WSKernels
import WSLink
import WSReport
import WSRunner
package import WSTransport

/// The address of an HTTP proxy as a user writes it: `http://[USER:PASSWORD@]HOST[:PORT]`, with or without the scheme.
package struct ProxyAddress: Sendable, Hashable {
    /// The name or address of the host, IPv6 without its brackets.
    package var host: String
    /// The TCP port; 80 if the address has none.
    package var port: Int
    /// User and password, decoded; nil for none.
    private var credentials: (user: String, password: String)? { user.map { ($0, password) } }

    private var user: String?
    private var password = ""

    /// Parses an address.
    ///
    /// - Throws: `RunTrouble` with one line that says what is wrong and how to correct it, without the password.
    package init(_ text: String) throws(RunTrouble) {
        let form = "write http://[USER:PASSWORD@]HOST:PORT"
        var rest = text[...]
        if let end = text.firstRange(of: "://") {
            let scheme = text[..<end.lowerBound].lowercased()
            guard scheme == "http" else {
                throw RunTrouble(
                    "a proxy of \(Self.shown(scheme))://, which is not spoken; only http:// with CONNECT is"
                )
            }
            rest = text[end.upperBound...]
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        // A password may have an @ that its user did not encode.
        if let at = rest.lastIndex(of: "@") {
            let parts = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard !rest[..<at].contains(Secrets.mask) else {
                throw RunTrouble("the \(Secrets.mask) stands for credentials that reports leave out; write them")
            }
            guard let user = Self.decoded(parts[0]), !user.contains(":"),
                let password = Self.decoded(parts.count == 2 ? parts[1] : "")
            else { throw RunTrouble("its credentials have a % that begins no escape, or a colon in the user; \(form)") }
            self.user = user
            self.password = password
            rest = rest[rest.index(after: at)...]
        }
        var name = rest
        port = 80
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("]") {
            guard let number = TargetHost.port(rest[rest.index(after: colon)...]), number > 0 else {
                throw RunTrouble("its port is no number from 1 to 65535; \(form)")
            }
            port = number
            name = rest[..<colon]
        }
        let isBracketed = name.hasPrefix("[") && name.hasSuffix("]")
        if isBracketed { name = name.dropFirst().dropLast() }
        guard isBracketed ? TargetHost.isIPv6(name) : TargetHost.isIPv4(name) || TargetHost.isName(name) else {
            throw RunTrouble("it has no valid host; \(form)")
        }
        host = String(name)
    }

    /// The address with the credentials masked.
    package var masked: String {
        "http://\(user == nil ? "" : "\(Secrets.mask)@")\(tunnel.endpoint)"
    }

    /// The fields whose values must not appear in anything that is reported.
    var secretFields: [(name: String, value: String)] {
        tunnel.authorization.map { [("Proxy-Authorization", $0), ("Proxy-Authorization", password)] } ?? []
    }

    /// The proxy for the transport, with Basic credentials (RFC 7617).
    package var tunnel: TunnelProxy {
        let value = credentials.map { "Basic " + Base64.encode(Array("\($0.user):\($0.password)".utf8)) }
        return TunnelProxy(host: host, port: port, authorization: value)
    }

    /// A scheme that is short enough to show.
    private static func shown(_ scheme: String) -> String { String(scheme.prefix(20)) }

    /// Decodes percent escapes; nil if one is invalid, or the octets are not UTF-8 or have controls.
    private static func decoded(_ text: Substring) -> String? {
        var octets: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            var value = octet
            if octet == UInt8(ascii: "%") {
                guard let digits = Hex.decode(String(decoding: rest.prefix(2), as: UTF8.self)), digits.count == 1 else {
                    return nil
                }
                value = digits[0]
                rest = rest.dropFirst(2)
            }
            guard value >= 0x20, value != 0x7F else { return nil }
            octets.append(value)
        }
        return String(validating: octets, as: UTF8.self)
    }
}
