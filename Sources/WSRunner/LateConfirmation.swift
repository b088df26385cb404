/// Decides which late results are played again alone, and which are final without that.
///
/// Results that lack the same thing form a group. They are played again alone, the first of a group with full patience.
/// If several of a large group lack it again, and the peer has never sent it, the rest of the group is final, too.
package struct LateConfirmation<Result: Sendable>: Sendable {
    /// What the run has to do next.
    package enum Step: Sendable {
        /// Play this scenario again alone, with this patience, and note the result.
        case playAgain(LateResults<Result>.Late, Patience)
        /// Report these results as they are; others of their group were confirmed.
        case stand([LateResults<Result>.Late])
        /// Play these again in parallel, because they are too many; a result that fails again is final.
        case playTogether([LateResults<Result>.Late])
    }

    /// The most results lacking the same thing that are repeated one at a time.
    package static var mostAlone: Int { 24 }

    private var groups: ArraySlice<[LateResults<Result>.Late]>
    /// The rest of the current group.
    private var left: ArraySlice<LateResults<Result>.Late> = []
    /// The number of results in the current group.
    private var count = 0
    /// How many of them have failed again in the same way.
    private var failures = 0
    /// What the result lacked that is being repeated.
    private var missing: Awaited?
    /// Whether the last noted result failed again in the same way.
    private var hasJustFailed = false
    /// How many results that lack the same thing are final, in this run and in earlier ones against the same peer.
    package private(set) var confirmed: [Awaited: Int]

    /// Creates the decisions about the late results of a run.
    ///
    /// - Parameters:
    ///   - late: The results.
    ///   - confirmed: How many results that lack the same thing earlier runs against the same peer have confirmed.
    package init(_ late: LateResults<Result>, confirmed: [Awaited: Int] = [:]) {
        groups = late.groups[...]
        self.confirmed = confirmed
    }

    /// Decides the next step.
    ///
    /// - Parameter patience: What the run has learned about its peer so far.
    /// - Returns: The step; nil when all results are final.
    package mutating func next(_ patience: PatienceLedger) -> Step? {
        if hasJustFailed, let missing {
            hasJustFailed = false
            if patience.standsForAll(missing, among: count) {
                if let standing = takeStanding() { return standing }
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
            // An earlier run has played some of this group again alone.
            if let missing = group.first?.missing, let before = confirmed[missing] {
                self.missing = missing
                count += before
                failures = 1
                if patience.standsForAll(missing, among: count), let standing = takeStanding() { return standing }
            }
        }
        let one = left.removeFirst()
        missing = one.missing
        return .playAgain(one, patience.confirming(after: failures))
    }

    /// Notes the result of a repetition.
    ///
    /// - Parameters:
    ///   - missing: What did not come this time; nil if that is unknown.
    ///   - isLate: Whether only a time limit decided the result again.
    package mutating func note(missing: Awaited?, isLate: Bool) {
        hasJustFailed = isLate && (missing ?? .other) == self.missing
        guard hasJustFailed, let missing = self.missing else { return }
        failures += 1
        confirmed[missing, default: 0] += 1
    }

    /// Takes the rest of the group that is final without being played again; nil if there is none.
    private mutating func takeStanding() -> Step? {
        let standing = left.filter(\.isWhole)
        left = left.filter { !$0.isWhole }[...]
        guard let missing, !standing.isEmpty else { return nil }
        confirmed[missing, default: 0] += standing.count
        return .stand(Array(standing))
    }
}
