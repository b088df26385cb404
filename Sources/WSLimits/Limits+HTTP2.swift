/// Limits on what is read of a connection of HTTP/2.
extension Limits {
    // MARK: - HTTP/2

    /// The payload of a frame other than DATA that is kept.
    package static let framePayload = Limit(
        "frame-payload",
        .memory,
        64 * kibi,
        of: "octets of an HTTP/2 frame that is neither DATA nor part of a field block",
        then: "the first ones are read, the others are only counted"
    )
    /// The fragments of a field block.
    package static let fieldBlock = Limit(
        "field-block",
        .memory,
        256 * kibi,
        of: "octets of an HTTP/2 field block, with all of its CONTINUATION frames",
        then: "the block is not decompressed, nor is any after it in that direction"
    )
    /// The decompressed lines of a field block.
    package static let fieldSection = Limit(
        "field-section",
        .memory,
        256 * kibi,
        of: "the lines of an HTTP/2 field section, with 32 octets for each, as SETTINGS_MAX_HEADER_LIST_SIZE counts",
        then: "the first ones are kept, the others are only counted"
    )
    /// The dynamic table of HPACK.
    package static let fieldTable = Limit(
        "field-table",
        .memory,
        mebi,
        of: "the dynamic table that a peer may have us keep",
        then: "a block that asks for a larger one is not decompressed, nor is any after it in that direction"
    )
    /// The streams of a connection whose states are followed.
    package static let followedStreams = Limit(
        "followed-streams",
        .count,
        4_096,
        of: "streams of an HTTP/2 connection whose states are followed",
        then: "those that are closed are forgotten, the oldest first, and where none is, further ones are not followed"
    )
    /// The answers to SETTINGS, PING and violations that wait to be written.
    package static let connectionAnswers = Limit(
        "connection-answers",
        .count,
        1_024,
        of: "answers to SETTINGS, PING and wrong frames that an HTTP/2 endpoint causes and does not read",
        then: "the connection is ended with ENHANCE_YOUR_CALM"
    )
    /// The streams that a client resets before they have ended.
    package static let cancelledStreams = Limit(
        "cancelled-streams",
        .count,
        1_024,
        of: "streams of an HTTP/2 connection that a client opens and resets",
        then: "the connection is ended with ENHANCE_YOUR_CALM"
    )

    /// The octets of a connection that a transcript keeps.
    package static let carrierOctets = Limit(
        "carrier-octets",
        .memory,
        256 * kibi,
        of: "octets of an HTTP/2 connection that a transcript keeps, without what DATA frames carry",
        then: "nothing that follows on the connection is kept, and the rules of HTTP/2 say nothing of it"
    )

    /// The octets of a connection with a client under test that are kept for streams that begin later.
    package static let carrierHistory = Limit(
        "carrier-history",
        .memory,
        64 * kibi,
        of: "octets of an HTTP/2 connection that are kept for streams that begin later, without what DATA frames carry",
        then: "records of streams that begin later have their own octets alone, and the rules of HTTP/2 say nothing of "
            + "them"
    )

    static let ofHTTP2 = [
        framePayload, fieldBlock, fieldSection, fieldTable, followedStreams, connectionAnswers, cancelledStreams,
        carrierOctets, carrierHistory,
    ]
}
