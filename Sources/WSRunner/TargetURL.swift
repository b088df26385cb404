package import WSLink

/// A `ws` or `wss` address (RFC 6455, section 3), or the address of a socket of the Unix domain (``UnixAddress``).
package struct TargetURL: Sendable, Hashable, CustomStringConvertible {
    /// The address as the user wrote it.
    package var text: String
    /// The host's name or address, an IPv6 address without its brackets; `localhost` for a Unix socket.
    package var host: String
    /// Whether TLS is spoken, which the scheme `wss` says.
    package var isSecure: Bool
    /// The port; 80 unless the address has one, and 443 for `wss`.
    package var port: Int
    /// The resource name: path and query; `/` if the address has none.
    package var resourceName: String
    /// The path of the Unix socket; nil for a host.
    package var socketPath: String?
    /// Whether the scheme is `h2c+ws`: HTTP/2 without TLS, by prior knowledge (RFC 9113, section 3.3).
    package var isHTTP2: Bool

    /// The address as the user wrote it.
    package var description: String { text }

    /// The value of the Host field, without the port if it is the default one.
    package var hostField: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == defaultPort ? name : "\(name):\(port)"
    }

    /// The port of an address that has none.
    private var defaultPort: Int { isSecure ? 443 : 80 }

    /// The scheme in lower case.
    package var scheme: String { isHTTP2 ? Self.h2cScheme : isSecure ? "wss" : "ws" }

    /// The scheme for HTTP/2 without TLS.
    private static let h2cScheme = "h2c+ws"

    /// Where a connection to it goes.
    package var endpoint: Endpoint { socketPath.map { .unixSocket(path: $0) } ?? .tcp(host: host, port: port) }

    /// Host and port, or the path of the socket, for messages.
    package var authority: String { endpoint.description }

    /// Parses an address.
    ///
    /// - Throws: ``TargetURLError`` with one line that says what is wrong and how to correct it.
    package init(_ text: String) throws(TargetURLError) {
        self.text = text
        let lowered = text.lowercased()
        isSecure = lowered.hasPrefix("wss://")
        let isUnix = lowered.hasPrefix(UnixAddress.scheme)
        isHTTP2 = lowered.hasPrefix(Self.h2cScheme + "://")
        guard isUnix || isSecure || isHTTP2 || lowered.hasPrefix("ws://") else {
            throw TargetURLError("'\(text)' is not a WebSocket address; write \(Self.meant(by: text))")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F && $0 < 0x80 }) else {
            throw TargetURLError("'\(text)' has blanks, control or non-ASCII characters; percent-encode them")
        }
        guard !text.utf8.contains(UInt8(ascii: "\\")) else {
            throw TargetURLError("'\(text)' has a backslash; write /, or percent-encode it")
        }
        guard !text.contains("#") else {
            throw TargetURLError("'\(text)' has a fragment, which a WebSocket address must not have; drop the # part")
        }
        guard !isUnix else {
            let address = try UnixAddress(text)
            (host, port) = ("localhost", 80)
            (socketPath, resourceName) = (address.socketPath, address.resourceName)
            return
        }
        let rest = text.dropFirst((isHTTP2 ? Self.h2cScheme : isSecure ? "wss" : "ws").count + "://".count)
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<authorityEnd]
        let path = rest[authorityEnd...]
        resourceName = path.isEmpty ? "/" : path.hasPrefix("?") ? "/" + path : String(path)
        guard !authority.contains("@") else {
            throw TargetURLError("'\(text)' has user information before the host; drop it and use --header")
        }
        let portText: Substring?
        if authority.hasPrefix("[") {
            guard let bracket = authority.firstIndex(of: "]") else {
                throw TargetURLError("'\(text)' opens an IPv6 address with [ and does not close it with ]")
            }
            host = String(authority[authority.index(after: authority.startIndex)..<bracket])
            guard !host.contains("%") else {
                throw TargetURLError("'\(text)' has a zone id, which no Host field can carry; drop the % part")
            }
            guard TargetHost.isIPv6(host) else {
                throw TargetURLError("'\(text)' has no IPv6 address between [ and ]; write ws://[::1]:PORT/")
            }
            let after = authority[authority.index(after: bracket)...]
            guard after.isEmpty || after.hasPrefix(":") else {
                throw TargetURLError("'\(text)' has something other than :PORT after the IPv6 address")
            }
            portText = after.isEmpty ? nil : after.dropFirst()
        } else {
            let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            host = parts.first.map(String.init) ?? ""
            portText = parts.count > 1 ? parts[1] : nil
            guard portText?.contains(":") != true else {
                throw TargetURLError("'\(text)' has an IPv6 address without brackets; write ws://[ADDRESS]:PORT/")
            }
        }
        guard !host.isEmpty else { throw TargetURLError("'\(text)' has no host; write ws://HOST[:PORT][/PATH]") }
        guard authority.hasPrefix("[") || TargetHost.isIPv4(host) || TargetHost.isName(host) else {
            throw TargetURLError("'\(text)' has \(TargetHost.problem(of: host))")
        }
        guard let portText, !portText.isEmpty else {
            port = isSecure ? 443 : 80
            return
        }
        guard let number = TargetHost.port(portText), number > 0 else {
            throw TargetURLError("'\(text)' has the port '\(portText)'; a port is a number from 1 to 65535")
        }
        port = number
    }

    /// A suggestion for an address with another scheme, without a scheme, or with a wrong form.
    private static func meant(by text: String) -> String {
        if let address = unixAddress(meantBy: text) { return address }
        let lowered = text.lowercased()
        let isSecure = lowered.hasPrefix("https://")
        let rest = text.dropFirst(isSecure ? "https://".count : lowered.hasPrefix("http://") ? "http://".count : 0)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        // A name alone may as well be a file, or an argument for another program.
        let isHost = authority.contains(":") || TargetHost.isIPv4(authority) || authority == "localhost"
        let scheme = isSecure ? "wss://" : "ws://"
        guard rest.count < text.count || isHost, !rest.contains("://"), (try? TargetURL(scheme + rest)) != nil else {
            return "ws://HOST[:PORT][/PATH]"
        }
        return scheme + rest
    }
}

extension TargetURL {
    /// A suggestion for the path of a socket without our scheme; nil for other texts.
    private static func unixAddress(meantBy text: String) -> String? {
        let scheme = ["unix://", "unix:"].first { text.hasPrefix($0 + "/") }
        guard scheme != nil || text.hasPrefix("/") && (text.hasSuffix(".sock") || text.hasSuffix(".socket")) else {
            return nil
        }
        let path = text.dropFirst(scheme?.count ?? 0)
        let address = "\(UnixAddress.scheme)//\(path)\(path.contains(":/") ? "" : ":/")"
        return (try? TargetURL(address)) == nil ? "ws+unix:///PATH/OF/SOCKET:/" : address
    }
}

/// Why an address could not be parsed, in one line.
package struct TargetURLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and how to correct it.
    package var description: String

    /// Creates an error.
    package init(_ description: String) {
        self.description = description
    }
}
