/// Finds the largest message that a peer accepts, from what it does with messages of chosen lengths.
///
/// The limits that implementations have by default come first, so that a search has a few steps for most peers.
package struct PeerLimitSearch: Sendable {
    /// The longest message that is tried.
    package let bound: Int
    /// The longest message that was accepted; 0 while none was.
    package private(set) var accepted = 0
    /// The shortest message that was refused; nil while none was.
    package private(set) var refused: Int?
    private var tries = 0

    /// How many messages are tried at most.
    package static let mostTries = 40
    /// Limits that many implementations have.
    private static let common = [
        65_536, 1_000_000, 1 << 20, 4 << 20, 10_000_000, 10 << 20, 16 << 20, 32 << 20, 64 << 20, 100 << 20, 128 << 20,
        256 << 20, 512 << 20,
    ]

    /// Creates a search that tries messages of at most so many octets.
    package init(bound: Int) {
        self.bound = max(1, bound)
    }

    /// The length of the next message to try; nil at the end.
    package var next: Int? {
        guard tries < Self.mostTries else { return nil }
        guard let refused else { return accepted == 0 ? min(1 << 20, bound) : accepted < bound ? bound : nil }
        guard refused - accepted > 1 else { return nil }
        let between = Self.common.filter { accepted < $0 && $0 < refused }
        if !between.isEmpty { return between[between.count / 2] }
        return Self.common.contains(accepted) ? accepted + 1 : (accepted + refused) / 2
    }

    /// Notes what became of the message of length ``next``.
    package mutating func note(isAccepted: Bool) {
        guard let length = next else { return }
        tries += 1
        if isAccepted { accepted = length } else { refused = length }
    }

    /// The limit; nil if none was found.
    package var limit: Int? { accepted > 0 && refused == accepted + 1 ? accepted : nil }

    /// Whether the peer accepted everything that was tried.
    package var isUnlimited: Bool { refused == nil && accepted >= bound }
}
