/// A flaw of an HTTP/1.1 head as its sender wrote it.
public struct HTTPProblem: Sendable, Hashable {
    /// The rule that was broken.
    public var rule: HTTPRule
    /// The offset in the head's raw bytes.
    public var offset: Int

    /// A flaw at the offset.
    public init(rule: HTTPRule, offset: Int) {
        self.rule = rule
        self.offset = offset
    }
}

/// The rules of RFC 9112 for the form of a head.
public enum HTTPRule: String, CaseIterable, Sendable, Hashable, Codable {
    /// An empty line precedes the request line.
    case leadingEmptyLine = "leading-empty-line"
    /// The first line is neither a request line nor a status line.
    case malformedStartLine = "malformed-start-line"
    /// The space between the status code and an empty reason is missing.
    case missingSpaceAfterStatus = "missing-space-after-status"
    /// A line ends with LF alone.
    case bareLineFeed = "bare-line-feed"
    /// A CR stands where no LF follows.
    case bareCarriageReturn = "bare-carriage-return"
    /// A control character stands in a start line or a field value.
    case controlByte = "control-byte"
    /// A field value goes on in a line that begins with whitespace.
    case obsoleteLineFolding = "obsolete-line-folding"
    /// Whitespace begins the line after the start line.
    case whitespaceBeforeFirstField = "whitespace-before-first-field"
    /// A field line has no colon.
    case missingColon = "missing-colon"
    /// Whitespace stands between a field name and its colon.
    case whitespaceBeforeColon = "whitespace-before-colon"
    /// A field name is empty or has a byte that is not of a token.
    case invalidFieldName = "invalid-field-name"

    /// The id of the requirement the sender did not meet, in the requirement table.
    public var requirement: String {
        switch self {
        case .leadingEmptyLine: "RFC9112-2.2-04"
        case .missingSpaceAfterStatus: "RFC9112-4-01"
        case .bareCarriageReturn: "RFC9112-2.2-02"
        case .obsoleteLineFolding: "RFC9112-5.2-01"
        case .whitespaceBeforeFirstField: "RFC9112-2.2-06"
        case .malformedStartLine, .bareLineFeed, .controlByte, .missingColon, .whitespaceBeforeColon,
            .invalidFieldName:
            "RFC9110-2.2-01"
        }
    }

    /// Whether a server has to answer such a request with 400, instead of being free to ignore the problem.
    public var isRejectedInRequest: Bool {
        switch self {
        case .leadingEmptyLine, .missingSpaceAfterStatus, .bareLineFeed: false
        default: true
        }
    }

    /// One clause that says what is wrong.
    public var summary: String {
        switch self {
        case .leadingEmptyLine: "an empty line precedes the request line"
        case .malformedStartLine: "the start line is malformed"
        case .missingSpaceAfterStatus: "no space follows the status code"
        case .bareLineFeed: "a line ends with LF alone"
        case .bareCarriageReturn: "a CR is not followed by LF"
        case .controlByte: "a control character stands in the head"
        case .obsoleteLineFolding: "a field value is folded over two lines"
        case .whitespaceBeforeFirstField: "whitespace stands between the start line and the first field"
        case .missingColon: "a field line has no colon"
        case .whitespaceBeforeColon: "whitespace stands between a field name and its colon"
        case .invalidFieldName: "a field name is not a token"
        }
    }
}
