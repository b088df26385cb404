import WSReport

/// Says in a line what was agreed on with a peer in TLS.
enum SecurityText {
    /// The most names of a certificate that are told, and the most characters of each.
    private static let (mostNames, longestName) = (3, 80)

    /// The parts of a line such as `TLS 1.3`, `TLS_AES_128_GCM_SHA256`, `http/1.1`, `certificate for localhost until
    /// 2026-12-29, by the authorities that were given`; nothing without TLS.
    static func parts(of report: Report) -> [String] {
        guard let security = report.peer.security else { return [] }
        let agreed = [security.version, security.cipher, security.applicationProtocol].compactMap(\.self)
        return agreed + (security.certificate.map { ["certificate for \(text(of: $0))"] } ?? [])
    }

    /// The same in one line; nil without TLS.
    static func line(of report: Report) -> String? {
        let parts = parts(of: report)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private static func text(of certificate: Report.Certificate) -> String {
        let told = certificate.names.prefix(mostNames).map { String($0.prefix(longestName)) }
        let more = certificate.names.count > told.count ? " and \(certificate.names.count - told.count) more" : ""
        let names = told.isEmpty ? "no name" : told.joined(separator: ", ") + more
        let until = certificate.notAfter.map { " until \($0.prefix { $0 != "T" })" } ?? ""
        let by =
            switch certificate.verification {
            case .system: "verified by the system's authorities"
            case .authorities: "verified by the authorities that were given"
            case .nothing: "not verified"
            }
        return "\(names)\(until), \(by)"
    }
}
