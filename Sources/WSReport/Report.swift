package import WSJudge

/// The result of a run: the value that all output is rendered from, and the file `report.json`.
///
/// It contains everything that a renderer needs, including the sentences of requirements and the octets of wire lines,
/// so that rendering needs neither the catalogue nor a network. Its JSON schema is
/// `Reports/schema/report-2.schema.json`. ``ReportText`` encodes and decodes it.
package struct Report: Sendable, Hashable, Codable {
    /// The schema name and version that this build writes.
    package static let currentSchema = "wsconform-report/2"

    /// The schema name and version of this report.
    package var schema: String
    /// The program that wrote the report.
    package var tool: Tool
    /// The role under test.
    package var roleUnderTest: RoleUnderTest
    /// The implementation under test.
    package var peer: Peer
    /// The options that change results.
    package var options: Options
    /// When the run took place; nil in a report without volatile parts.
    package var run: Run?
    /// The number of cases by verdict.
    package var summary: Summary
    /// The cases, sorted by id.
    package var cases: [Case]
    /// The requirements that the cases cite, by id.
    package var requirements: [String: Requirement]
    /// The findings in passing of all cases.
    package var passive: [Passive]
    /// What is behind the findings, the gravest first: what a maintainer mends.
    package var causes: [Cause]
    /// The cases that were not run, and the options that include them.
    package var leftOut: [LeftOut]
    /// How the run compares with what was expected of it; nil if nothing was.
    package var baseline: BaselineOutcome?
    /// Says whether the run is complete; a file without it was truncated.
    package var footer: Footer

    /// Creates a report: sorts and counts the cases, and collects their findings in passing and causes.
    ///
    /// Skipped cases are added to `leftOut`.
    package init(
        tool: Tool,
        roleUnderTest: RoleUnderTest,
        peer: Peer,
        options: Options,
        run: Run?,
        cases: [Case],
        requirements: [String: Requirement] = [:],
        leftOut: [LeftOut] = [],
        footer: Footer
    ) {
        schema = Self.currentSchema
        self.tool = tool
        self.roleUnderTest = roleUnderTest
        self.peer = peer
        self.options = options
        self.run = run
        self.cases = cases.sorted { $0.id < $1.id }
        self.requirements = requirements
        passive = Passive.gathered(from: self.cases)
        causes = Cause.gathered(from: self.cases, side: roleUnderTest, profile: options.profile) { id in
            requirements[id]?.impact
        }
        self.leftOut = LeftOut.gathered(leftOut, self.cases)
        summary = Summary(of: cases)
        if options.profile == .rfc { summary.passive = PassiveCounts(of: passive) }
        self.footer = footer
    }

    /// Reads a report; in one that was written before there were causes, they are collected from its cases.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        schema = try values.decode(String.self, forKey: .schema)
        tool = try values.decode(Tool.self, forKey: .tool)
        roleUnderTest = try values.decode(RoleUnderTest.self, forKey: .roleUnderTest)
        peer = try values.decode(Peer.self, forKey: .peer)
        options = try values.decode(Options.self, forKey: .options)
        run = try values.decodeIfPresent(Run.self, forKey: .run)
        summary = try values.decode(Summary.self, forKey: .summary)
        cases = try values.decode([Case].self, forKey: .cases)
        requirements = try values.decode([String: Requirement].self, forKey: .requirements)
        passive = try values.decode([Passive].self, forKey: .passive)
        leftOut = try values.decode([LeftOut].self, forKey: .leftOut)
        baseline = try values.decodeIfPresent(BaselineOutcome.self, forKey: .baseline)
        footer = try values.decode(Footer.self, forKey: .footer)
        causes = []
        causes = try values.decodeIfPresent([Cause].self, forKey: .causes) ?? gatheredCauses
    }

    /// The role under test.
    package enum RoleUnderTest: String, Sendable, Hashable, Codable, CaseIterable {
        /// The server is under test; we connected to it.
        case server
        /// The client is under test; we listened.
        case client
    }

    /// The program that wrote a report.
    package struct Tool: Sendable, Hashable, Codable {
        /// The name.
        package var name: String
        /// The version.
        package var version: String
        /// The SHA-256 over all scenarios, stimuli and outcomes; nil if unknown.
        package var catalogue: String?
        /// The commit of the build; nil if unknown.
        package var commit: String?

        /// Creates a description of the program.
        package init(name: String = "wsconform", version: String, catalogue: String? = nil, commit: String? = nil) {
            self.name = name
            self.version = version
            self.catalogue = catalogue
            self.commit = commit
        }
    }

    /// The implementation under test.
    package struct Peer: Sendable, Hashable, Codable {
        /// The name that the user gave, or that the peer sent.
        package var name: String
        /// The address of the server.
        package var url: String
        /// What was agreed on with it in TLS; nil without TLS, or if no handshake was done.
        package var security: Security?
        /// What a handshake without the run's credentials came to, in a sentence; nil if none was tried.
        package var withoutCredentials: String?

        /// Creates a peer.
        package init(name: String, url: String) {
            self.name = name
            self.url = url
        }
    }

    /// The time of a run; volatile.
    package struct Run: Sendable, Hashable, Codable {
        /// When it began, in UTC.
        package var startedAt: String
        /// The duration in seconds.
        package var durationSeconds: Double
        /// What was observed of the target's process; nil if it was not supervised.
        package var supervised: Supervised?
        /// What a fuzzing run has done; nil for any other run.
        package var fuzzing: Fuzzing?

        /// Creates the block and rounds the duration to milliseconds.
        package init(startedAtMilliseconds: Int64, durationSeconds: Double, supervised: Supervised? = nil) {
            startedAt = Timestamp.utc(milliseconds: startedAtMilliseconds)
            self.durationSeconds = (durationSeconds * 1_000).rounded() / 1_000
            self.supervised = supervised
        }
    }

    /// What a fuzzing run has done; volatile.
    package struct Fuzzing: Sendable, Hashable, Codable {
        /// How many generated conversations were played.
        package var conversations: Int
        /// How many conversations were played again, to confirm findings and to make them smaller.
        package var replays: Int
        /// How many different reactions of the peer were seen.
        package var reactions: Int

        /// Creates the counts.
        package init(conversations: Int, replays: Int, reactions: Int) {
            self.conversations = conversations
            self.replays = replays
            self.reactions = reactions
        }
    }

    /// The last part of a report.
    package struct Footer: Sendable, Hashable, Codable {
        /// Whether the run was complete.
        package var complete: Bool
        /// Why it was not, in one line; nil if it was.
        package var reason: String?

        /// Creates a footer.
        package init(complete: Bool, reason: String? = nil) {
            self.complete = complete
            self.reason = reason
        }
    }
}

extension Report {
    /// The number of cases by verdict.
    package struct Summary: Sendable, Hashable, Codable {
        /// Everything is as the RFC requires.
        package var pass = 0
        /// A recommendation is missed.
        package var tolerated = 0
        /// The RFC leaves it open.
        package var informational = 0
        /// A requirement is violated.
        package var fail = 0
        /// The peer did not agree to an optional feature.
        package var unimplemented = 0
        /// It was not run, because the peer or the options lack what it needs.
        package var skipped = 0
        /// Nothing can be said about the peer.
        package var inconclusive = 0
        /// The findings in passing, each counted once; zero with the profile `autobahn`, which has none.
        package var passive = PassiveCounts()

        /// Creates a summary without cases.
        package init() {}

        /// Counts the verdicts of some cases.
        package init(of cases: some Sequence<Case>) {
            for entry in cases { self[entry.verdict] += 1 }
        }

        /// The number of cases with this verdict.
        package subscript(verdict: Verdict) -> Int {
            get { self[keyPath: Self.path(verdict)] }
            set { self[keyPath: Self.path(verdict)] = newValue }
        }

        /// The number of all cases.
        package var total: Int { Verdict.allCases.reduce(0) { $0 + self[$1] } }

        /// The number of cases that say something about the peer's conformance.
        package var judged: Int { Verdict.allCases.reduce(0) { $0 + ($1.isJudged ? self[$1] : 0) } }

        private static func path(_ verdict: Verdict) -> WritableKeyPath<Self, Int> {
            switch verdict {
            case .pass: \.pass
            case .tolerated: \.tolerated
            case .informational: \.informational
            case .fail: \.fail
            case .unimplemented: \.unimplemented
            case .skipped: \.skipped
            case .inconclusive: \.inconclusive
            }
        }
    }
}
