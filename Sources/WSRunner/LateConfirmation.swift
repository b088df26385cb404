/// Decides which late results are played again, one at a time, and which of them stand without that.
///
/// Results that lack the same thing form a group. Each is played again alone, the first of a group at full patience.
/// Where several of a large group lack it again, and the peer has given it to no conversation, they stand for the rest.
package struct LateConfirmation<Result: Sendable>: Sendable {
    /// What the run does next.
    package enum Step: Sendable {
        /// Play this scenario again, alone and with this patience, and note what comes of it.
        case playAgain(LateResults<Result>.Late, Patience)
        /// Record these results as they are: others of their group have shown that they stand.
        case stand([LateResults<Result>.Late])
        /// Play these again beside each other: too many for one at a time. What they lack again, they lack.
        case playTogether([LateResults<Result>.Late])
    }

    /// More results than this that lack the same thing are not all played one at a time.
    package static var mostAlone: Int { 24 }

    private var groups: ArraySlice<[LateResults<Result>.Late]>
    /// What is left of the group in hand.
    private var left: ArraySlice<LateResults<Result>.Late> = []
    /// How many results the group in hand had.
    private var count = 0
    /// How many of them have failed again in the same way.
    private var failures = 0
    /// What the result lacks that is being played again.
    private var missing: Awaited?
    /// Whether the result noted last has failed again in the same way.
    private var hasJustFailed = false

    /// Takes the late results of a run.
    package init(_ late: LateResults<Result>) {
        groups = late.groups[...]
    }

    /// The next step; nil when every result has been dealt with.
    ///
    /// - Parameter patience: what the run has learned of its peer so far.
    package mutating func next(_ patience: PatienceLedger) -> Step? {
        if hasJustFailed, let missing {
            hasJustFailed = false
            if patience.standsForAll(missing, among: count) {
                let standing = left.filter(\.isWhole)
                left = left.filter { !$0.isWhole }[...]
                if !standing.isEmpty { return .stand(Array(standing)) }
            } else if failures == PatienceLedger.mostMisses, left.count > Self.mostAlone {
                defer { left = [] }
                return .playTogether(Array(left))
            }
        }
        while left.isEmpty {
            guard let group = groups.popFirst() else { return nil }
            left = group[...]
            count = group.count
            failures = 0
        }
        let one = left.removeFirst()
        missing = one.missing
        return .playAgain(one, patience.confirming(after: failures))
    }

    /// Notes what came of a result that was played again.
    ///
    /// - Parameters:
    ///   - missing: what did not come this time; nil where it cannot be named.
    ///   - isLate: whether time alone has decided the result again.
    package mutating func note(missing: Awaited?, isLate: Bool) {
        hasJustFailed = isLate && (missing ?? .other) == self.missing
        if hasJustFailed { failures += 1 }
    }
}
