import WSLink
import WSProcess
import WSReport
import WSRunFolder
import WSRunner
package import WSScenario
package import WSTransport
package import WSTransportTLS

/// How TLS is spoken with clients under test: with a certificate of the user's, or one that is made for this run alone.
package struct ServerTLS: Sendable, Hashable {
    /// The file with the certificate to show, and those that signed it; nil to make one.
    package var certificate: String?
    /// The file with the private key of that certificate.
    package var key: String?
    /// The oldest version that is spoken.
    package var minimum = TLSMinimum.tls12
    /// The application protocols to choose from, the best first.
    var applicationProtocols = ["http/1.1"]

    /// Creates settings for a certificate that is made.
    package init() {}

    /// Makes the security layer of an acceptor.
    ///
    /// - Parameters:
    ///   - host: The name or address that clients connect to; the certificate that is made is valid for it.
    ///   - others: The certificates that cases need besides it.
    /// - Throws: `FileError` or `RunTrouble` with one line that names the culprit and the mend.
    /// - Returns: The layer, and what was made for it.
    package func open(
        for host: String,
        others: Set<SecurityToSpeak.Certificate> = []
    ) async throws -> OpenServerTLS {
        guard let certificate, let key else {
            let made = try await MadeCertificate.make(for: host, others: others)
            do {
                let identity = TLSIdentity(certificate: try PEMFile(reading: made.certificate), key: made.key)
                var layers: [SecurityToSpeak.Certificate: any ChannelSecurity] = [:]
                for other in others {
                    let identity = TLSIdentity(
                        certificate: try PEMFile(reading: made.path(of: other)),
                        key: identity.key
                    )
                    layers[other] = try layer(identity)
                }
                return OpenServerTLS(
                    security: try layer(identity),
                    authorities: made.authority,
                    others: layers,
                    made: made
                )
            } catch {
                made.remove()
                throw error
            }
        }
        let identity = TLSIdentity(
            certificate: try PEMFile(reading: certificate),
            key: try PEMFile(reading: key)
        )
        return OpenServerTLS(security: try layer(identity), authorities: nil, others: [:], made: nil)
    }

    private func layer(_ identity: TLSIdentity) throws(RunTrouble) -> any ChannelSecurity {
        do throws(TLSTrouble) {
            return try TLSServer(identity, minimum: minimum, applicationProtocols: applicationProtocols)
        } catch {
            throw RunTrouble(error.description)
        }
    }

    /// The settings as options of a report.
    var inReports: Report.TLS {
        var tls = Report.TLS()
        tls.certificate = certificate
        tls.key = key
        tls.minimum = minimum == .tls12 ? nil : minimum.rawValue
        return tls
    }
}

/// The security layer of an acceptor, and the files that were made for it.
package struct OpenServerTLS: Sendable {
    /// The layer.
    package let security: any ChannelSecurity
    /// The file with the authority that clients have to trust; nil if the user's own certificate is shown.
    package let authorities: String?
    /// The layers with the other certificates that were made.
    fileprivate let others: [SecurityToSpeak.Certificate: any ChannelSecurity]
    fileprivate let made: MadeCertificate?

    /// The layer that a case wants; nil if there is no such certificate.
    ///
    /// - Throws: The error of a layer that cannot be set up that way.
    func security(for wanted: SecurityToSpeak) throws -> (any ChannelSecurity)? {
        let layer = wanted.certificate == .usual ? security : others[wanted.certificate]
        return try layer?.adjusted(to: LinkSecurityWish(wanted))
    }

    /// Removes the files that were made.
    package func close() {
        made?.remove()
    }
}

/// A certificate and its key for one run, made by the program `openssl`.
///
/// Keys are never written into files: `openssl` gets them through pipes, so that none survives, however the run ends.
struct MadeCertificate: Sendable {
    /// The folder that holds all of it; nobody else may read it.
    let folder: String
    /// The file of the authority that signed the certificate.
    let authority: String
    /// The file of the certificate.
    let certificate: String
    /// Its private key, which only this process has.
    let key: PEMFile

    private static let days = "30"

    /// Makes an authority, and a certificate that it has signed, valid for this machine and a host.
    ///
    /// The key of the authority is dropped at once, so that nobody can sign anything else with it.
    static func make(
        for host: String,
        others: Set<SecurityToSpeak.Certificate> = []
    ) async throws -> MadeCertificate {
        let key = try await newKey()
        let folder = try FileSystem.createTemporaryFolder()
        let made = MadeCertificate(
            folder: folder,
            authority: FileSystem.join(folder, "ca.pem"),
            certificate: FileSystem.join(folder, "certificate.pem"),
            key: PEMFile(path: "the key that openssl made", octets: key)
        )
        do {
            try await made.fill(host, others)
            return made
        } catch {
            made.remove()
            throw error
        }
    }

    /// The file of another certificate, which has the same key.
    func path(of other: SecurityToSpeak.Certificate) -> String {
        FileSystem.join(folder, "\(other.rawValue).pem")
    }

    private func fill(_ host: String, _ others: Set<SecurityToSpeak.Certificate>) async throws {
        let request = FileSystem.join(folder, "request.pem")
        let extensions = FileSystem.join(folder, "extensions.cnf")
        let authorityKey = try await Self.newKey()
        let usual = ["localhost", "127.0.0.1", "::1"]
        let names = (usual + (usual.contains(host) ? [] : [host])).map { name in
            TargetHost.isIPv4(name) || TargetHost.isIPv6(name) ? "IP:\(name)" : "DNS:\(name)"
        }
        try FileSystem.replace(extensions, with: Self.extensions(names))
        try await Self.openssl(
            ["req", "-x509", "-key", Self.input, "-out", authority, "-days", Self.days]
                + ["-subj", "/CN=wsconform, an authority for one run", "-addext", "keyUsage=critical,keyCertSign"],
            key: authorityKey
        )
        try await Self.openssl(
            ["req", "-new", "-key", Self.input, "-out", request, "-subj", "/CN=localhost"],
            key: key.octets
        )
        let signed = ["-CA", authority, "-CAkey", Self.input, "-CAcreateserial"]
        let sign = ["x509", "-req", "-in", request]
        try await Self.openssl(
            sign + signed + ["-days", Self.days, "-extfile", extensions, "-out", certificate],
            key: authorityKey
        )
        for other in others.sorted(by: { $0.rawValue < $1.rawValue }) {
            let file = FileSystem.join(folder, "\(other.rawValue).cnf")
            let otherNames: [String] =
                switch other {
                case .usual, .untrusted, .expired: names
                case .ofOther: ["DNS:other.invalid"]
                case .ofName: ["DNS:localhost"]
                }
            try FileSystem.replace(file, with: Self.extensions(otherNames))
            try await Self.openssl(
                sign + (other == .untrusted ? ["-signkey", Self.input] : signed)
                    + ["-days", other == .expired ? "-1" : Self.days, "-extfile", file, "-out", path(of: other)],
                key: other == .untrusted ? key.octets : authorityKey
            )
        }
    }

    /// Where openssl finds the key that it is handed.
    private static let input = "/dev/stdin"

    /// Makes a private key.
    private static func newKey() async throws -> [UInt8] {
        try await openssl(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
    }

    /// The extensions of a certificate for names in the form of openssl.
    private static func extensions(_ names: [String]) -> [UInt8] {
        let content = """
            basicConstraints = critical, CA:FALSE
            keyUsage = critical, digitalSignature
            extendedKeyUsage = serverAuth
            subjectKeyIdentifier = hash
            authorityKeyIdentifier = keyid
            subjectAltName = \(names.joined(separator: ", "))

            """
        return Array(content.utf8)
    }

    @discardableResult
    private static func openssl(_ arguments: [String], key: [UInt8] = []) async throws -> [UInt8] {
        do {
            return try await ShortCommand.run("openssl", arguments, input: key)
        } catch ShortCommand.Failure.notStarted {
            throw RunTrouble(
                "a certificate cannot be made without the program openssl; install it, or give one with --cert and --key"
            )
        } catch ShortCommand.Failure.failed(let line) {
            throw RunTrouble("openssl made no certificate: \(line); give one with --cert and --key")
        }
    }

    /// Removes the folder.
    func remove() {
        try? FileSystem.removeAll(folder)
    }
}
