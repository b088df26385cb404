/// One side of a byte stream as a pure state machine: events in, actions out, no I/O and no clock of its own.
///
/// The runner's step machine and the model peer are both such machines. An adapter (`WSTransport` over sockets,
/// `InMemoryLink` without any socket) owns the stream, calls these methods in order on one thread and carries out
/// what they append to `actions` before the next call.
///
/// ```
///             linkConnected            linkReceived · linkWritable · linkTimerFired · linkProbesAnswered · linkWoken
/// (dialled) ───────────────► open ◄──────────────────────────────────────────────┐
///     │                       │ └───────────────────────────────────────────────────┘
///     └───────── linkEnded ◄──┘            (exactly once, and last)
/// ```
package protocol LinkMachine: Sendable {
    /// How the security layer of the link is to behave; read once, before the link is made.
    var securityWish: LinkSecurityWish { get }

    /// What the connection of HTTP/2 that carries the link is to be like; read once, before it is made.
    var carrierWish: LinkCarrierWish { get }

    /// The handshake of the link's security layer is done; ``linkConnected(at:actions:)`` follows at once.
    ///
    /// A link without such a layer never calls this.
    mutating func linkSecured(_ facts: LinkSecurityFacts, at now: LinkInstant)

    /// The stream is connected; nothing has been moved yet.
    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction])

    /// Bytes have arrived, in order; `bytes` is never empty.
    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction])

    /// The field lines of a message have arrived; only a stream of HTTP/2 has any.
    ///
    /// If `ends` is true, the other side sends nothing behind them, and the end of the link follows.
    mutating func linkReceivedFields(
        _ fields: [LinkField],
        ends: Bool,
        at now: LinkInstant,
        actions: inout [LinkAction]
    )

    /// Everything written before the latest ``LinkAction/notifyWhenWritten`` has been handed to the network.
    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction])

    /// A timer set with ``LinkAction/setTimer(_:at:)`` is due.
    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction])

    /// The round trips asked for with ``LinkAction/probe(roundTrips:limit:)`` are done, or their limit has passed.
    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction])

    /// The machine's ``LinkWaker`` was called; a machine without one never receives this.
    mutating func linkWoken(at now: LinkInstant, actions: inout [LinkAction])

    /// The PING that ``LinkAction/pingCarrier`` asked for was answered.
    mutating func linkCarrierAnswered(at now: LinkInstant, actions: inout [LinkAction])

    /// Something moved on the connection of HTTP/2 that carries the link, before and after the link itself, too.
    mutating func linkCarrier(_ event: LinkCarrierEvent, at now: LinkInstant)

    /// The stream has ended; no call follows but ``linkCarrier(_:at:)``.
    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant)
}

extension LinkMachine {
    package var securityWish: LinkSecurityWish { .usual }
    package mutating func linkSecured(_ facts: LinkSecurityFacts, at now: LinkInstant) {}
    package var carrierWish: LinkCarrierWish { .usual }
    package mutating func linkCarrierAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}
    package mutating func linkCarrier(_ event: LinkCarrierEvent, at now: LinkInstant) {}
    package mutating func linkWoken(at now: LinkInstant, actions: inout [LinkAction]) {}
    package mutating func linkReceivedFields(
        _ fields: [LinkField],
        ends: Bool,
        at now: LinkInstant,
        actions: inout [LinkAction]
    ) {}
}

/// Wakes the machine of one link from any thread, if it waits for something that happens elsewhere.
package struct LinkWaker: Sendable {
    private let call: @Sendable () -> Void

    /// Creates a waker from a closure.
    package init(_ call: @escaping @Sendable () -> Void) {
        self.call = call
    }

    /// Calls the machine's ``LinkMachine/linkWoken(at:actions:)`` soon, unless its link has ended.
    package func wake() {
        call()
    }
}

/// The name of a timer; setting a timer again moves it.
package struct LinkTimer: Sendable, Hashable {
    /// The number that tells one timer of a machine from another.
    package var number: Int

    /// Creates a timer name.
    package init(number: Int) {
        self.number = number
    }
}

/// A request of a machine to its link.
package enum LinkAction: Sendable, Hashable {
    /// Write these bytes as one write of their own.
    case write([UInt8])
    /// Write these bytes in pieces of `size`, each a write of its own, back to back.
    case writePieces([UInt8], size: Int)
    /// Send these field lines, and nothing behind them if `ends` is true; a link that is no stream of HTTP/2 has none.
    case sendFields([LinkField], ends: Bool)
    /// Write these octets on the connection of HTTP/2 that carries the link, as they are.
    ///
    /// Where a server's link is another stream than 1, frames for stream 1 are written for that one.
    case writeToCarrier([UInt8])
    /// Send PING on that connection, and call ``LinkMachine/linkCarrierAnswered(at:actions:)`` with its answer.
    case pingCarrier
    /// Call ``LinkMachine/linkWritable(at:actions:)`` once everything written so far was handed to the network.
    case notifyWhenWritten
    /// Set or move a timer to a moment; a moment in the past is due at once.
    case setTimer(LinkTimer, at: LinkInstant)
    /// Cancel a timer.
    case cancelTimer(LinkTimer)
    /// Make Ping round trips on a connection of its own, and answer when they are done or `limit` is reached.
    case probe(roundTrips: Int, limit: LinkInstant)
    /// Read no further; what arrives stays with the network until ``resumeReading``.
    case pauseReading
    /// Read again.
    case resumeReading
    /// Send FIN after what was written; go on reading.
    case closeOutput
    /// Close both directions, in the normal way.
    case close
    /// Drop the connection with a reset.
    case reset
}

/// How a byte stream ended, as seen from this side.
package enum LinkEnd: Sendable, Hashable {
    /// The connection failed; the text gives the reason in one line.
    case notConnected(String)
    /// The stream was connected, but the handshake of its security layer failed; the text says why, in one line.
    case notSecured(String)
    /// The other side ended its direction in an orderly way: with FIN, or with the closing message of a security layer.
    case finished
    /// The stream ended without the closing message of its security layer, or with the connection of HTTP/2 that
    /// carried it, so that its last octets may be missing.
    case truncated
    /// The other side reset the connection, or the network did.
    case reset
    /// This side closed before the other side did.
    case closedHere

    /// Whether the other side, or the network, ended a stream that had been connected.
    package var isByPeer: Bool {
        switch self {
        case .finished, .truncated, .reset: true
        case .notConnected, .notSecured, .closedHere: false
        }
    }
}
