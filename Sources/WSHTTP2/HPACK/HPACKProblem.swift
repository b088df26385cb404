/// What is wrong with a field block, and where; each is a connection error COMPRESSION_ERROR (RFC 9113 section 4.3).
package struct HPACKProblem: Error, Sendable, Hashable {
    /// What is wrong.
    package var kind: Kind
    /// The octet of the block where the instruction begins that is wrong; the end of the block if something is missing.
    package var offset: Int

    /// A problem at an octet of a block.
    package init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
    }

    /// The kinds of problems.
    package enum Kind: Sendable, Hashable {
        /// An indexed field has index 0.
        case indexZero
        /// There is no entry with this index.
        case indexBeyondTables(Int)
        /// An integer is larger than 2³² - 1, or has more than eight octets behind its prefix.
        case integerTooLarge
        /// The block ends inside an instruction.
        case truncated
        /// A string has the code that is only there for padding.
        case endOfString
        /// The padding of a string has eight bits or more.
        case paddingTooLong
        /// The padding of a string has a bit that is not set.
        case paddingNotOnes
        /// A size update stands behind a field.
        case sizeUpdateAfterField
        /// A size update asks for more than the decoder allows.
        case sizeUpdateTooLarge(Int)
        /// The decoder has made its table smaller, and the block does not begin with a size update that follows.
        case sizeUpdateMissing
        /// An earlier block could not be read, so the table is not known.
        case tableUnknown

        /// The section that forbids it.
        package var reference: String {
            switch self {
            case .indexZero: "RFC 7541 section 6.1"
            case .indexBeyondTables: "RFC 7541 section 2.3.3"
            case .integerTooLarge: "RFC 7541 section 5.1"
            case .truncated: "RFC 7541 section 6"
            case .endOfString, .paddingTooLong, .paddingNotOnes: "RFC 7541 section 5.2"
            case .sizeUpdateAfterField, .sizeUpdateMissing: "RFC 7541 section 4.2"
            case .sizeUpdateTooLarge: "RFC 7541 section 6.3"
            case .tableUnknown: "RFC 9113 section 4.3"
            }
        }

        /// Whether nothing behind it can be read, nor any later block.
        package var isFatal: Bool {
            switch self {
            case .paddingTooLong, .paddingNotOnes, .sizeUpdateAfterField, .sizeUpdateMissing: false
            case .indexZero, .indexBeyondTables, .integerTooLarge, .truncated, .endOfString, .sizeUpdateTooLarge,
                .tableUnknown:
                true
            }
        }
    }
}

extension HPACKProblem.Kind: CustomStringConvertible {
    /// The problem in words, for the end of a sentence.
    package var description: String {
        switch self {
        case .indexZero: "an indexed field has index 0"
        case .indexBeyondTables(let index): "no table has index \(index)"
        case .integerTooLarge: "an integer is too large"
        case .truncated: "the block ends inside an instruction"
        case .endOfString: "a string has the code EOS"
        case .paddingTooLong: "the padding of a string has more than seven bits"
        case .paddingNotOnes: "the padding of a string has a bit that is not set"
        case .sizeUpdateAfterField: "a size update stands behind a field"
        case .sizeUpdateTooLarge(let size): "a size update asks for \(size) octets, more than is allowed"
        case .sizeUpdateMissing: "no size update follows the smaller table of SETTINGS"
        case .tableUnknown: "an earlier block could not be read"
        }
    }
}
