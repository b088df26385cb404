import WSJudge
import WSRender
import WSReport

/// The results of a whole run: what a maintainer mends, and what shows it.
public struct ConformanceReport: Sendable, Hashable, CustomStringConvertible {
    /// The number of cases by verdict.
    public struct Summary: Sendable, Hashable, CustomStringConvertible {
        private let counts: [ConformanceResult.Verdict: Int]

        init(_ summary: Report.Summary) {
            let all = WSJudge.Verdict.allCases.map { (ConformanceResult.Verdict($0), summary[$0]) }
            counts = Dictionary(uniqueKeysWithValues: all)
        }

        /// The number of cases with a verdict.
        public subscript(verdict: ConformanceResult.Verdict) -> Int { counts[verdict] ?? 0 }

        /// The number of all cases.
        public var total: Int { counts.values.reduce(0, +) }

        /// The counts that are not zero, such as `241 pass, 3 tolerated, 2 fail`.
        public var description: String {
            ConformanceResult.Verdict.allCases.filter { self[$0] > 0 }.map { "\(self[$0]) \($0.rawValue)" }
                .joined(separator: ", ")
        }
    }

    /// What is behind the findings of one or many cases: one requirement, missed in one way.
    public struct Cause: Sendable, Hashable, Identifiable {
        /// The stable name, such as `RFC6455-5.1-03/went-on-after-violation`.
        public let id: String
        /// The gravest verdict of its findings.
        public let verdict: ConformanceResult.Verdict
        /// The requirement.
        public let requirement: ConformanceRequirement?
        /// What the peer did, in one sentence.
        public let reason: String
        /// What to do about it, in one line; nil if there is nothing to say.
        public let advice: String?
        /// The ids of the cases that show it, sorted; at most as many as a report names.
        public let cases: [String]
        /// The number of cases that show it.
        public let count: Int
        /// The case that shows it with the fewest octets.
        public let example: String
        /// Whether no case is about it: it was found in passing, and decides the verdict of no case.
        public let isPassing: Bool

        init(_ cause: Report.Cause) {
            id = cause.id
            verdict = ConformanceResult.Verdict(cause.verdict)
            requirement = ConformanceRequirement(id: cause.requirement)
            reason = cause.reason
            advice = cause.mend
            cases = cause.cases
            count = cause.count
            example = cause.example
            isPassing = cause.part != nil
        }
    }

    /// A case that was not played for a reason that many share, and the option of the command that brings it in.
    public struct Omission: Sendable, Hashable {
        /// The word for the reason, such as `slow`.
        public let reason: String
        /// The number of cases.
        public let count: Int
        /// The option of the command `wsconform` that brings them in, such as `--cases tag:slow`.
        public let option: String
    }

    /// A form that a report is written in.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// All of it, by the schema `wsconform-report/2`.
        case json
        /// One page that needs no other file.
        case html
        /// The results as systems for continuous integration read them.
        case junit
        /// A summary for a comment.
        case markdown
    }

    let report: Report

    /// What a user of the command would read while the run goes on, a line each.
    public let notes: [String]

    init(_ report: Report, notes: [String]) {
        self.report = report
        self.notes = notes
    }

    /// The side that was tested.
    public var role: Suite.Role { report.roleUnderTest == .server ? .server : .client }

    /// The name that the peer gave itself, or its address.
    public var peer: String { report.peer.name }

    /// The results, sorted by id.
    public var results: [ConformanceResult] {
        let context = ResultContext(role: report.roleUnderTest, peer: report.peer, options: report.options)
        return report.cases.map { ConformanceResult($0, in: context) }
    }

    /// What is behind the findings, the gravest first.
    public var causes: [Cause] { report.causes.map { Cause($0) } }

    /// The number of cases by verdict.
    public var summary: Summary { Summary(report.summary) }

    /// What was left out.
    public var omissions: [Omission] {
        report.leftOut.map { Omission(reason: $0.why, count: $0.cases, option: $0.option) }
    }

    /// Whether every case has been played that was to be; ``incompleteReason`` says why not.
    public var isComplete: Bool { report.footer.complete }

    /// Why not everything was played, in one line; nil if it was.
    public var incompleteReason: String? { report.footer.reason }

    /// Whether no requirement is broken, and everything was played.
    public var conforms: Bool { isComplete && summary[.fail] == 0 && report.summary.passive.fail == 0 }

    /// Writes the report in a form.
    ///
    /// - Parameter format: The form.
    /// - Returns: The text of the file, in UTF-8; the same report has the same text.
    public func formatted(as format: Format) -> String {
        switch format {
        case .json: String(decoding: ReportText.encode(report), as: UTF8.self)
        case .html: Self.text(of: PageRenderer.self, report)
        case .junit: Self.text(of: JUnitRenderer.self, report)
        case .markdown: Self.text(of: MarkdownRenderer.self, report)
        }
    }

    private static func text(of renderer: any Renderer.Type, _ report: Report) -> String {
        do throws(RenderError) {
            return try renderer.render([report]).map(\.text).joined()
        } catch {
            // Only two reports can have names that clash.
            preconditionFailure("one report cannot be rendered: \(error)")
        }
    }

    /// What the terminal says at the end of a run: a table, each cause in full, and the counts.
    public var description: String {
        SummaryText(report, style: TextStyle(), reportPath: nil, out: "./wsconform-report").everything
    }
}
