import WSJudge
import WSReport
import WSRunFolder
import WSRunner
import WSScenario
import WSTranscript

/// Collects the results of one peer for its report: judges them, writes transcripts and keeps the cases.
struct PeerResults {
    /// The folder for transcripts and the report.
    var folder: RunFolder
    /// The first error with a file; reporting a full disk three hundred times would be useless.
    private(set) var trouble: FileError?
    /// The cases that are already encoded, by id.
    private(set) var texts: [String: [UInt8]] = [:]

    /// What was agreed on in TLS; nil as long as nothing was.
    private var security: TranscriptSecurity?

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
            statement: Judging.statement,
            reference: Judging.reference
        )
        builder.leftOut = leftOut
    }

    /// The options for the report.
    var options: Report.Options { builder.options }

    /// Creates the cases of the report.
    var maker: ReportCaseMaker { builder.maker }

    /// Judges results and writes records on any thread; ``keep(_:text:)`` stores its results.
    var filing: CaseFiling { CaseFiling(folder: folder, maker: builder.maker) }

    /// Stores a case; it replaces an earlier one of the same scenario.
    ///
    /// - Parameters:
    ///   - filed: The case, and the error about its files.
    ///   - text: The encoded case; nil if it was not encoded.
    /// - Returns: An error that has not occurred before; nil if there is none.
    mutating func keep(_ filed: CaseFiling.Filed, text: [UInt8]? = nil) -> FileError? {
        builder.keep(filed.entry)
        texts[filed.entry.id] = text
        guard trouble == nil, let first = filed.trouble else { return nil }
        trouble = first
        return first
    }

    /// Notes what a conversation that speaks TLS as usual has agreed on; the first one stands for all.
    mutating func noteSecurity(of result: ConversationResult) {
        guard security == nil, result.scenario.security == nil else { return }
        // It stands at the beginning of a record, behind what HTTP/2 has moved before the stream.
        let ofStream = (result.transcript?.events ?? []).lazy.map(\.kind).filter { kind in
            switch kind {
            case .carrierSent, .carrierReceived: false
            default: true
            }
        }
        for case .mark(.secured(let agreed)) in ofStream.prefix(4) { security = agreed }
    }

    /// The case of a scenario; nil if it has none yet.
    func entry(of id: String) -> Report.Case? { builder.entry(of: id) }

    /// The number of scenarios with a case.
    var count: Int { builder.count }

    /// The report of everything stored.
    ///
    /// - Parameters:
    ///   - others: Cases to add, or to use instead of stored ones.
    ///   - leftOut: What else was left out.
    ///   - peer: The implementation under test.
    ///   - run: The time of the run.
    ///   - outcome: How the run ended.
    /// - Returns: The report; the stored results do not change.
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
        var peer = peer
        peer.security = security.map { Report.Security($0, options.tls?.verification ?? .system) }
        return builder.report(
            tool: ToolIdentity.inReports,
            roleUnderTest: role,
            peer: peer,
            run: run,
            footer: outcome.footer
        )
    }
}

extension Report.Security {
    /// Converts what a record says.
    fileprivate init(_ agreed: TranscriptSecurity, _ verification: Report.Certificate.Verification) {
        self.init(
            version: agreed.version,
            cipher: agreed.cipher,
            applicationProtocol: agreed.applicationProtocol,
            certificate: agreed.certificateDigest.map { digest in
                Report.Certificate(
                    names: agreed.certificateNames,
                    notAfterSeconds: agreed.certificateNotAfter,
                    digest: digest,
                    verification: verification
                )
            }
        )
    }
}
