import WSLimits
import WSScenario
import WSTranscript

/// Results that a time limit decided: something expected had not come when we stopped waiting.
///
/// A busy machine can cause that with any peer. Therefore none of them is reported before the scenario has run again
/// alone and with full time limits. If many results lack the same thing and the peer has never sent it, one confirmed
/// result stands for all of them.
///
/// Their records wait in memory, up to ``Limits/waitingLines``. A result without room for its record is always run
/// again.
package struct LateResults<Result: Sendable>: Sendable {
    private var results: [String: Late] = [:]
    /// How many lines of records can still be kept.
    private var room: Int

    /// A result that has to be confirmed.
    package struct Late: Sendable {
        /// The id of its scenario.
        package var scenario: String
        /// What did not come.
        package var missing: Awaited
        /// The result.
        package var result: Result
        /// Whether its record is kept.
        package var isWhole: Bool
    }

    /// Creates an empty collection.
    ///
    /// - Parameter room: How many lines of records are kept.
    package init(room: Int = Limits.waitingLines.value) {
        self.room = room
    }

    /// Whether no result has to be confirmed.
    package var isEmpty: Bool { results.isEmpty }

    /// Whether the result of this scenario has to be confirmed.
    package func has(_ scenario: String) -> Bool { results[scenario] != nil }

    /// Keeps a result until it is confirmed.
    ///
    /// - Parameters:
    ///   - result: The result.
    ///   - conversation: The conversation of the result.
    ///   - missing: What did not come.
    ///   - put: Replaces the conversation in the result; called with one without records if there is no room for them.
    /// - Returns: Whether there was room for the records.
    @discardableResult
    package mutating func add(
        _ result: Result,
        of conversation: ConversationResult,
        missing: Awaited?,
        _ put: (inout Result, ConversationResult) -> Void
    ) -> Bool {
        let records = [conversation.transcript, conversation.autobahnTranscript]
        let lines = records.reduce(0) { $0 + ($1?.events.count ?? 0) }
        let isWhole = lines <= room
        var result = result
        if isWhole {
            room -= lines
        } else {
            var bare = conversation
            bare.transcript = nil
            bare.autobahnTranscript = nil
            put(&result, bare)
        }
        let scenario = conversation.scenario.id
        results[scenario] = Late(scenario: scenario, missing: missing ?? .other, result: result, isWhole: isWhole)
        return isWhole
    }

    /// The results grouped by what is missing, in an order that does not depend on time.
    package var groups: [[Late]] {
        Dictionary(grouping: results.values, by: \.missing).sorted { $0.key.rank < $1.key.rank }.map { _, results in
            results.sorted { $0.scenario < $1.scenario }
        }
    }
}

extension PatienceLedger {
    /// The patience for confirming a result after this many confirmed failures of its group; full for the first one.
    package func confirming(after failures: Int) -> Patience {
        failures == 0 ? .confirming : learnedAlone
    }

    /// Whether a result that failed again alone stands for its whole group.
    ///
    /// That is so if the group is large and the peer has never sent what is missing.
    package func standsForAll(_ missing: Awaited, among count: Int) -> Bool {
        missing != .other && count > Self.mostMisses && !hasSeen(missing)
    }
}
