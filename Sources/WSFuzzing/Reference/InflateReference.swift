/// Another inflater, with which ours is compared.
package protocol InflateReference: SendableMetatype {
    /// Creates an inflater that enforces a window in every place.
    init(enforcingWindowBits: Int)

    /// Creates an inflater of the largest window.
    init()

    /// Inflates the payload of a message and, within a block, the tail that RFC 7692 section 7.2.2 appends.
    ///
    /// Behind a block with BFINAL set it goes on, with the same window.
    ///
    /// - Parameters:
    ///   - payload: the payload.
    ///   - previous: the content that it may refer to.
    /// - Returns: what came of it.
    func inflate(_ payload: [UInt8], after previous: [UInt8]) -> ReferenceInflation
}

/// What another inflater makes of a message.
package struct ReferenceInflation: Sendable, Hashable {
    /// What came out.
    package var content: [UInt8] = []
    /// How much of it came out before the tail.
    package var ownLength = 0
    /// Whether the payload ends between two blocks, so that there is nothing that the tail could complete.
    package var endsAtBorder = false
    /// Whether the tail ends between two blocks.
    package var tailEndsAtBorder = false
    /// Its words for an error; nil if there is none.
    package var error: String?
    /// Whether the error is in the tail.
    package var errorIsInTail = false
    /// How many octets of the payload and of the tail it has read.
    package var readCount = 0

    /// Creates what came of nothing.
    package init() {}
}
