package import NIOCore
import NIOSSL
package import WSLink
import WSTransport

/// TLS as the client speaks it, for the links of one dialer.
package struct TLSClient: ChannelSecurity {
    private let context: NIOSSLContext
    /// The server, whose name is asked for.
    private let identity: ServerIdentity
    /// Whether the certificate has to be that of this server.
    private let verifiesName: Bool
    private let certificates: CertificateText

    /// Creates the layer for connections to a host.
    ///
    /// - Parameters:
    ///   - settings: How TLS is spoken.
    ///   - host: The host of the address: a name, or an IPv4 or IPv6 address without brackets.
    /// - Throws: ``TLSTrouble`` for a file that holds something else than it should.
    package init(_ settings: TLSClientSettings, host: String) throws(TLSTrouble) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.apply(settings.minimum)
        configuration.applicationProtocols = settings.applicationProtocols
        switch settings.trust {
        // The names are compared by ourselves.
        case .system: configuration.certificateVerification = .noHostnameVerification
        case .authorities(let file):
            configuration.trustRoots = .certificates(try file.certificates("--ca"))
            configuration.certificateVerification = .noHostnameVerification
        case .anything: configuration.certificateVerification = .none
        }
        if let identity = settings.identity {
            try configuration.show(identity, options: ("--client-cert", "--client-key"))
        }
        context = try NIOSSLContext.make(configuration, identity: settings.identity)
        let name = settings.serverName ?? host
        identity = ServerIdentity(host: name)
        verifiesName = settings.trust != .anything
        guard settings.serverName == nil || identity.name != nil else {
            throw TLSTrouble("--server-name \(name) is an address; give a name, or drop the option")
        }
        certificates = CertificateText(host: name, trust: settings.trust)
        // Whether the name can be asked for at all is known only with a connection.
        do {
            _ = try NIOSSLClientHandler(context: context, serverHostname: identity.name)
        } catch {
            throw TLSTrouble("'\(name)' cannot be asked for in TLS; give a name with --server-name")
        }
    }

    package var name: String { "TLS" }

    package func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        try pipeline.addHandler(HelloTap())
        try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: identity.name))
        if verifiesName { try pipeline.addHandler(NameCheck(identity)) }
    }

    package func facts(
        of pipeline: ChannelPipeline.SynchronousOperations,
        applicationProtocol: String?
    ) -> LinkSecurityFacts {
        let certificate = (try? pipeline.handler(type: NIOSSLClientHandler.self))?.peerCertificate
        return LinkSecurityFacts(try? pipeline.handler(type: HelloTap.self), certificate, applicationProtocol)
    }

    package func describe(_ error: any Error, in pipeline: ChannelPipeline.SynchronousOperations) -> String {
        let certificate = (try? pipeline.handler(type: NIOSSLClientHandler.self))?.peerCertificate
        return certificates.describe(error, certificate) ?? HandshakeText.describe(error, peer: .server)
    }

    package func isTruncation(_ error: any Error) -> Bool { error as? NIOSSLError == .uncleanShutdown }
}

/// TLS as the server speaks it, for the links of one acceptor.
package struct TLSServer: ChannelSecurity {
    private let context: NIOSSLContext

    /// Creates the layer.
    ///
    /// - Parameters:
    ///   - identity: The certificate to show, and its key.
    ///   - minimum: The oldest version that is spoken.
    ///   - applicationProtocols: The application protocols to choose from, the best first.
    /// - Throws: ``TLSTrouble`` for a file that holds something else than it should.
    package init(
        _ identity: TLSIdentity,
        minimum: TLSMinimum = .tls12,
        applicationProtocols: [String] = ["http/1.1"]
    ) throws(TLSTrouble) {
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: [], privateKey: .file(""))
        try configuration.show(identity, options: ("--cert", "--key"))
        configuration.apply(minimum)
        configuration.applicationProtocols = applicationProtocols
        context = try NIOSSLContext.make(configuration, identity: identity)
    }

    package var name: String { "TLS" }

    package func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        try pipeline.addHandler(HelloTap())
        try pipeline.addHandler(NIOSSLServerHandler(context: context))
    }

    package func facts(
        of pipeline: ChannelPipeline.SynchronousOperations,
        applicationProtocol: String?
    ) -> LinkSecurityFacts {
        let certificate = (try? pipeline.handler(type: NIOSSLServerHandler.self))?.peerCertificate
        return LinkSecurityFacts(try? pipeline.handler(type: HelloTap.self), certificate, applicationProtocol)
    }

    package func describe(_ error: any Error, in pipeline: ChannelPipeline.SynchronousOperations) -> String {
        HandshakeText.describe(error, peer: .client)
    }

    package func isTruncation(_ error: any Error) -> Bool { error as? NIOSSLError == .uncleanShutdown }
}

extension NIOSSLContext {
    /// Creates a context.
    ///
    /// - Throws: ``TLSTrouble`` if the identity's key is not that of its certificate.
    fileprivate static func make(
        _ configuration: TLSConfiguration,
        identity: TLSIdentity?
    ) throws(TLSTrouble) -> NIOSSLContext {
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            guard let identity else { throw TLSTrouble("TLS cannot be set up: \(HandshakeText.words(of: error))") }
            throw TLSTrouble(
                "\(identity.key.path) is not the key of the certificate in \(identity.certificate.path); give the one "
                    + "that it was made with"
            )
        }
    }
}

extension TLSConfiguration {
    /// How long a peer may take to answer our closing message before the socket is closed.
    private static let closingLimit = TimeAmount.seconds(2)

    fileprivate mutating func apply(_ minimum: TLSMinimum) {
        minimumTLSVersion = minimum == .tls13 ? .tlsv13 : .tlsv12
        shutdownTimeout = Self.closingLimit
        renegotiationSupport = .none
    }

    /// Shows a certificate.
    ///
    /// - Throws: ``TLSTrouble`` for files that hold something else.
    fileprivate mutating func show(
        _ identity: TLSIdentity,
        options: (certificate: String, key: String)
    ) throws(TLSTrouble) {
        certificateChain = try identity.certificate.certificates(options.certificate).map { .certificate($0) }
        let (key, octets) = (identity.key, identity.key.octets)
        guard !key.isEncrypted else {
            throw TLSTrouble(
                "the private key in \(key.path) has a password; write one without it: openssl pkey -in \(key.path)"
            )
        }
        do {
            privateKey = .privateKey(try NIOSSLPrivateKey(bytes: octets, format: .pem))
        } catch {
            throw TLSTrouble("\(key.path) holds no private key in PEM form; give another file with \(options.key)")
        }
    }
}

extension PEMFile {
    /// The certificates in the file, at least one.
    fileprivate func certificates(_ option: String) throws(TLSTrouble) -> [NIOSSLCertificate] {
        let found = try? NIOSSLCertificate.fromPEMBytes(octets)
        guard let found, !found.isEmpty else {
            throw TLSTrouble("\(path) holds no certificate in PEM form; give another file with \(option)")
        }
        return found
    }
}
