import ArgumentParser
import WSConform
import WSRunner

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The server that a command line names, with the way to it and how TLS is spoken there.
struct NamedServer {
    /// The address; nil for the built-in model peer.
    let url: TargetURL?
    /// The target of the run.
    let target: ServerTest.Target
    /// How connections get there, a proxy of the environment included.
    let route: Route
    /// Whether it is not this machine.
    let isRemote: Bool
    /// Lines for the user about what was chosen: a proxy, and the version of HTTP.
    let notes: [String]
    private let tls: TargetTLS?

    /// Checks what can be checked before anything is looked up or read.
    ///
    /// - Throws: `ValidationError` with one line.
    static func check(
        _ url: String?,
        embedded: Bool = false,
        by way: RouteOptions,
        _ tls: TargetTLSOptions
    ) throws {
        if let url, embedded {
            throw ValidationError("'\(url)' and --embedded name two targets; drop one of them")
        }
        let target = try url.map { try TargetURL(argument: $0) }
        _ = try tls.settings(for: target)
        _ = try way.route(to: target)
    }

    /// Reads certificates, and looks up where the server is.
    ///
    /// - Parameters:
    ///   - url: The address as the user wrote it; nil for the built-in model peer.
    ///   - way: How connections get there.
    ///   - tls: How TLS is spoken.
    /// - Throws: `ValidationError`, or an error with one line about a certificate or a proxy.
    init(_ url: String?, by way: RouteOptions, _ tls: TargetTLSOptions) async throws {
        self.url = try url.map { try TargetURL(argument: $0) }
        let settings = try tls.settings(for: self.url)
        self.tls = settings
        target = try self.url.map { .server($0, security: try settings?.security(for: $0)) } ?? .embedded
        var route = try way.route(to: self.url)
        var notes: [String?] = []
        if let url = self.url {
            isRemote = await route.isRemote(to: url)
            notes.append(try route.takeProxy(for: url, isRemote: isRemote, of: ProcessInfo.processInfo.environment))
            if way.http2IfOffered, let security = target.security {
                notes.append(await route.takeHTTP2IfOffered(by: url, security: security))
            }
        } else {
            isRemote = false
        }
        self.notes = notes.compactMap(\.self)
        self.route = route
    }

    /// Gives a test the way and the TLS of this server.
    func lead(_ test: inout ServerTest) {
        test.tls = tls
        test.route = route
    }
}
