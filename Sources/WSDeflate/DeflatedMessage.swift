/// What a compressed message is made of.
///
/// Distances and padding are those of the payload: where a message ends inside a block, bits of the appended tail may
/// complete a match, and what it refers to is not the sender's.
package struct DeflatedMessage: Sendable, Hashable {
    /// How many octets the payload has, without the tail that RFC 7692 section 7.2.2 appends.
    package var payloadLength = 0

    /// How many octets of content came out.
    package var contentLength = 0

    /// How many of these came out of the appended tail, because the message ends inside a block.
    package var tailContentLength = 0

    /// The first blocks, as many as `Limits.messageBlocks` allows.
    package var blocks: [Block] = []

    /// How many blocks there are, the one that the tail completes included.
    package var blockCount = 0

    /// How many blocks have BFINAL set.
    package var finalBlockCount = 0

    /// The largest distance; 0 if there is none.
    package var largestDistance = 0

    /// How many octets before its own first one the message refers to; 0 if it can be inflated alone.
    package var reach = 0

    /// The first distance that is larger than the agreed window; nil if there is none.
    package var overrun: Overrun?

    /// The first bit other than zero between a block with BFINAL set and the end of its octet; nil if there is none.
    ///
    /// RFC 7692 section 7.2.1 requires zeros there.
    package var paddingFault: Int?

    /// Where the payload ends; nil before the message was ended, and if it failed before its end.
    package var ending: Ending?

    /// How many bits at the end of the payload belong to nothing that could be read in whole.
    package var bitsLeft = 0

    /// What is wrong first; nil if nothing is.
    package var failure: InflateFailure?

    /// Creates the description of a message without any octets.
    package init() {}

    /// Whether the message is what RFC 7692 section 7.2.1 has a sender make, for a receiver with the agreed window.
    package var isWellFormed: Bool {
        failure == nil && ending == .emptyBlock && overrun == nil && paddingFault == nil
    }

    /// A block of a message.
    package struct Block: Sendable, Hashable {
        /// Its form.
        package var type: BlockType
        /// Whether BFINAL is set.
        package var isFinal: Bool
        /// The bit of BFINAL, counted from the beginning of the message.
        package var bit: Int
        /// How many octets of content it has.
        package var contentLength: Int

        /// Creates a block.
        package init(_ type: BlockType, isFinal: Bool = false, bit: Int, contentLength: Int) {
            self.type = type
            self.isFinal = isFinal
            self.bit = bit
            self.contentLength = contentLength
        }
    }

    /// The form of a block; the raw value is BTYPE (RFC 1951 section 3.2.3).
    package enum BlockType: UInt8, Sendable, Hashable, CaseIterable {
        /// Without compression.
        case stored = 0
        /// With the codes of RFC 1951 section 3.2.6.
        case fixed = 1
        /// With codes of its own.
        case dynamic = 2
    }

    /// A distance beyond the agreed window.
    package struct Overrun: Sendable, Hashable {
        /// The first bit of the distance's code, counted from the beginning of the message.
        package var bit: Int
        /// The distance.
        package var distance: Int

        /// Creates an overrun.
        package init(bit: Int, distance: Int) {
            self.bit = bit
            self.distance = distance
        }
    }

    /// Where a payload can end.
    package enum Ending: String, Sendable, Hashable, CaseIterable {
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
