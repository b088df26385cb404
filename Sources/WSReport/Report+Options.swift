package import WSScenario

extension Report {
    /// The options that decide what was run and how it was judged: everything that changes a result.
    package struct Options: Sendable, Hashable, Codable {
        /// The seed of all randomness.
        package var seed: UInt64
        /// Which result became the verdict.
        package var profile: Profile
        /// How much was sent.
        package var effort: Effort
        /// How many conversations were in flight at most.
        package var jobs: Int
        /// The patterns that selected cases.
        package var cases: [String]
        /// The patterns that took cases out again.
        package var exclude: [String]
        /// Whether only those were run that Autobahn has, too.
        package var onlyAutobahn: Bool?
        /// After how many seconds of silence a conversation was given up; nil where nobody said.
        package var timeoutSeconds: Double?
        /// Whether missed recommendations counted as findings.
        package var strict: Bool?
        /// What had to be tried, or else the run counted as undecided.
        package var require: [String]?
        /// What the user said that the application does with messages.
        package var application: String?
        /// The subprotocols that were offered, or spoken.
        package var subprotocols: [String]?
        /// The header fields that were sent besides, their values masked.
        package var headerFields: [String]?
        /// The cookies that were sent, their values masked.
        package var cookies: [String]?
        /// The Origin that was sent.
        package var origin: String?
        /// Whether we had started the target ourselves.
        package var supervise: Bool?
        /// Where clients were waited for, as the user gave it.
        package var listen: String?
        /// The origins whose pages may drive the run.
        package var allowedOrigins: [String]?
        /// Whether the command was one driver for all cases.
        package var driver: Bool?
        /// The command that was started to play the client under test.
        package var command: [String]?

        /// Creates options; what else changes a result is set afterwards.
        package init(
            seed: UInt64,
            profile: Profile,
            effort: Effort,
            jobs: Int,
            cases: [String] = ["*"],
            exclude: [String] = []
        ) {
            self.seed = seed
            self.profile = profile
            self.effort = effort
            self.jobs = jobs
            self.cases = cases
            self.exclude = exclude
        }
    }
}
