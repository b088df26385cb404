/// The first line of a response (RFC 9112 section 4).
public struct StatusLine: Sendable, Hashable {
    /// The protocol version.
    public var version: HTTPVersion
    /// The three-digit status code.
    public var code: Int
    /// The reason phrase, often empty.
    public var reason: String

    /// Reads the head's first line, or gives nil if it is no status line.
    public init?(_ head: HTTPHead) {
        self.init(head.startLineText)
    }

    /// Reads a line without its terminator; a missing space after the code is let through.
    public init?(_ line: String) {
        let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let version = HTTPVersion(String(parts[0])) else { return nil }
        let digits = Array(parts[1].utf8)
        guard digits.count == 3, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        self.version = version
        code = digits.reduce(0) { 10 * $0 + Int($1 - 0x30) }
        reason = parts.count == 3 ? String(parts[2]) : ""
    }
}

/// The first line of a request (RFC 9112 section 3).
public struct RequestLine: Sendable, Hashable {
    /// The method, as written.
    public var method: String
    /// The request target, as written.
    public var target: String
    /// The protocol version.
    public var version: HTTPVersion

    /// Reads the head's first line, or gives nil if it is no request line.
    public init?(_ head: HTTPHead) {
        self.init(head.startLineText)
    }

    /// Reads a line without its terminator: three parts with one space between each.
    public init?(_ line: String) {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, let version = HTTPVersion(String(parts[2])) else { return nil }
        guard HTTPGrammar.isToken(parts[0]), !parts[1].isEmpty else { return nil }
        method = String(parts[0])
        target = String(parts[1])
        self.version = version
    }
}
