package import WSLink
import WSRunner

/// Where to listen, and whether TLS is spoken there.
package struct ListeningAddress: Sendable, Hashable {
    /// The endpoint.
    package var endpoint: Endpoint
    /// Whether TLS is spoken.
    package var isSecure: Bool

    /// Creates an address.
    package init(_ endpoint: Endpoint, isSecure: Bool = false) {
        self.endpoint = endpoint
        self.isSecure = isSecure
    }

    /// Parses the address to listen on: `HOST:PORT`, with or without `ws://` or `wss://`; nil for other texts.
    package init?(_ text: String) {
        isSecure = text.hasPrefix("wss://")
        guard let endpoint = Endpoint(listening: isSecure ? String(text.dropFirst("wss://".count)) : text),
            !isSecure || endpoint.socketPath == nil
        else { return nil }
        self.endpoint = endpoint
    }
}

extension Endpoint {
    /// The endpoint on which Autobahn's tools listen.
    package static let listeningByDefault = Endpoint.tcp(host: "127.0.0.1", port: 9001)
    /// Any free port, for this machine only.
    package static let listeningOnFreePort = Endpoint.tcp(host: "127.0.0.1", port: 0)

    /// Parses the endpoint to listen on; nil for other texts.
    ///
    /// It is `HOST:PORT`, with or without `ws://`, or the absolute path of a Unix socket behind `unix:` or `unix://`,
    /// or as an address of `ws+unix:` without a path of a request.
    package init?(listening text: String) {
        if let path = Self.socketPath(listening: text) {
            self = .unixSocket(path: path)
            return
        }
        var rest = text.hasPrefix("ws://") ? text.dropFirst("ws://".count) : text[...]
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard let colon = rest.lastIndex(of: ":") else { return nil }
        var host = rest[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        guard let port = TargetHost.port(rest[rest.index(after: colon)...]),
            isBracketed ? TargetHost.isIPv6(host) : TargetHost.isIPv4(host) || TargetHost.isName(host)
        else { return nil }
        self = .tcp(host: String(host), port: port)
    }

    private static func socketPath(listening text: String) -> String? {
        if text.hasPrefix("ws+unix:") {
            guard let url = try? TargetURL(text), url.resourceName == "/" else { return nil }
            return url.socketPath
        }
        guard let scheme = ["unix://", "unix:"].first(where: text.hasPrefix) else { return nil }
        let path = text.dropFirst(scheme.count)
        return path.hasPrefix("/") && !path.hasSuffix("/") ? String(path) : nil
    }
}
