import WSScenario
import WSTranscript

/// What a run knows about the largest message that the peer accepts.
package enum PeerLimit: Sendable, Hashable {
    /// So many octets.
    case octets(Int)
    /// Nothing, for this reason.
    case unknown(String)

    /// The number of octets; nil if it is unknown.
    package var octets: Int? {
        if case .octets(let octets) = self { octets } else { nil }
    }

    /// What is known where nobody tried to learn it.
    package static let unlearned = Self.unknown("is not known")

    /// Why a scenario that depends on it is skipped.
    package var reasonToSkip: String {
        guard case .unknown(let why) = self else { return "" }
        return "the largest message that the peer accepts \(why); give it with --peer-limit"
    }
}

/// Learns the largest message that a peer accepts, in the run that needs it.
///
/// Compressed messages come first, because they are small on the wire. If a peer delivers all of them, it may count
/// what is on the wire; then uncompressed messages show its limit.
package struct PeerLimitLearning: Sendable {
    private var search: PeerLimitSearch
    private var isCompressed = true
    private let bound: Int
    /// What was learned; nil while the learning goes on.
    package private(set) var result: PeerLimit?

    /// The longest message that is tried uncompressed, or with the effort `quick`.
    ///
    /// It is as long as those of the topic `limits`, and no shorter than the default limits of most implementations.
    private static let mostQuickly = 16 << 20

    /// Creates a learning that finds limits of at most so many octets.
    package init(bound: Int) {
        self.bound = bound
        search = PeerLimitSearch(bound: bound + 1)
    }

    /// Creates a learning for conversations with these settings.
    ///
    /// A message of the largest size that we take costs a peer seconds, so it is tried with the effort `full` only.
    package init(_ settings: ConversationSettings) {
        let most = settings.maximumMessage
        self.init(bound: settings.effort == .full ? most : min(most, Self.mostQuickly))
    }

    /// What became of a message.
    package enum Outcome: Sendable, Hashable {
        /// It came back.
        case accepted
        /// It did not, and the peer ended the connection or sent something else.
        case refused
        /// The peer did not agree to compress.
        case uncompressed
        /// Nothing that says anything.
        case nothing
    }

    /// The message to try next: its length, and whether it is compressed; nil at the end.
    package var next: (length: Int, isCompressed: Bool)? {
        guard result == nil, let length = search.next else { return nil }
        return (length, isCompressed)
    }

    /// Notes what became of the message ``next``.
    package mutating func note(_ outcome: Outcome) {
        switch outcome {
        case .accepted: search.note(isAccepted: true)
        case .refused: search.note(isAccepted: false)
        case .uncompressed: result = .unlearned
        case .nothing:
            result = .unknown("could not be learned, because a message of \(search.next ?? 0) octets had no answer")
        }
        guard result == nil, search.next == nil else { return }
        if let limit = search.limit {
            result = .octets(limit)
        } else if isCompressed, search.isUnlimited {
            isCompressed = false
            search = PeerLimitSearch(bound: min(bound, Self.mostQuickly) + 1)
        } else {
            result =
                search.isUnlimited
                ? .unknown("is above the \(bound) octets that were tried (--effort full and --max-message try more)")
                : .unknown("could not be learned, because the peer accepts no message of any size that was tried")
        }
    }
}

extension ConversationFacts {
    /// What a conversation shows about the limit that it tries.
    package var outcomeOfProbe: PeerLimitLearning.Outcome {
        guard hasOpened else { return .nothing }
        if lacksCompression { return .uncompressed }
        if isFulfilled { return .accepted }
        return gaveUp == .deadline || gaveUp == .tookTooLong ? .nothing : .refused
    }
}

extension ConversationResult {
    /// Drops a conversation whose messages depend on a limit that is not known.
    ///
    /// Where the peer did not agree to compress, they were not sent, and the record says that.
    package mutating func skipWithoutLimit(_ limit: PeerLimit, _ facts: ConversationFacts) {
        guard scenario.isWithoutLimit, facts.hasOpened, !facts.lacksCompression else { return }
        transcript = nil
        status = .skipped(limit.reasonToSkip)
    }
}
