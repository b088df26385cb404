import WSLimits
import WSReport
import WSRunFolder
package import WSRunner
package import WSTransport
package import WSTransportTLS

/// How TLS is spoken with a server under test.
package struct TargetTLS: Sendable, Hashable {
    /// The file with the authorities that are trusted; nil for those of the system.
    package var authorities: String?
    /// Whether any certificate is trusted.
    package var trustsAnything = false
    /// The name that is asked for and that the certificate has to have; nil for the host of the address.
    package var serverName: String?
    /// The file with the certificate to show, and those that signed it; nil for none.
    package var certificate: String?
    /// The file with the private key of that certificate.
    package var key: String?
    /// The oldest version that is spoken.
    package var minimum = TLSMinimum.tls12

    /// Creates settings that trust what the system trusts.
    package init() {}

    /// Makes the security layer for a target; nil if its address does not ask for TLS.
    ///
    /// - Throws: `FileError` or `RunTrouble` with one line that names the file and the mend.
    package func security(for url: TargetURL) throws -> (any ChannelSecurity)? {
        guard url.isSecure else { return nil }
        var settings = TLSClientSettings()
        if trustsAnything {
            settings.trust = .anything
        } else if let authorities {
            settings.trust = .authorities(try PEMFile(reading: authorities))
        }
        settings.serverName = serverName
        settings.minimum = minimum
        if let certificate, let key {
            settings.identity = TLSIdentity(
                certificate: try PEMFile(reading: certificate),
                key: try PEMFile(reading: key)
            )
        }
        do {
            return try TLSClient(settings, host: url.host)
        } catch {
            throw RunTrouble(error.description)
        }
    }

    /// The settings as options of a report.
    var inReports: Report.TLS {
        var tls = Report.TLS()
        tls.ca = authorities
        tls.insecure = trustsAnything ? true : nil
        tls.serverName = serverName
        tls.clientCertificate = certificate
        tls.clientKey = key
        tls.minimum = minimum == .tls12 ? nil : minimum.rawValue
        return tls
    }
}

extension PEMFile {
    /// Reads a file that the user names.
    init(reading path: String) throws(FileError) {
        self.init(path: path, octets: try FileSystem.read(path, limit: Limits.certificateFile))
    }
}
