import WSLimits

/// Finds where the content of a response ends on the wire (RFC 9112 section 6.3).
public struct HTTPContentDecoder: Sendable {
    /// The method by which the end of the content is found.
    public enum Framing: Sendable, Hashable {
        /// The head alone: there is no content.
        case head
        /// Content-Length: that many octets.
        case length(UInt64)
        /// The last chunk of the chunked transfer coding.
        case chunks
        /// The end of the connection.
        case connection
    }

    /// The method by which the end of the content is found.
    public let framing: Framing
    /// Whether the content is complete; never true if only the end of the connection ends it.
    public private(set) var isComplete: Bool

    private var left: UInt64 = 0
    private var line: [UInt8] = []
    private var part = Part.size

    /// What comes next of content in chunks (RFC 9112 section 7.1).
    private enum Part: Sendable {
        case size
        case data
        case endOfData
        case trailer
    }

    /// The longest line of a chunk.
    private static let longestLine = Limits.chunkLine.value

    /// Creates a decoder for the octets after the head of a response to a request with this method.
    public init(after head: HTTPHead, method: String) {
        framing = Self.framing(of: head, method: method)
        if case .length(let length) = framing { left = length }
        isComplete = framing == .head || framing == .length(0)
    }

    /// Reads the next octets of the stream.
    ///
    /// - Returns: How many of them belong to the content.
    public mutating func feed(_ bytes: Span<UInt8>) -> Int {
        var position = 0
        while position < bytes.count, !isComplete {
            switch framing {
            case .head: break
            case .connection: return bytes.count
            case .length: take(bytes.count, from: &position)
            case .chunks: takeOfChunks(bytes, from: &position)
            }
        }
        return position
    }

    private mutating func take(_ end: Int, from position: inout Int) {
        let count = min(UInt64(end - position), left)
        position += Int(count)
        left -= count
        if left == 0, framing != .chunks { isComplete = true }
    }

    private mutating func takeOfChunks(_ bytes: Span<UInt8>, from position: inout Int) {
        if part == .data {
            take(bytes.count, from: &position)
            if left == 0 { part = .endOfData }
            return
        }
        let byte = bytes[position]
        position += 1
        guard byte == HTTPGrammar.lineFeed else {
            // A line that is too long is read to the end of the connection, like content of unknown length.
            if line.count < Self.longestLine { line.append(byte) }
            return
        }
        if line.last == HTTPGrammar.carriageReturn { line.removeLast() }
        switch part {
        case .size:
            let number = line.prefix { $0 != UInt8(ascii: ";") && !HTTPGrammar.isWhitespace($0) }
            left = UInt64(String(decoding: number, as: UTF8.self), radix: 16) ?? .max
            part = left == 0 ? .trailer : .data
        case .endOfData: part = .size
        case .trailer: isComplete = line.isEmpty
        case .data: break
        }
        line.removeAll(keepingCapacity: true)
    }

    private static func framing(of head: HTTPHead, method: String) -> Framing {
        let status = StatusLine(head)?.code ?? 0
        if method == "HEAD" || (100..<200).contains(status) || status == 204 || status == 304 { return .head }
        if let coding = head.tokens(of: "Transfer-Encoding").last {
            return HTTPGrammar.equalIgnoringCase(coding.utf8, "chunked".utf8) ? .chunks : .connection
        }
        let lengths = Set(head.tokens(of: "Content-Length"))
        guard lengths.count == 1, let text = lengths.first, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            return .connection
        }
        return UInt64(text).map { .length($0) } ?? .connection
    }
}
