/// The version in a start line, such as HTTP/1.1 (RFC 9112 section 2.3).
public struct HTTPVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The digit before the point.
    public var major: Int
    /// The digit after it.
    public var minor: Int

    /// The version with the given digits.
    public init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads "HTTP/", a digit, a point and a digit; the letters' case matters.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 8, bytes.starts(with: "HTTP/".utf8), bytes[6] == UInt8(ascii: ".") else { return nil }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard digits.contains(bytes[5]), digits.contains(bytes[7]) else { return nil }
        self.init(major: Int(bytes[5] - digits.lowerBound), minor: Int(bytes[7] - digits.lowerBound))
    }

    /// HTTP/1.1, the least an opening handshake needs (RFC 6455 section 4.1).
    public static let http11 = HTTPVersion(major: 1, minor: 1)

    /// The text on the wire.
    public var description: String { "HTTP/\(major).\(minor)" }

    /// Whether the left version is the older one.
    public static func < (left: HTTPVersion, right: HTTPVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }
}
