package import NIOCore
import NIOSSL
package import WSLink
package import WSTransport

/// TLS as the client speaks it, for the links of one dialer.
package struct TLSClient: ChannelSecurity {
    private let context: NIOSSLContext
    /// The server, whose name is asked for.
    private let identity: ServerIdentity
    /// Whether the certificate has to be that of this server.
    private let verifiesName: Bool
    private let certificates: CertificateText
    private let settings: TLSClientSettings
    private let host: String
    /// How it is spoken otherwise than usual.
    private let wish: LinkSecurityWish

    /// Creates the layer for connections to a host.
    ///
    /// - Parameters:
    ///   - settings: How TLS is spoken.
    ///   - host: The host of the address: a name, or an IPv4 or IPv6 address without brackets.
    ///   - wish: How it is spoken otherwise than usual.
    /// - Throws: ``TLSTrouble`` for a file that holds something else than it should.
    package init(
        _ settings: TLSClientSettings,
        host: String,
        wish: LinkSecurityWish = .usual
    ) throws(TLSTrouble) {
        (self.settings, self.host, self.wish) = (settings, host, wish)
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.apply(settings.minimum)
        configuration.applicationProtocols = settings.applicationProtocols
        configuration.apply(wish)
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

    package func adjusted(to wish: LinkSecurityWish) throws -> any ChannelSecurity {
        try Self(settings, host: host, wish: wish)
    }

    package func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        if let place = wish.recordCut { try pipeline.addHandler(RecordCutter(at: place)) }
        try pipeline.addHandler(HelloTap())
        try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: wish.name(else: identity.name)))
        if verifiesName { try pipeline.addHandler(NameCheck(identity)) }
    }

    package func facts(
        of pipeline: ChannelPipeline.SynchronousOperations,
        applicationProtocol: String?
    ) -> LinkSecurityFacts {
        pipeline.facts(applicationProtocol)
    }

    package func describe(_ error: any Error, in pipeline: ChannelPipeline.SynchronousOperations) -> String {
        certificates.describe(error, pipeline.peerCertificate) ?? HandshakeText.describe(error, peer: .server)
    }

    package func isTruncation(_ error: any Error) -> Bool { error as? NIOSSLError == .uncleanShutdown }
}

/// TLS as the server speaks it, for the links of one acceptor.
package struct TLSServer: ChannelSecurity {
    private let context: NIOSSLContext
    private let identity: TLSIdentity
    private let minimum: TLSMinimum
    private let applicationProtocols: [String]
    /// How it is spoken otherwise than usual.
    private let wish: LinkSecurityWish

    /// Creates the layer.
    ///
    /// - Parameters:
    ///   - identity: The certificate to show, and its key.
    ///   - minimum: The oldest version that is spoken.
    ///   - applicationProtocols: The application protocols to choose from, the best first.
    ///   - wish: How it is spoken otherwise than usual.
    /// - Throws: ``TLSTrouble`` for a file that holds something else than it should.
    package init(
        _ identity: TLSIdentity,
        minimum: TLSMinimum = .tls12,
        applicationProtocols: [String] = ["http/1.1"],
        wish: LinkSecurityWish = .usual
    ) throws(TLSTrouble) {
        (self.identity, self.minimum, self.wish) = (identity, minimum, wish)
        self.applicationProtocols = applicationProtocols
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: [], privateKey: .file(""))
        try configuration.show(identity, options: ("--cert", "--key"))
        configuration.apply(minimum)
        configuration.applicationProtocols = applicationProtocols
        configuration.apply(wish)
        context = try NIOSSLContext.make(configuration, identity: identity)
    }

    package var name: String { "TLS" }

    package func adjusted(to wish: LinkSecurityWish) throws -> any ChannelSecurity {
        try Self(identity, minimum: minimum, applicationProtocols: applicationProtocols, wish: wish)
    }

    package func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        if let place = wish.recordCut { try pipeline.addHandler(RecordCutter(at: place)) }
        // A case may want to choose a protocol only if it is offered.
        try pipeline.addHandler(HelloTap(requiring: wish.applicationProtocols == nil ? applicationProtocols : nil))
        try pipeline.addHandler(NIOSSLServerHandler(context: context))
    }

    package func facts(
        of pipeline: ChannelPipeline.SynchronousOperations,
        applicationProtocol: String?
    ) -> LinkSecurityFacts {
        pipeline.facts(applicationProtocol)
    }

    package func describe(_ error: any Error, in pipeline: ChannelPipeline.SynchronousOperations) -> String {
        HandshakeText.describe(error, peer: .client)
    }

    package func isTruncation(_ error: any Error) -> Bool { error as? NIOSSLError == .uncleanShutdown }
}

extension ChannelPipeline.SynchronousOperations {
    /// The certificate that the peer has shown; nil if it showed none.
    fileprivate var peerCertificate: NIOSSLCertificate? { (try? handler(type: NIOSSLHandler.self))?.peerCertificate }

    /// What a handshake agreed on, whichever side we are.
    fileprivate func facts(_ applicationProtocol: String?) -> LinkSecurityFacts {
        LinkSecurityFacts(try? handler(type: HelloTap.self), peerCertificate, applicationProtocol)
    }
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

    /// Speaks one version alone, and names other application protocols.
    fileprivate mutating func apply(_ wish: LinkSecurityWish) {
        if let version = wish.version.flatMap(TLSMinimum.init(rawValue:)) {
            minimumTLSVersion = version == .tls13 ? .tlsv13 : .tlsv12
            maximumTLSVersion = minimumTLSVersion
        }
        if let protocols = wish.applicationProtocols { applicationProtocols = protocols }
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

extension LinkSecurityWish {
    /// The name to ask for, given the usual one.
    fileprivate func name(else usual: String?) -> String? {
        switch serverName {
        case .usual: usual
        case .none: nil
        case .other(let name): name
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
