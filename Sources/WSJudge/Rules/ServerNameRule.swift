import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// A client names the server in its ClientHello (RFC 6455, 4.1), if its address has a name (RFC 6066, 3).
    ///
    /// 1. If the host of the address is a name, another one or none fails.
    /// 2. If it is an address of IP, naming that is tolerated: the text does not permit it, and has no keyword.
    static let serverNameRule = Rule(
        name: "server-name",
        requirements: ["RFC6455-4.1-17", "RFC6066-3-02"],
        roles: [.client],
        part: .connection
    ) { subject in
        guard let security = subject.security else { return [] }
        let host = subject.hostOfAddress
        let named = security.serverName?.lowercased()
        func finding(_ verdict: Verdict, _ requirement: String, _ reason: String, _ key: ReasonKey) -> [Finding] {
            [
                Finding(
                    rule: "server-name",
                    axis: .behaviour,
                    verdict: verdict,
                    requirement: requirement,
                    reason: reason,
                    evidence: [],
                    key: key
                )
            ]
        }
        if host.hasPrefix("[") || host.allSatisfy({ $0.isNumber || $0 == "." }) {
            guard let named, named == host.filter({ $0 != "[" && $0 != "]" }) else { return [] }
            let reason = "named the address \(WireLog.quoted(Array(named.utf8))) as the server, which is no name"
            return finding(.tolerated, "RFC6066-3-02", reason, .serverNameAddress)
        }
        guard named != host else { return [] }
        let found = named.map { "named the server \(WireLog.quoted(Array($0.utf8.prefix(64))))" } ?? "named no server"
        let reason = "\(found) in its ClientHello, where the address has \(host)"
        return finding(.fail, "RFC6455-4.1-17", reason, .serverNameMissing)
    }
}

extension Case {
    /// The host of the WebSocket address of the server, in lower case; an IPv6 address has its brackets.
    fileprivate var hostOfAddress: String {
        let authority = url.drop { $0 != ":" }.drop { $0 == ":" || $0 == "/" }.prefix { $0 != "/" }
        guard authority.hasPrefix("[") else { return String(authority.prefix { $0 != ":" }).lowercased() }
        return String(authority.prefix { $0 != "]" } + "]").lowercased()
    }
}
