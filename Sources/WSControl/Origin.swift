import WSProtocol

/// The origin of the page that makes a request, as far as a browser reports it.
///
/// Any page can open a WebSocket to this machine or load one of its addresses. Browsers report the page in Origin, and
/// in Sec-Fetch-Site. Other programs can send anything, but are not a danger.
struct Origin {
    /// The value of Origin, else of Sec-Fetch-Site.
    let text: String
    /// Whether the page belongs to somebody else, so that it must not control us.
    let isForeign: Bool
    /// Whether the request may be from our own page.
    let isOurOwn: Bool
    /// The name in Host, if it is one that we do not go by; nil for an address, this machine, or an allowed origin.
    ///
    /// A page of that name could be asked for first elsewhere, and then lead here by another answer of DNS.
    let otherName: String?

    init(_ request: HTTPHead, allowed: [String]) {
        let origins = request.values(of: "Origin")
        let site = request.values(of: "Sec-Fetch-Site").first?.lowercased()
        let host = request.values(of: "Host").first?.lowercased() ?? ""
        // A name that resolves to this machine today may resolve to another one tomorrow, so only addresses count.
        let isAddress = Self.isLocal(Self.name(of: host)) || Self.isNumeric(Self.name(of: host))
        let isAllowed = origins.count == 1 && allowed.contains(origins[0])
        text = origins.first ?? site ?? host
        isForeign =
            !isAllowed
            && origins.contains { origin in
                let origin = origin.lowercased()
                // The origin of a page has a scheme, or is `null` or empty where the browser withholds it. Any other
                // word comes from a program that is not a browser.
                guard origin.contains("://") else { return origin.isEmpty || origin == "null" }
                // Extensions, files and applications have pages, too.
                guard let authority = Self.authority(of: origin) else { return true }
                return !Self.isLocal(Self.name(of: authority)) && !(authority == host && isAddress)
            }
        let name = Self.name(of: host)
        let isAllowedName = allowed.contains { Self.authority(of: $0.lowercased()) == host }
        otherName = name.isEmpty || isAddress || isAllowedName ? nil : name
        let isSameSite = site == nil || site == "same-origin" || site == "none"
        let isSameOrigin = origins.isEmpty || origins.count == 1 && Self.authority(of: origins[0].lowercased()) == host
        isOurOwn = isAllowed || isSameSite && isSameOrigin && isAddress
    }

    /// Host and port of an origin; nil if it is no origin of a web page.
    private static func authority(of origin: String) -> String? {
        for scheme in ["http://", "https://", "ws://", "wss://"] where origin.hasPrefix(scheme) {
            let rest = origin.dropFirst(scheme.count)
            return rest.isEmpty || rest.contains("/") ? nil : String(rest)
        }
        return nil
    }

    /// An authority without its port; an IPv6 address without its brackets.
    private static func name(of authority: String) -> String {
        if authority.hasPrefix("["), let bracket = authority.firstIndex(of: "]") {
            return String(authority[authority.index(after: authority.startIndex)..<bracket])
        }
        return String(authority.prefix { $0 != ":" })
    }

    private static func isLocal(_ name: String) -> Bool {
        name == "localhost" || name.hasSuffix(".localhost") || name == "::1"
            || name.hasPrefix("127.") && isNumeric(name)
    }

    private static func isNumeric(_ name: String) -> Bool {
        if name.contains(":") { return name.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." } }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
