package import WSReport
package import WSScenario

/// How a run plays its cases, and what becomes of the results: the same for both roles.
package struct RunSettings: Sendable {
    /// Which cases are played.
    package var selection = CaseSelection()
    /// How many conversations are held at a time.
    package var jobs = 1
    /// After how much silence a conversation is given up.
    package var timeout = SilenceLimit.standard
    /// How much is sent.
    package var effort = Effort.quick
    /// The seed of masking keys, payloads and pieces.
    package var seed: UInt64 = 1
    /// Whose judgement becomes the verdict.
    package var profile = Profile.rfc
    /// Whether missed recommendations count as findings.
    package var isStrict = false
    /// What has to be tried, in the words of ``Report/LeftOut``.
    package var require: [String] = []
    /// The peer's name in the report; nil for what it calls itself.
    package var agent: String?
    /// The folder for the report and what is recorded.
    package var out: String

    /// Settings with the defaults of the command line.
    ///
    /// - Parameter out: the folder for the report and what is recorded.
    package init(out: String) {
        self.out = out
    }

    /// The settings as a report names them.
    var inReports: Report.Options {
        var options = Report.Options(
            seed: seed,
            profile: profile,
            effort: effort,
            jobs: jobs,
            cases: selection.cases.isEmpty ? ["*"] : selection.cases,
            exclude: selection.exclude
        )
        options.onlyAutobahn = selection.onlyAutobahn
        options.timeoutSeconds = timeout.seconds
        options.strict = isStrict
        options.require = require
        return options
    }
}
