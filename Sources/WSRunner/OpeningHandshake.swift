package import WSLink
package import WSProtocol
package import WSScenario

/// The opening of a conversation: everything until frames may follow, or until it is clear that none will.
///
/// It does no I/O, sets no timer and knows no script. It is told what comes and says in steps what is to be done;
/// whoever carries these out records them, too. It ends with a ``Negotiation`` (``OpeningStep/opened(_:)``), or with a
/// refusal and the steps that end the connection.
package protocol OpeningHandshake: Sendable {
    /// Whether the scenario opens in a way of its own, so that a refusal is a result, and no answer is one, too.
    var takesAnyAnswer: Bool { get }

    /// Whether the peer has refused, and the rest of its refusal is being read.
    var isReadingRefusal: Bool { get }

    /// Begins, now that the connection stands.
    mutating func begin() -> [OpeningStep]

    /// Takes octets of the peer; those that no ``OpeningStep/took(_:)`` names are frames.
    mutating func read(_ bytes: Span<UInt8>) -> [OpeningStep]

    /// Goes on after the time that ``OpeningStep/resume(after:)`` has asked for.
    mutating func resume() -> [OpeningStep]
}

/// What an opening handshake has done.
package enum OpeningStep: Sendable, Hashable {
    /// The next so many of the octets that were given have been read.
    case took(Int)
    /// These octets are to be sent, in a write with the script's first frames where that is so.
    case send([UInt8], withFrames: Bool)
    /// It is to be resumed after this time.
    case resume(after: LinkDuration)
    /// The connection is to be ended in this way, once the time for it has come.
    case end(RequestToSend.Ending)
    /// Neither of the two is due any more.
    case cancel
    /// The client's request has been read to its end; what follows it are frames, if anything.
    case requestRead(userAgent: String?)
    /// The server's final answer has been read to its end.
    case answerRead(status: Int?, server: String?)
    /// Our answer is out, and what the client takes it for is to be seen.
    case answered
    /// Our answer is out, which refuses the request; the transport is to be closed.
    case refused
    /// The connection is open.
    case opened(Negotiation)
    /// The script may begin; these octets of the peer, which have been read already, are frames.
    case talk(early: [UInt8])
    /// The client has sent more than is kept of what comes before our answer.
    case flood
    /// No connection comes about, and the transport is to be closed.
    case fail(ConversationFacts.Failure)
    /// There is nothing more to find out, and the transport is to be closed.
    case finish
}

/// The octets of a request or of an answer, cut into writes as a scenario wants it.
struct PacedOctets: Sendable {
    /// What has not been handed out.
    private(set) var rest: ArraySlice<UInt8>

    private let pacing: RequestToSend.Pacing
    /// Whether the last octets have been held back once.
    private var hasHeldBack = false

    init(_ octets: [UInt8] = [], _ pacing: RequestToSend.Pacing = .whole) {
        rest = octets[...]
        self.pacing = pacing
    }

    /// Whether the rest is held back until an interim response comes.
    var awaitsContinue: Bool { pacing.awaitsContinue && !rest.isEmpty }

    /// Hands out what is due, and says how long to wait before the rest, if there is any.
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

    /// Forgets what has not been handed out.
    mutating func drop() {
        rest = []
    }
}
