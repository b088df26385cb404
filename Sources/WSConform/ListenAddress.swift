import WSRunner

/// Where to listen for clients.
package struct ListenAddress: Sendable, Hashable {
    /// A name or address, IPv6 without brackets.
    package var host: String
    /// The port; 0 for a free one.
    package var port: Int

    /// As Autobahn's tools have it.
    package static let standard = ListenAddress(host: "127.0.0.1", port: 9001)
    /// A free port of this machine alone.
    package static let free = ListenAddress(host: "127.0.0.1", port: 0)

    /// How the user would write it.
    package var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    /// Names a host, IPv6 without brackets, and a port.
    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `HOST:PORT`, with `ws://` before it or not; nil where it is none.
    package init?(_ text: String) {
        var rest = text.hasPrefix("ws://") ? text.dropFirst("ws://".count) : text[...]
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard let colon = rest.lastIndex(of: ":") else { return nil }
        var host = rest[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let port = TargetHost.port(rest[rest.index(after: colon)...]),
            isBracketed ? TargetHost.isIPv6(host) : TargetHost.isIPv4(host) || TargetHost.isName(host)
        else { return nil }
        self.host = String(host)
        self.port = port
    }
}
