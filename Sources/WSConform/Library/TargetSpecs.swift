import WSProtocol
import WSRunFolder
import WSRunner
import WSTransport
import WSTransportTLS

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is tested, as the user described it.
enum TargetKind: Sendable, Hashable {
    /// A server at an address.
    case server(ServerSpec)
    /// The built-in server.
    case modelServer
    /// A client that is started for each case.
    case client(ClientSpec)
}

/// A server at an address.
struct ServerSpec: Sendable, Hashable {
    var url: String
    var handshake: ConformanceTarget.Handshake
    var tls: ConformanceTarget.TLS
    var application: ConformanceTarget.Application
}

/// A client that is started for each case.
struct ClientSpec: Sendable, Hashable {
    /// How it is started.
    enum Way: Sendable, Hashable {
        case command([String])
        case closure(DriverClosure)
        case model
    }

    var way: Way
    var transport: Suite.Transport
    var subprotocols: [String]
}

extension TargetKind {
    /// The run against a server, without its cases, and the server itself.
    ///
    /// - Parameters:
    ///   - options: How cases are played.
    ///   - out: The folder for records.
    /// - Throws: ``ConformanceError`` for a target or an option that is not valid.
    /// - Returns: The run, the target, and whether it is not this machine; nil for a client.
    func serverTest(
        _ options: ConformanceOptions,
        out: String
    ) async throws(ConformanceError) -> (test: ServerTest, target: ServerTest.Target, isRemote: Bool)? {
        var settings = try options.settings(out: out)
        switch self {
        case .client: return nil
        case .modelServer: return (ServerTest(scenarios: [], settings: settings), .embedded, false)
        case .server(let spec):
            do {
                let url = try TargetURL(spec.url)
                if let problem = url.endpoint.problem {
                    throw ConformanceError(.target, "\(url.endpoint) cannot be connected to: \(problem)")
                }
                let tls = url.isSecure ? try spec.tls.settings() : nil
                var route = Route()
                route.takesProxyOfEnvironment = true
                let isRemote = await route.isRemote(to: url)
                let variables = ProcessInfo.processInfo.environment
                _ = try route.takeProxy(for: url, isRemote: isRemote, of: variables)
                if isRemote, options.jobs == nil { settings.jobs = min(settings.jobs, RemoteTarget.jobs) }
                var test = ServerTest(
                    scenarios: [],
                    settings: settings,
                    application: spec.application.ofPlan,
                    handshake: try spec.handshake.content()
                )
                test.tls = tls
                test.route = route
                return (test, .server(url, security: try tls?.security(for: url)), isRemote)
            } catch {
                throw ConformanceError(error)
            }
        }
    }
}

extension ConformanceTarget.Application {
    fileprivate var ofPlan: RunPlan.Application {
        switch self {
        case .automatic: .auto
        case .echo: .echo
        case .none: .none
        }
    }
}

extension ConformanceTarget.TLS {
    /// The settings of the security layer.
    fileprivate func settings() throws(ConformanceError) -> TargetTLS {
        if trustsAnything, authorities != nil {
            throw ConformanceError(
                .target,
                "trustsAnything makes authorities mean nothing; leave one of them out of TLS(…)"
            )
        }
        if let serverName, !TargetHost.isName(serverName) {
            throw ConformanceError(
                .target,
                "serverName '\(serverName)' is no name of a host; write one such as www.example"
            )
        }
        for (one, other, value) in [("certificate", "key", key), ("key", "certificate", certificate)]
        where (one == "key" ? key : certificate) != nil && value == nil {
            throw ConformanceError(.target, "\(one) needs \(other), too; give the paths of both files")
        }
        var settings = TargetTLS()
        settings.authorities = authorities
        settings.trustsAnything = trustsAnything
        settings.serverName = serverName
        settings.certificate = certificate
        settings.key = key
        settings.minimum = minimum == .tls13 ? .tls13 : .tls12
        return settings
    }
}

extension ConformanceTarget.Handshake {
    /// The content of opening handshakes, checked by the grammar of HTTP.
    fileprivate func content() throws(ConformanceError) -> HandshakeContent {
        do throws(HandshakeTrouble) {
            let content = HandshakeContent(
                subprotocols: try subprotocols.map { name throws(HandshakeTrouble) in
                    try HandshakeGrammar.subprotocol(name)
                },
                headerFields: try headers.map { pair throws(HandshakeTrouble) in
                    try HandshakeGrammar.field(pair.name, pair.value)
                },
                cookies: try cookies.map { pair throws(HandshakeTrouble) in
                    try HandshakeGrammar.cookie("\(pair.name)=\(pair.value)")
                },
                origin: try origin.map { text throws(HandshakeTrouble) in try HandshakeGrammar.value(text) }
            )
            try content.checkTogether()
            return content
        } catch {
            throw ConformanceError(.target, error.description)
        }
    }
}
