/// A request or response up to its empty line: the raw bytes, and the ranges of its parts.
public struct HTTPHead: Sendable, Hashable {
    /// Which direction a head belongs to.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// A client's head.
        case request
        /// A server's head.
        case response
    }

    /// One field line, with the lines folded into it.
    public struct Field: Sendable, Hashable {
        /// The name, without whitespace before the colon.
        public var name: Range<Int>
        /// The value, without whitespace around it.
        public var value: Range<Int>
        /// Where the line begins.
        public var lineOffset: Int
    }

    /// Which direction the head belongs to.
    public let kind: Kind
    /// The bytes as they came.
    public let raw: [UInt8]
    /// The first line, without its terminator.
    public internal(set) var startLine: Range<Int>
    /// The field lines in order.
    public internal(set) var fields: [Field]
    /// The flaws in order of their offsets.
    public internal(set) var problems: [HTTPProblem]

    /// The first line as text.
    public var startLineText: String { text(startLine) }

    /// The bytes of the range as text, each byte one Latin-1 character, so that none is lost.
    public func text(_ range: Range<Int>) -> String {
        let bytes = raw[range]
        guard bytes.allSatisfy({ $0 < 0x80 }) else {
            return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The field's name as text.
    public func name(of field: Field) -> String { text(field.name) }

    /// The field's value as text, each folded line break turned into one space (RFC 9112 section 5.2).
    public func value(of field: Field) -> String {
        let bytes = raw[field.value]
        guard bytes.contains(HTTPGrammar.lineFeed) else { return text(field.value) }
        let lines = bytes.split(separator: HTTPGrammar.lineFeed, omittingEmptySubsequences: false).map { line in
            var end = line.endIndex
            if end > line.startIndex, raw[end - 1] == HTTPGrammar.carriageReturn { end -= 1 }
            return text(HTTPGrammar.trimmed(line.startIndex..<end, in: raw))
        }
        return lines.joined(separator: " ")
    }

    /// The field lines with the name, in order; its case does not matter.
    public func fields(named name: String) -> [Field] {
        fields.filter { HTTPGrammar.equalIgnoringCase(raw[$0.name], name.utf8) }
    }

    /// The values of the field lines with the name, in order; its case does not matter.
    public func values(of name: String) -> [String] {
        fields(named: name).map(value(of:))
    }

    /// The elements of a comma-separated list over all its field lines, empty ones left out (RFC 9110 section 5.6.1).
    ///
    /// Quotes have no meaning here, so the field's elements have to be tokens.
    public func tokens(of name: String) -> [String] {
        values(of: name).flatMap { value in
            value.split(separator: ",").compactMap { element in
                let trimmed = element.trimmingPrefixAndSuffix { $0 == " " || $0 == "\t" }
                return trimmed.isEmpty ? nil : String(trimmed)
            }
        }
    }

    /// Whether a request can begin with the byte: the methods in use are in capitals (RFC 9110 section 9.1).
    public static func canBeginRequest(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}

extension Substring {
    /// The text without the characters at its ends that match.
    func trimmingPrefixAndSuffix(while matches: (Character) -> Bool) -> Substring {
        guard let first = firstIndex(where: { !matches($0) }), let last = lastIndex(where: { !matches($0) }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }
}
