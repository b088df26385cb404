package import WSJudge

/// What a run came to: the one value that all other outputs are rendered from, and the JSON file `report.json`.
///
/// It holds everything that a renderer needs, the sentences of requirements and the octets of wire lines among it, so
/// that rendering needs neither the catalogue nor a network. Its form is that of `Reports/schema/report-2.schema.json`;
/// ``ReportText`` writes and reads it.
package struct Report: Sendable, Hashable, Codable {
    /// The name and version of the form.
    package static let currentSchema = "wsconform-report/2"

    /// The name and version of the form that this report has.
    package var schema: String
    /// The program that wrote it.
    package var tool: Tool
    /// The side under test.
    package var roleUnderTest: RoleUnderTest
    /// Who was tested.
    package var peer: Peer
    /// The options that decide what was run and how it was judged.
    package var options: Options
    /// When it was run; nil in a report without volatile parts.
    package var run: Run?
    /// How many cases have which verdict.
    package var summary: Summary
    /// The cases, sorted by id.
    package var cases: [Case]
    /// The requirements that cases cite, by id.
    package var requirements: [String: Requirement]
    /// What was found in passing, whatever the cases are about.
    package var passive: [Passive]
    /// What was not tried, and what brings it in.
    package var leftOut: [LeftOut]
    /// Whether the report is whole; a file without it was cut short.
    package var footer: Footer

    /// Creates a report; cases are sorted and counted here, and what they have in common is gathered.
    ///
    /// What was left out is what no pattern had named; skipped cases are added to it.
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
        self.leftOut = LeftOut.gathered(leftOut, self.cases)
        summary = Summary(of: cases)
        if options.profile == .rfc { summary.passive = PassiveCounts(of: passive) }
        self.footer = footer
    }

    /// The side under test.
    package enum RoleUnderTest: String, Sendable, Hashable, Codable, CaseIterable {
        /// We connected.
        case server
        /// We listened.
        case client
    }

    /// The program that wrote a report.
    package struct Tool: Sendable, Hashable, Codable {
        /// Its name.
        package var name: String
        /// Its version.
        package var version: String
        /// The SHA-256 of all its scenarios: what was tried, and what was held to be right.
        package var catalogue: String?
        /// The commit that it was built from; nil where the build was not told.
        package var commit: String?

        /// Names a program.
        package init(name: String = "wsconform", version: String, catalogue: String? = nil, commit: String? = nil) {
            self.name = name
            self.version = version
            self.catalogue = catalogue
            self.commit = commit
        }
    }

    /// Who was tested.
    package struct Peer: Sendable, Hashable, Codable {
        /// The name that the user gave, or the peer itself.
        package var name: String
        /// The address.
        package var url: String

        /// Names a peer.
        package init(name: String, url: String) {
            self.name = name
            self.url = url
        }
    }

    /// When a run was; volatile.
    package struct Run: Sendable, Hashable, Codable {
        /// The moment it began, in UTC.
        package var startedAt: String
        /// How long it took.
        package var durationSeconds: Double
        /// What was seen of the target's process; nil where we did not start it.
        package var supervised: Supervised?

        /// Creates the block; the duration is kept to the millisecond.
        package init(startedAtMilliseconds: Int64, durationSeconds: Double, supervised: Supervised? = nil) {
            startedAt = Timestamp.utc(milliseconds: startedAtMilliseconds)
            self.durationSeconds = (durationSeconds * 1_000).rounded() / 1_000
            self.supervised = supervised
        }
    }

    /// What a report ends with.
    package struct Footer: Sendable, Hashable, Codable {
        /// Whether the run came to its end.
        package var complete: Bool
        /// Why it did not, in one line.
        package var reason: String?

        /// Creates a footer.
        package init(complete: Bool, reason: String? = nil) {
            self.complete = complete
            self.reason = reason
        }
    }
}

extension Report {
    /// How many cases have which verdict.
    package struct Summary: Sendable, Hashable, Codable {
        /// Everything as the RFC asks.
        package var pass = 0
        /// A recommendation missed.
        package var tolerated = 0
        /// Left open by the RFC.
        package var informational = 0
        /// A requirement broken.
        package var fail = 0
        /// An optional feature that the peer did not agree to.
        package var unimplemented = 0
        /// Not run, because the peer or the options lack what it needs.
        package var skipped = 0
        /// Nothing can be said about the peer.
        package var inconclusive = 0
        /// What was found in passing, each thing once; nothing with the profile `autobahn`, which knows none of it.
        package var passive = PassiveCounts()

        /// Creates a summary of no cases.
        package init() {}

        /// Counts the verdicts of some cases.
        package init(of cases: some Sequence<Case>) {
            for entry in cases { self[entry.verdict] += 1 }
        }

        /// The number of cases with one verdict.
        package subscript(verdict: Verdict) -> Int {
            get { self[keyPath: Self.path(verdict)] }
            set { self[keyPath: Self.path(verdict)] = newValue }
        }

        /// The number of all cases.
        package var total: Int { Verdict.allCases.reduce(0) { $0 + self[$1] } }

        /// The number of cases that say something about the peer's conformance.
        package var judged: Int { pass + tolerated + informational + fail }

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
