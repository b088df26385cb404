import WSHTTP2Link
package import WSLink
import WSReport
package import WSRunner
package import WSTransport

/// How connections get to a target, besides its address.
package struct Route: Sendable, Hashable {
    /// The endpoint to connect to in place of the one in the address; nil for that one.
    package var connectTo: Endpoint?
    /// The proxy whose tunnels lead there; nil to connect directly.
    package var proxy: ProxyAddress?
    /// Whether a proxy of the environment is taken for a target that is not this machine.
    package var takesProxyOfEnvironment = false

    /// Whether conversations are on streams of HTTP/2, also where the address does not say so.
    package var isHTTP2 = false
    /// Whether the server was asked what it offers, and ``isHTTP2`` is what came of that.
    package private(set) var wasHTTP2Asked = false
    /// How many connections may begin in a second; nil for any number.
    package var rate: Int?

    /// Creates a route straight to the address.
    package init() {}

    /// Whether conversations with a target are on streams of HTTP/2.
    package func isHTTP2(to target: TargetURL) -> Bool { isHTTP2 || target.isHTTP2 }

    /// Where connections to a target end.
    func endpoint(of target: TargetURL) -> Endpoint { connectTo ?? target.endpoint }

    /// Chooses the proxy of the environment if the target is not this machine and the user named none.
    ///
    /// - Parameters:
    ///   - target: The address of the target.
    ///   - isRemote: Whether it is not this machine.
    ///   - environment: The variables of the environment.
    /// - Throws: `RunTrouble` with one line if the proxy's address is invalid.
    /// - Returns: A line for the user if a proxy was chosen.
    package mutating func takeProxy(
        for target: TargetURL,
        isRemote: Bool,
        of environment: [String: String]
    ) throws(RunTrouble) -> String? {
        guard takesProxyOfEnvironment, proxy == nil, isRemote, case .tcp(let host, let port) = endpoint(of: target),
            let found = try ProxyEnvironment(environment).proxy(forHost: host, port: port)
        else { return nil }
        proxy = found.address
        return
            "connections go through the proxy \(found.address.masked) of \(found.variable); --proxy none goes directly"
    }

    /// Asks a server over TLS whether it offers WebSocket over HTTP/2, and takes that where it does.
    ///
    /// - Parameters:
    ///   - target: The address of the server.
    ///   - security: The security layer of connections.
    /// - Returns: A line for the user about what is spoken and why; nil if that could not be found out, which the run
    ///   tells.
    package mutating func takeHTTP2IfOffered(
        by target: TargetURL,
        security: any ChannelSecurity
    ) async -> String? {
        let limit = SilenceLimit.standard.duration
        let sockets = Sockets.dialer(
            to: endpoint(of: target),
            through: proxy?.tunnel,
            connectTimeout: limit,
            security: security
        )
        let offer = await HTTP2Offer.ask(over: sockets, limit: limit)
        isHTTP2 = offer == .webSocket
        wasHTTP2Asked = true
        switch offer {
        case .webSocket: return "\(target.authority) offers WebSocket over HTTP/2, which is spoken"
        case .noWebSocket:
            return "\(target.authority) speaks HTTP/2, but its SETTINGS lack ENABLE_CONNECT_PROTOCOL = 1; "
                + "HTTP/1.1 is spoken"
        case .noHTTP2: return "\(target.authority) does not choose h2 by ALPN; HTTP/1.1 is spoken"
        case .unknown: return nil
        }
    }

    /// Whether connections leave this machine; a name is looked up.
    package func isRemote(to target: TargetURL) async -> Bool {
        if let proxy, await !Self.isLoopback(proxy.host) { return true }
        guard case .tcp(let host, _) = endpoint(of: target) else { return false }
        return await !Self.isLoopback(host)
    }

    private static func isLoopback(_ host: String) async -> Bool {
        let name = host.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") { return true }
        if let address = IPAddress(host) { return address.isLoopback }
        // A name that is not known leads nowhere, which the run tells.
        guard let address = await Sockets.address(of: host) else { return false }
        return IPAddress(address)?.isLoopback ?? false
    }

    /// Notes the route in the options of a report.
    func note(in options: inout Report.Options) {
        options.connectTo = connectTo?.description
        options.proxy = proxy?.masked
        options.rate = rate
        options.http2 = isHTTP2 ? true : wasHTTP2Asked ? false : nil
    }

    /// The options of the command line that choose the route; credentials are masked.
    var words: [String] {
        let pairs = [
            ("--connect-to", connectTo?.description), ("--proxy", proxy?.masked), ("--rate", rate.map { "\($0)" }),
        ]
        return (isHTTP2 ? ["--http2"] : []) + pairs.flatMap { name, value in value.map { [name, $0] } ?? [] }
    }
}
