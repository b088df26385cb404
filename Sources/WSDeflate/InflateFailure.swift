/// What makes a DEFLATE stream wrong, and at which bit.
public struct InflateFailure: Sendable, Hashable, Error {
    /// What is wrong.
    public var kind: Kind
    /// The first bit of the field or code that is wrong, counted from the beginning of the message.
    public var bit: Int

    /// Creates a failure.
    public init(_ kind: Kind, bit: Int) {
        self.kind = kind
        self.bit = bit
    }

    /// One of the three prefix codes of a block with dynamic codes.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The code that code lengths are written in.
        case codeLength = "code length"
        /// The code of literals, lengths and the end of the block.
        case literal = "literal/length"
        /// The code of distances.
        case distance = "distance"
    }

    /// What can be wrong; the sections are those of RFC 1951.
    public enum Kind: Sendable, Hashable {
        /// BTYPE is 11 (section 3.2.3).
        case reservedBlockType
        /// NLEN is not the complement of LEN (section 3.2.4).
        case lengthCheck
        /// HLIT announces this many literal/length codes, more than 286 (section 3.2.7).
        case literalCodeCount(Int)
        /// HDIST announces this many distance codes, more than the 30 that have a meaning (section 3.2.6).
        case distanceCodeCount(Int)
        /// The lengths of a code allow more codes than there are bit sequences (section 3.2.2).
        case oversubscribed(Code)
        /// The lengths of a code leave bit sequences unused, and it is not a single code of one bit (section 3.2.7).
        case incomplete(Code)
        /// Code lengths begin with a repetition of the previous one (section 3.2.7).
        case repetitionOfNothing
        /// A repetition leads beyond the last code length (section 3.2.7).
        case repetitionBeyondEnd
        /// The end of the block has no code (section 3.2.7).
        case noEndOfBlock
        /// The literal/length symbol 286 or 287, which never occurs (section 3.2.6).
        case reservedLiteral
        /// The distance symbol 30 or 31, which never occurs (section 3.2.6).
        case reservedDistance
        /// A bit sequence that the literal/length or the distance code does not use.
        case unassigned(Code)
        /// This distance leads before the first octet that the stream may refer to (section 2).
        case distanceBeforeStart(Int)
        /// This distance is larger than the agreed window, which the inflater was told to enforce.
        case distanceBeyondWindow(Int)
        /// The message has more content than the limit; its first octets, as many as the limit allows, were put out.
        case contentLimit
        /// The message ends inside a block; the bit is the one behind its last.
        case truncated
    }
}

extension InflateFailure: CustomStringConvertible {
    /// The failure in words, with its bit.
    public var description: String { "\(kind) at bit \(bit)" }
}

extension InflateFailure.Kind: CustomStringConvertible {
    /// The kind in words.
    public var description: String {
        switch self {
        case .reservedBlockType: "reserved block type 11"
        case .lengthCheck: "NLEN is not the complement of LEN"
        case .literalCodeCount(let count): "\(count) literal/length codes"
        case .distanceCodeCount(let count): "\(count) distance codes"
        case .oversubscribed(let code): "over-subscribed \(code.rawValue) code"
        case .incomplete(let code): "incomplete \(code.rawValue) code"
        case .repetitionOfNothing: "repetition without a code length before it"
        case .repetitionBeyondEnd: "repetition beyond the last code length"
        case .noEndOfBlock: "no code for the end of the block"
        case .reservedLiteral: "reserved literal/length symbol"
        case .reservedDistance: "reserved distance symbol"
        case .unassigned(let code): "bit sequence without meaning in the \(code.rawValue) code"
        case .distanceBeforeStart(let distance): "distance \(distance) before the start"
        case .distanceBeyondWindow(let distance): "distance \(distance) beyond the window"
        case .contentLimit: "content beyond the limit"
        case .truncated: "truncated"
        }
    }
}
