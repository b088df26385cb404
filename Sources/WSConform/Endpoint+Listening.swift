package import WSLink
import WSRunner

extension Endpoint {
    /// Where Autobahn's tools listen.
    package static let listeningByDefault = Endpoint.tcp(host: "127.0.0.1", port: 9001)
    /// A free port of this machine alone.
    package static let listeningOnFreePort = Endpoint.tcp(host: "127.0.0.1", port: 0)

    /// Reads where to listen: `HOST:PORT`, with `ws://` before it or not; nil where the text is something else.
    package init?(listening text: String) {
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
}
