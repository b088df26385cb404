package import WSLink
package import WSProtocol
package import WSScenario

/// The opening of a conversation: everything until frames may follow, or it is clear that none will.
///
/// It does no I/O, sets no timer and does not know the script. It receives octets and returns steps, which the caller
/// performs and records. It ends with a ``Negotiation`` (``OpeningStep/opened(_:)``), or with a refusal and the steps
/// that end the connection.
package protocol OpeningHandshake: Sendable {
    /// Whether the scenario opens in its own way, so that a refusal or a missing answer is a result.
    var takesAnyAnswer: Bool { get }

    /// Whether the peer has refused and its answer is still being read.
    var isReadingRefusal: Bool { get }

    /// Begins the handshake on a connection that is established.
    mutating func begin() -> [OpeningStep]

    /// Reads octets of the peer; those that no ``OpeningStep/took(_:)`` covers are frames.
    mutating func read(_ bytes: Span<UInt8>) -> [OpeningStep]

    /// Reads field lines of the peer, which come on a stream of HTTP/2 alone.
    mutating func readFields(_ fields: [HTTPField], endsStream: Bool) -> [OpeningStep]

    /// Continues after the pause that ``OpeningStep/resume(after:)`` asked for.
    mutating func resume() -> [OpeningStep]
}

extension OpeningHandshake {
    package mutating func readFields(_ fields: [HTTPField], endsStream: Bool) -> [OpeningStep] { [] }
}

/// A step for the caller to perform.
package enum OpeningStep: Sendable, Hashable {
    /// This many of the octets were read.
    case took(Int)
    /// Send these octets; with the script's first frames in the same write, if the flag is set.
    case send([UInt8], withFrames: Bool)
    /// Send these field lines, and nothing behind them if `ends` is true.
    case sendFields([HTTPField], ends: Bool)
    /// Write these octets on the connection of HTTP/2 that carries the stream, as they are.
    case sendOnCarrier([UInt8])
    /// Call ``OpeningHandshake/resume()`` after this time.
    case resume(after: LinkDuration)
    /// End the connection in this way, after the time that it names.
    case end(RequestToSend.Ending)
    /// Cancel the pending `resume` or `end`.
    case cancel
    /// The client's request is complete; octets after it are frames.
    case requestRead(userAgent: String?, offersCompression: Bool)
    /// The server's final answer is complete; the place is that of a redirect.
    case answerRead(status: Int?, server: String?, place: String? = nil)
    /// Our answer was sent; wait for the client's reaction.
    case answered
    /// Our answer was sent and refuses the request; close the transport.
    case refused
    /// The connection is open.
    case opened(Negotiation)
    /// Begin the script; the early octets, which were already read, are frames.
    case talk(early: [UInt8])
    /// The client sent more octets before our answer than are kept.
    case flood
    /// No connection is opened; close the transport.
    case fail(ConversationFacts.Failure)
    /// There is nothing more to find out; close the transport.
    case finish
}

/// The octets of a request or an answer, divided into the writes that a scenario wants.
struct PacedOctets: Sendable {
    /// The octets that were not sent yet.
    private(set) var rest: ArraySlice<UInt8>

    private let pacing: RequestToSend.Pacing
    /// Whether the last octets were already held back once.
    private var hasHeldBack = false

    init(_ octets: [UInt8] = [], _ pacing: RequestToSend.Pacing = .whole) {
        rest = octets[...]
        self.pacing = pacing
    }

    /// Whether the rest waits for an interim response.
    var awaitsContinue: Bool { pacing.awaitsContinue && !rest.isEmpty }

    /// The octets to send next, and how long to wait before the rest; nil if there is none.
    mutating func next() -> (octets: [UInt8], pause: LinkDuration?) {
        var count = rest.count
        var pause: LinkDuration?
        switch pacing {
        case .whole: break
        case .pieces(let length):
            count = min(max(1, length), count)
            pause = Pacing.betweenPieces
        case .holdingBack(let last, let milliseconds) where !hasHeldBack:
            hasHeldBack = true
            count -= min(last, count)
            pause = .milliseconds(Int64(milliseconds))
        case .awaitingContinue(let last) where !hasHeldBack:
            hasHeldBack = true
            count -= min(last, count)
        case .holdingBack, .awaitingContinue: break
        }
        let octets = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
        return (octets, rest.isEmpty ? nil : pause)
    }

    /// Drops the octets that were not sent yet.
    mutating func drop() {
        rest = []
    }
}
