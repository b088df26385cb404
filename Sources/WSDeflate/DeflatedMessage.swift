/// What a compressed message is made of.
///
/// Distances and padding are those of the payload: where a message ends inside a block, bits of the appended tail may
/// complete a match, and what it refers to is not the sender's.
public struct DeflatedMessage: Sendable, Hashable {
    /// How many octets the payload has, without the tail that RFC 7692 section 7.2.2 appends.
    public var payloadLength = 0

    /// How many octets of content came out.
    public var contentLength = 0

    /// How many of these came out of the appended tail, because the message ends inside a block.
    public var tailContentLength = 0

    /// The first blocks, as many as `Limits.messageBlocks` allows.
    public var blocks: [Block] = []

    /// How many blocks there are, the one that the tail completes included.
    public var blockCount = 0

    /// How many blocks have BFINAL set.
    public var finalBlockCount = 0

    /// The largest distance; 0 if there is none.
    public var largestDistance = 0

    /// How many octets before its own first one the message refers to; 0 if it can be inflated alone.
    public var reach = 0

    /// The first distance that is larger than the agreed window; nil if there is none.
    public var overrun: Overrun?

    /// The first bit other than zero between a block with BFINAL set and the end of its octet; nil if there is none.
    ///
    /// RFC 7692 section 7.2.1 requires zeros there.
    public var paddingFault: Int?

    /// Where the payload ends; nil before the message was ended, and if it failed before its end.
    public var ending: Ending?

    /// How many bits at the end of the payload belong to nothing that could be read in whole.
    public var bitsLeft = 0

    /// What is wrong first; nil if nothing is.
    public var failure: InflateFailure?

    /// Creates the description of a message without any octets.
    public init() {}

    /// Whether the message is what RFC 7692 section 7.2.1 has a sender make, for a receiver with the agreed window.
    public var isWellFormed: Bool {
        failure == nil && ending == .emptyBlock && overrun == nil && paddingFault == nil
    }

    /// A block of a message.
    public struct Block: Sendable, Hashable {
        /// Its form.
        public var type: BlockType
        /// Whether BFINAL is set.
        public var isFinal: Bool
        /// The bit of BFINAL, counted from the beginning of the message.
        public var bit: Int
        /// How many octets of content it has.
        public var contentLength: Int

        /// Creates a block.
        public init(_ type: BlockType, isFinal: Bool = false, bit: Int, contentLength: Int) {
            self.type = type
            self.isFinal = isFinal
            self.bit = bit
            self.contentLength = contentLength
        }
    }

    /// The form of a block; the raw value is BTYPE (RFC 1951 section 3.2.3).
    public enum BlockType: UInt8, Sendable, Hashable, CaseIterable {
        /// Without compression.
        case stored = 0
        /// With the codes of RFC 1951 section 3.2.6.
        case fixed = 1
        /// With codes of its own.
        case dynamic = 2
    }

    /// A distance beyond the agreed window.
    public struct Overrun: Sendable, Hashable {
        /// The first bit of the distance's code, counted from the beginning of the message.
        public var bit: Int
        /// The distance.
        public var distance: Int

        /// Creates an overrun.
        public init(bit: Int, distance: Int) {
            self.bit = bit
            self.distance = distance
        }
    }

    /// Where a payload can end.
    public enum Ending: String, Sendable, Hashable, CaseIterable {
        /// Behind the header of a stored block, which the tail completes as an empty one; only this is right.
        case emptyBlock = "empty block"
        /// Between two blocks, without that header.
        ///
        /// The sender removed one octet too much, or nothing, or wrote nothing behind a block with BFINAL set.
        case border = "border"
        /// Inside a block.
        case insideBlock = "inside a block"
    }
}
