package import WSProtocol

/// An event of the slicer with the payload itself, joined over the pieces it came in.
package enum SlicedEvent: Sendable, Hashable {
    /// A header and its offset.
    case header(FrameHeader, offset: UInt64)
    /// All payload of a frame that came.
    case payload([UInt8], payloadOffset: UInt64)
    /// The end of a frame.
    case end(offset: UInt64)
}
