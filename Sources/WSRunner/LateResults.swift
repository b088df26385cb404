import WSLimits
import WSScenario
import WSTranscript

/// Results that time alone has decided: what was due did not come before we stopped waiting.
///
/// A busy machine can do that to any peer, so none of them is told before it has come again alone, in quiet and at full
/// patience. Where many lack the same thing and the peer has given it to nobody, one of them stands for all.
///
/// Their records wait in memory, up to ``Limits/waitingLines``. A result whose record there is no room for can stand
/// for nothing, and is always asked for again.
package struct LateResults<Result: Sendable>: Sendable {
    private var results: [String: Late] = [:]
    /// How many lines of records may still be kept.
    private var room: Int

    /// A result that waits to be confirmed.
    package struct Late: Sendable {
        /// The id of its scenario.
        package var scenario: String
        /// What did not come.
        package var missing: Awaited
        /// The result.
        package var result: Result
        /// Whether its record was kept.
        package var isWhole: Bool
    }

    /// Begins with none.
    ///
    /// - Parameter room: how many lines of records are kept.
    package init(room: Int = Limits.waitingLines.value) {
        self.room = room
    }

    /// Whether there is none.
    package var isEmpty: Bool { results.isEmpty }

    /// Whether the result of a scenario waits to be confirmed.
    package func has(_ scenario: String) -> Bool { results[scenario] != nil }

    /// Keeps a result for later.
    ///
    /// - Parameters:
    ///   - result: the result.
    ///   - conversation: the conversation that it is of.
    ///   - missing: what did not come.
    ///   - put: puts a conversation without its record in the place of the one that has it.
    /// - Returns: whether there was room for its record.
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

    /// The results that lack the same thing, in an order that does not depend on when they came.
    package var groups: [[Late]] {
        Dictionary(grouping: results.values, by: \.missing).sorted { $0.key.rank < $1.key.rank }.map { _, results in
            results.sorted { $0.scenario < $1.scenario }
        }
    }
}

extension PatienceLedger {
    /// The patience with which a result of a group is confirmed of which so many have failed again alike: in full for
    /// the first of them.
    package func confirming(after failures: Int) -> Patience {
        failures == 0 ? .toMakeSure : learnedAlone
    }

    /// Whether a result that failed again alone stands for all of its group: so many of them lack what the peer has
    /// given to nobody.
    package func standsForAll(_ missing: Awaited, among count: Int) -> Bool {
        missing != .other && count > Self.mostMisses && !hasSeen(missing)
    }
}
