import WSJudge
import WSRender
import WSReport
import WSRunFolder

/// What came of a case.
public struct ConformanceResult: Sendable, Hashable, Identifiable, CustomStringConvertible {
    /// A judgement, from the best to the worst.
    public enum Verdict: String, Sendable, Hashable, CaseIterable, Comparable {
        /// Everything is as the specification requires.
        case pass
        /// The specification leaves it open.
        case informational
        /// It was not played, because the peer or the options lack what it needs.
        case skipped
        /// The peer did not agree to an optional feature.
        case unimplemented
        /// A recommendation is missed: SHOULD or SHOULD NOT.
        case tolerated
        /// Nothing can be said about the peer.
        case inconclusive
        /// A requirement is broken: MUST or MUST NOT.
        case fail

        /// Whether it says something about the peer's conformance.
        public var isJudged: Bool {
            switch self {
            case .pass, .informational, .tolerated, .fail: true
            case .skipped, .unimplemented, .inconclusive: false
            }
        }

        /// Orders verdicts from the best to the worst.
        public static func < (left: Self, right: Self) -> Bool { left.place < right.place }

        private var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// The verdict of Autobahn|Testsuite on its case that sends the same.
    public struct AutobahnVerdict: Sendable, Hashable {
        /// The number of the case, such as `7.3.2`.
        public let number: String
        /// `OK`, `NON-STRICT`, `INFORMATIONAL`, `UNIMPLEMENTED` or `FAILED`.
        public let behavior: String
        /// `OK`, `INFORMATIONAL`, `UNCLEAN`, `WRONG CODE`, `FAILED BY CLIENT`, `UNIMPLEMENTED` or `FAILED`.
        public let behaviorClose: String
    }

    let entry: Report.Case
    let context: ResultContext

    init(_ entry: Report.Case, in context: ResultContext) {
        self.entry = entry
        self.context = context
    }

    /// The id of the case.
    public var id: String { entry.id }

    /// One line that says what was tried.
    public var title: String { entry.title }

    /// The verdict: the worse of ``behaviour`` and ``closing``.
    public var verdict: Verdict { Verdict(entry.verdict) }

    /// The verdict on what the peer did with what it was sent.
    public var behaviour: Verdict { Verdict(entry.behaviour) }

    /// The verdict on how the connection ended.
    public var closing: Verdict { Verdict(entry.closing) }

    /// One sentence that tells a maintainer what to mend, or why there is no verdict; empty if everything conforms.
    public var reason: String { entry.reason }

    /// What to do about ``reason``, in one line; nil if there is nothing to do, or too much to say.
    public var advice: String? {
        context.report(of: entry).causes.first { $0.part == nil }?.mend
    }

    /// What is behind the findings, the gravest first; also what was found in passing, which decides no verdict.
    public var causes: [ConformanceReport.Cause] {
        context.report(of: entry).causes.map { ConformanceReport.Cause($0) }
    }

    /// The requirements behind the verdict, the decisive one first.
    public var citations: [ConformanceRequirement] {
        let decisive = entry.decisiveRequirement?.id
        let ids = (decisive.map { [$0] } ?? []) + entry.requirements.map(\.id).filter { $0 != decisive }
        return ids.compactMap { ConformanceRequirement(id: $0) }
    }

    /// At most 40 readable lines around what decided: `>` begins what we sent, `<` what we received, `=` other events.
    public var wireLog: [String] { entry.wire.map(\.text) }

    /// The code of the peer's Close frame (RFC 6455, section 7.4); nil if it sent none, or one without a code.
    public var closeCode: UInt16? { entry.closeCode }

    /// The verdict of Autobahn|Testsuite, computed from the same conversation; nil if it has no such case.
    public var autobahn: AutobahnVerdict? {
        guard let number = entry.autobahnNumber, let result = entry.autobahn else { return nil }
        return AutobahnVerdict(number: number, behavior: result.behavior, behaviorClose: result.behaviorClose)
    }

    /// How long the conversation took; nil if there was none.
    public var duration: Duration? { entry.durationMilliseconds.map { .milliseconds($0) } }

    /// Everything that a reader of a test's log needs, in lines as the terminal has them: the reason, the citation with
    /// section and level, why it matters, what to do, and what went over the wire.
    public var explanation: String {
        CaseExplanation(of: context.report(of: entry)).lines.joined(separator: "\n")
    }

    /// The verdict, the id and the reason in one line.
    public var description: String { "\(verdict.rawValue)  \(id)" + (reason.isEmpty ? "" : ": \(reason)") }
}

extension ConformanceResult.Verdict {
    /// Converts the judge's verdict.
    init(_ verdict: WSJudge.Verdict) {
        self =
            switch verdict {
            case .pass: .pass
            case .informational: .informational
            case .skipped: .skipped
            case .unimplemented: .unimplemented
            case .tolerated: .tolerated
            case .inconclusive: .inconclusive
            case .fail: .fail
            }
    }
}

/// What the results of a run share.
struct ResultContext: Sendable, Hashable {
    /// The side that was tested.
    var role: Report.RoleUnderTest
    /// The implementation that was tested.
    var peer: Report.Peer
    /// The options of the run.
    var options: Report.Options

    /// A report of one case.
    func report(of entry: Report.Case) -> Report {
        var builder = ReportBuilder(
            options: options,
            testsClients: role == .client,
            statement: Judging.statement,
            reference: Judging.reference
        )
        builder.keep(entry)
        return builder.report(
            tool: ToolIdentity.inReports,
            roleUnderTest: role,
            peer: peer,
            run: nil,
            footer: Report.Footer(complete: true)
        )
    }
}
