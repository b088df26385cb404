/// What a machine whose link is a stream of HTTP/2 wants of the connection that carries it.
package struct LinkCarrierWish: Sendable {
    /// The identifiers and values of settings that follow the usual ones in the first SETTINGS frame, in order; a
    /// client's alone, because a server sends that frame before it knows of any stream.
    package var settings: [(identifier: UInt16, value: UInt32)] = []
    /// Whether the window of the stream is given back as octets are read; otherwise the machine does so by itself.
    package var givesCredit = true
    /// Machines on further streams of the same connection, which begin behind this one; a client's alone.
    package var companions: [any LinkMachine] = []
    /// Makes machines for as many further streams as the server takes at a time, if those are so many at most.
    package var atLimit: (most: Int, make: @Sendable () -> any LinkMachine)?
    /// Frames that follow once the links of all machines have ended and a PING was answered; of a server, once the
    /// link of this one has ended.
    package var afterwards: [UInt8] = []
    /// Whether a PING asks before and behind them whether the connection lives, before it is ended.
    package var asksAfterwards = false

    /// A connection as it usually is.
    package init() {}

    /// A connection as it usually is, with one machine.
    package static let usual = Self()
}

/// What moves on the connection of HTTP/2 that carries a link, for a machine that keeps a record of it.
package enum LinkCarrierEvent: Sendable, Hashable {
    /// This end hands octets to the network.
    case sent([LinkCarrierPart])
    /// Octets have come.
    case received([LinkCarrierPart])
    /// The server's first SETTINGS have come; they say how many streams it takes at a time, or nil.
    case settled(mostStreams: Int?)
    /// The link is the stream with this identifier; what was on the connection before it follows.
    case stream(UInt32)
    /// The connection has ended.
    case ended(LinkEnd)
    /// The connection goes on, and a machine whose link has ended is told no more of it.
    case left
}

/// Octets of a connection of HTTP/2.
package enum LinkCarrierPart: Sendable, Hashable {
    /// These octets.
    case octets([UInt8])
    /// So many octets of what DATA frames carry, which the streams have.
    case data(Int)
}
