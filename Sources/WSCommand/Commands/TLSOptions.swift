import ArgumentParser
import WSConform
import WSRunner
import WSTransportTLS

/// The options for TLS with a server under test.
struct TargetTLSOptions: ParsableArguments {
    @Option(
        name: .customLong("ca"),
        help: ArgumentHelp(
            "Trust the authorities in this PEM file instead of the system's.",
            valueName: "file"
        ),
        completion: .file()
    )
    var authorities: String?

    @Flag(help: "Trust any certificate; the report says so.")
    var insecure = false

    @Option(help: ArgumentHelp("Ask for this name, and want it in the certificate.", valueName: "name"))
    var serverName: String?

    @Option(
        name: .customLong("client-cert"),
        help: ArgumentHelp("Show this certificate (PEM), and those behind it in the file.", valueName: "file"),
        completion: .file()
    )
    var certificate: String?

    @Option(
        name: .customLong("client-key"),
        help: ArgumentHelp("Its private key (PEM).", valueName: "file"),
        completion: .file()
    )
    var key: String?

    @Option(name: .customLong("tls-min"), help: "The oldest version of TLS to speak.")
    var minimum = TLSMinimum.tls12

    /// The first option that was given; nil if none was.
    var given: String? {
        if authorities != nil { return "--ca" }
        if insecure { return "--insecure" }
        if serverName != nil { return "--server-name" }
        if certificate != nil { return "--client-cert" }
        if key != nil { return "--client-key" }
        return minimum == .tls12 ? nil : "--tls-min"
    }

    /// The settings for a target; nil for one without TLS.
    func settings(for target: TargetURL?) throws -> TargetTLS? {
        guard target?.isSecure == true else {
            if let given { throw ValidationError("\(given) is for a wss:// address; give one, or drop it") }
            return nil
        }
        if insecure, authorities != nil {
            throw ValidationError("--insecure trusts any certificate, so --ca means nothing; drop one of them")
        }
        if let serverName, !TargetHost.isName(serverName) {
            throw ValidationError("--server-name '\(serverName)' is no name of a host; write one such as www.example")
        }
        try TLSPair.check(("--client-cert", certificate), ("--client-key", key))
        var settings = TargetTLS()
        settings.authorities = authorities
        settings.trustsAnything = insecure
        settings.serverName = serverName
        settings.certificate = certificate
        settings.key = key
        settings.minimum = minimum
        return settings
    }
}

/// The options for TLS with clients under test.
struct ServerTLSOptions: ParsableArguments {
    @Option(
        name: .customLong("cert"),
        help: ArgumentHelp(
            "Show this certificate (PEM) in TLS; without it one is made for the run by openssl.",
            valueName: "file"
        ),
        completion: .file()
    )
    var certificate: String?

    @Option(
        name: .customLong("key"),
        help: ArgumentHelp("Its private key (PEM).", valueName: "file"),
        completion: .file()
    )
    var key: String?

    @Option(name: .customLong("tls-min"), help: "The oldest version of TLS to speak.")
    var minimum = TLSMinimum.tls12

    /// The settings; nil without TLS.
    ///
    /// - Parameters:
    ///   - isSecure: Whether TLS is spoken.
    ///   - mend: How the user says that it should be.
    /// - Throws: `ValidationError` for an option that needs another one, or TLS.
    /// - Returns: The settings.
    func settings(isSecure: Bool, mend: String) throws -> ServerTLS? {
        guard isSecure else {
            let given = certificate != nil ? "--cert" : key != nil ? "--key" : minimum == .tls12 ? nil : "--tls-min"
            if let given { throw ValidationError("\(given) is for TLS; \(mend), or drop it") }
            return nil
        }
        try TLSPair.check(("--cert", certificate), ("--key", key))
        var settings = ServerTLS()
        settings.certificate = certificate
        settings.key = key
        settings.minimum = minimum
        return settings
    }
}

/// A certificate and its key, which make sense only together.
private enum TLSPair {
    static func check(_ certificate: (option: String, file: String?), _ key: (option: String, file: String?)) throws {
        for (one, other) in [(certificate, key), (key, certificate)] where one.file != nil && other.file == nil {
            throw ValidationError("\(one.option) needs \(other.option), too; give both files")
        }
    }
}

extension TLSMinimum: ExpressibleByArgument {}
