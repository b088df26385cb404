#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The proxies of the environment: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case.
///
/// RFC 6455, 4.1, prefers the proxy for HTTPS to that for HTTP, whether or not the connection has TLS, because that one
/// opens tunnels.
package struct ProxyEnvironment: Sendable {
    private let variables: [String: String]

    /// Creates the proxies from the variables of an environment.
    package init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// The proxy for connections to a host that is not this machine.
    ///
    /// - Parameters:
    ///   - host: The name or address of the host.
    ///   - port: The port.
    /// - Throws: `RunTrouble` with one line if the proxy's address is invalid.
    /// - Returns: The proxy and the variable that names it; nil for a direct connection.
    package func proxy(
        forHost host: String,
        port: Int
    ) throws(RunTrouble) -> (address: ProxyAddress, variable: String)? {
        let exceptions = ["no_proxy", "NO_PROXY"].lazy.compactMap { variables[$0] }.first { !$0.isEmpty } ?? ""
        guard !Self.excepts(exceptions, host: host, port: port) else { return nil }
        for name in ["https_proxy", "http_proxy", "all_proxy"] {
            for name in [name, name.uppercased()] {
                guard let text = variables[name], !text.isEmpty else { continue }
                do throws(RunTrouble) {
                    return (try ProxyAddress(text), name)
                } catch {
                    throw RunTrouble("the variable \(name): \(error), or connect directly with --proxy none")
                }
            }
        }
        return nil
    }

    // MARK: - Exceptions

    /// Whether a list of exceptions covers a host.
    ///
    /// An exception is a name, which covers the names below it, too; an address; a range of addresses such as
    /// `10.0.0.0/8`; each with or without a port; or `*` for everything.
    package static func excepts(_ list: String, host: String, port: Int) -> Bool {
        list.split { $0 == "," || $0.isWhitespace }.contains { covers($0, host.lowercased(), port) }
    }

    private static func covers(_ exception: Substring, _ host: String, _ port: Int) -> Bool {
        if exception == "*" { return true }
        var name = exception.lowercased()[...]
        // An IPv6 address without brackets has colons of its own.
        if let colon = name.lastIndex(of: ":"),
            name.firstIndex(of: ":") == colon || name[..<colon].hasSuffix("]")
        {
            guard Int(name[name.index(after: colon)...]) == port else { return false }
            name = name[..<colon]
        }
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        if let slash = name.firstIndex(of: "/") {
            guard let range = IPAddress(name[..<slash]), let length = Int(name[name.index(after: slash)...]),
                let address = IPAddress(host)
            else { return false }
            return address.begins(with: range, bits: length)
        }
        if let address = IPAddress(name) { return address == IPAddress(host) }
        if name.hasPrefix("*.") { name = name.dropFirst(2) }
        if name.hasPrefix(".") { name = name.dropFirst() }
        let host = host.hasSuffix(".") ? String(host.dropLast()) : host
        return !name.isEmpty && (host == name || host.hasSuffix(".\(name)"))
    }
}

/// An address of IPv4 or IPv6.
struct IPAddress: Sendable, Hashable {
    /// Its 4 or 16 octets.
    let octets: [UInt8]

    /// Parses an address without brackets; nil for other texts.
    ///
    /// An IPv4 address within one of IPv6 becomes one of IPv4.
    init?(_ text: some StringProtocol) {
        let text = String(text)
        if let octets = Self.octets(of: text, family: AF_INET, count: 4) {
            self.octets = octets
            return
        }
        guard let octets = Self.octets(of: text, family: AF_INET6, count: 16) else { return nil }
        let isMapped = octets[..<10].allSatisfy { $0 == 0 } && octets[10] == 0xFF && octets[11] == 0xFF
        self.octets = isMapped ? Array(octets[12...]) : octets
    }

    /// Whether it leads to this machine.
    var isLoopback: Bool {
        octets.count == 4 ? octets[0] == 127 : octets[..<15].allSatisfy { $0 == 0 } && octets[15] == 1
    }

    /// Whether its first bits are those of another address of the same family.
    func begins(with other: Self, bits: Int) -> Bool {
        guard octets.count == other.octets.count, (0...octets.count * 8).contains(bits) else { return false }
        let whole = bits / 8
        guard octets[..<whole] == other.octets[..<whole] else { return false }
        let rest = bits % 8
        return rest == 0 || (octets[whole] ^ other.octets[whole]) >> UInt8(8 - rest) == 0
    }

    private static func octets(of text: String, family: Int32, count: Int) -> [UInt8]? {
        var octets = [UInt8](repeating: 0, count: count)
        guard !text.utf8.contains(0), unsafe inet_pton(family, text, &octets) == 1 else { return nil }
        return octets
    }
}
