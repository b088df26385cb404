import WSJudge
import WSReport
import WSRunFolder
import WSScenario

/// One case of the suite: what is sent, and what a peer may make of it.
///
/// It is a value of which two are equal if their ids and roles are; the id never changes its meaning.
public struct ConformanceCase: Sendable, Hashable, Identifiable, CustomStringConvertible {
    /// The stable id, such as `closing/one-byte-payload`.
    public var id: String { scenario.id }
    /// The side that is under test.
    public let role: Suite.Role

    let scenario: Scenario

    init(_ scenario: Scenario, testing role: Suite.Role) {
        self.scenario = scenario
        self.role = role
    }

    /// One line that says what is tried.
    public var title: String { scenario.title }

    /// The number of the case in Autobahn|Testsuite that sends the same, such as `7.3.2`; nil if it has none.
    public var autobahnNumber: String? { scenario.autobahn?.number }

    /// The requirements behind the verdict, the decisive one first.
    public var requirements: [ConformanceRequirement] {
        scenario.testing(role.scenarioRole).requirements.compactMap { ConformanceRequirement(id: $0) }
    }

    /// Words that group cases, such as `handshake`, `slow` or `load`, sorted; a pattern `tag:slow` selects by them.
    public var tags: [String] { scenario.tags.map(\.rawValue).sorted() }

    /// Whether the peer's application has to echo messages; otherwise the case is played against any endpoint.
    public var needsEcho: Bool { scenario.needs == .echo }

    /// The id, which test frameworks show.
    public var description: String { id }

    /// Plays the case and judges what came of it.
    ///
    /// Any number of cases may be run at the same time. They are played a few at a time, against one target after the
    /// other; what has to be alone is played alone, and a result that only a time limit decided is confirmed alone.
    /// What the target's application does is found out once for all of them. Nothing is left on the disk.
    ///
    /// ```swift
    /// let result = try await test.run(against: .server("ws://127.0.0.1:9001"))
    /// #expect(result.verdict != .fail, "\(result.explanation)")
    /// ```
    ///
    /// - Parameters:
    ///   - target: The server or the client under test, which has to have the role of the case.
    ///   - options: How cases are played.
    /// - Returns: The result, of any verdict.
    /// - Throws: ``ConformanceError``, if the case cannot be played: the target is not valid, it cannot be reached, or
    ///   the task was cancelled.
    public func run(
        against target: ConformanceTarget,
        options: ConformanceOptions = ConformanceOptions()
    ) async throws(ConformanceError) -> ConformanceResult {
        guard target.role == role else {
            throw ConformanceError(
                .target,
                "\(id) tests a \(role.rawValue), and \(target) is a \(target.role.rawValue); "
                    + "give the other target, or select with Suite.cases(testing: .\(target.role.rawValue))"
            )
        }
        return try await CaseQueue.shared.play(scenario, against: target, options)
    }

    /// Whether two cases have the same id and role.
    public static func == (left: Self, right: Self) -> Bool {
        left.id == right.id && left.role == right.role
    }

    /// Feeds the id and the role into a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(role)
    }
}

/// What a specification requires, as a case or a result cites it.
public struct ConformanceRequirement: Sendable, Hashable, Identifiable, CustomStringConvertible {
    /// The id in the suite's table, such as `RFC6455-5.5.1-02`.
    public let id: String
    /// The specification, such as `RFC 6455`.
    public let source: String
    /// The section, such as `5.5.1`.
    public let section: String
    /// The keyword of RFC 2119 in capitals, such as `MUST NOT`.
    public let level: String
    /// What is required, in one sentence of ours.
    public let sentence: String
    /// What it means for others if it is violated: `security`, `interoperability`, `robustness` or `hygiene`.
    public let impact: String
    /// Why it means that, in one sentence.
    public let impactReason: String

    init?(id: String) {
        guard let reference = Judging.reference(id), let statement = Judging.statement(id) else { return nil }
        self.id = id
        source = reference.source
        section = reference.section
        level = reference.level
        sentence = statement.sentence
        impact = statement.impact.rawValue
        impactReason = statement.impactReason
    }

    /// The citation and the sentence, such as `RFC 6455 §5.5.1 MUST: …`.
    public var description: String { "\(citation): \(sentence)" }

    /// The section and the level, such as `RFC 6455 §5.5.1 MUST`.
    public var citation: String {
        RequirementReference(id: id, source: source, section: section, level: level).citation
    }
}
