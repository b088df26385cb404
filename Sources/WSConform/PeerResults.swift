import WSJudge
import WSReport
import WSRunFolder
import WSRunner
import WSScenario

/// The results of one peer on their way into its report: each is judged, its transcript written, its case kept.
struct PeerResults {
    /// Where transcripts and the report go.
    var folder: RunFolder
    /// The first trouble with a file; a full disk would be told three hundred times.
    private(set) var trouble: FileError?
    /// Those cases as they stand in the report's file that are text already, by id.
    private(set) var texts: [String: [UInt8]] = [:]

    private let role: Report.RoleUnderTest
    private var builder: ReportBuilder

    init(
        testing role: Report.RoleUnderTest,
        folder: RunFolder,
        options: Report.Options,
        leftOut: [Report.LeftOut],
        credentials: Credentials = .none
    ) {
        self.role = role
        self.folder = folder
        builder = ReportBuilder(
            options: options,
            credentials: credentials,
            testsClients: role == .client,
            sentence: Judging.sentence,
            reference: Judging.reference
        )
        builder.leftOut = leftOut
    }

    /// The options that the report names.
    var options: Report.Options { builder.options }

    /// Makes cases of the report.
    var maker: ReportCaseMaker { builder.maker }

    /// Judges results and writes what was recorded, on whatever thread; ``keep(_:text:)`` takes what comes of it.
    var filing: CaseFiling { CaseFiling(folder: folder, maker: builder.maker) }

    /// Keeps a case, in place of an earlier one of its scenario.
    ///
    /// - Parameters:
    ///   - filed: the case, and what went wrong with its files.
    ///   - text: the case as it stands in the report's file; nil where that has not been made.
    /// - Returns: trouble that has not been seen before; nil for none.
    mutating func keep(_ filed: CaseFiling.Filed, text: [UInt8]? = nil) -> FileError? {
        builder.keep(filed.entry)
        texts[filed.entry.id] = text
        guard trouble == nil, let first = filed.trouble else { return nil }
        trouble = first
        return first
    }

    /// The case of a scenario; nil where it has none yet.
    func entry(of id: String) -> Report.Case? { builder.entry(of: id) }

    /// How many scenarios have a case.
    var count: Int { builder.count }

    /// The report of everything that is kept.
    ///
    /// - Parameters:
    ///   - others: cases that go in besides, or in place of those that are kept.
    ///   - leftOut: what was left out besides.
    ///   - peer: who was tested.
    ///   - run: when it was run.
    ///   - outcome: how the run ended.
    /// - Returns: the report, which leaves what is kept as it is.
    func report(
        with others: [Report.Case] = [],
        leftOut: [Report.LeftOut] = [],
        peer: Report.Peer,
        run: Report.Run,
        outcome: RunOutcome
    ) -> Report {
        var builder = self.builder
        for entry in others { builder.keep(entry) }
        builder.leftOut += leftOut
        return builder.report(
            tool: ToolIdentity.inReports,
            roleUnderTest: role,
            peer: peer,
            run: run,
            footer: outcome.footer
        )
    }
}
