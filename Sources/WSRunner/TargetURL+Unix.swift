package import WSLink

/// The address of a server on a socket of the Unix domain: `ws+unix:///run/app.sock:/path?query`.
///
/// No standard defines it; it is the form that Node's `ws` opens. The socket's path ends with the first colon, and its
/// percent escapes are decoded, so that every path can be written.
struct UnixAddress {
    /// The scheme with its colon, in lower case.
    static let scheme = "ws+unix:"

    /// The absolute path of the socket.
    let socketPath: String
    /// Path and query of the request; `/` if the address has none.
    let resourceName: String

    /// Parses an address whose characters were checked and whose scheme is ``scheme``.
    ///
    /// - Throws: ``TargetURLError`` with one line that says what is wrong and how to correct it.
    init(_ text: String) throws(TargetURLError) {
        var rest = text.dropFirst(Self.scheme.count)
        if rest.hasPrefix("//") { rest = rest.dropFirst(2) }
        guard rest.hasPrefix("/") else {
            let meant = rest.isEmpty ? "PATH/OF/SOCKET:/" : rest
            throw TargetURLError("'\(text)' has no absolute path of a socket; write ws+unix:///\(meant)")
        }
        let end = rest.firstIndex { $0 == ":" || $0 == "?" } ?? rest.endIndex
        guard let path = Self.decoded(rest[..<end]) else {
            let mend = "write % itself as %25"
            throw TargetURLError("'\(text)' has escapes in its socket's path that are no UTF-8 without NUL; \(mend)")
        }
        guard !path.hasSuffix("/") else {
            throw TargetURLError("'\(text)' names a folder in place of a socket; write ws+unix:///PATH/OF/SOCKET:/")
        }
        socketPath = path
        let resource = rest[end...].hasPrefix(":") ? rest[end...].dropFirst() : rest[end...]
        guard resource.isEmpty || resource.hasPrefix("/") || resource.hasPrefix("?") else {
            let mend = "a colon separates it from the path of the request, and is %3A within it"
            throw TargetURLError("'\(text)' has '\(resource)' behind the path of its socket; \(mend)")
        }
        resourceName = resource.hasPrefix("/") ? String(resource) : "/" + resource
    }

    /// Decodes percent escapes; nil if one is invalid or means NUL, or the octets are not UTF-8.
    private static func decoded(_ text: Substring) -> String? {
        var octets: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "%") else {
                octets.append(octet)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16), value != 0
            else { return nil }
            octets.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: octets, as: UTF8.self)
    }

    /// Percent-encodes a path, so that it stands in an address as it is.
    fileprivate static func encoded(_ path: String) -> String {
        path.utf8.map { octet in
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                return String(UnicodeScalar(octet))
            case _ where "/-._~+@,=".utf8.contains(octet):
                return String(UnicodeScalar(octet))
            default:
                let digits = String(octet, radix: 16, uppercase: true)
                return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }.joined()
    }
}

extension Endpoint {
    /// The part before the path of the addresses at this endpoint, such as `ws://127.0.0.1:9001` or
    /// `ws+unix:///run/app.sock:`.
    package var addressBase: String {
        switch self {
        case .tcp: "ws://\(self)"
        case .unixSocket(let path): "ws+unix://\(UnixAddress.encoded(path)):"
        }
    }

    /// The path of the socket; nil for other endpoints.
    package var socketPath: String? {
        if case .unixSocket(let path) = self { path } else { nil }
    }
}
