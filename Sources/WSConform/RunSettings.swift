import WSLimits
package import WSReport
package import WSScenario

/// How a run plays its cases and reports the results, for both roles.
package struct RunSettings: Sendable {
    /// The cases to play.
    package var selection = CaseSelection()
    /// The number of parallel conversations.
    package var jobs = 1
    /// After how much silence a conversation is given up.
    package var timeout = SilenceLimit.standard
    /// How much is sent.
    package var effort = Effort.quick
    /// The seed of masking keys, payloads and pieces.
    package var seed: UInt64 = 1
    /// How many octets a compressed message of the peer may have inflated; the rest of it is not read.
    package var maximumMessage = Limits.inflatedMessage.value
    /// The largest message that the peer accepts, in octets; nil to learn it where cases need it.
    package var peerLimit: Int?
    /// Whose verdict becomes the verdict of a case.
    package var profile = Profile.rfc
    /// What makes the exit status 1.
    package var gate = Gate()
    /// The reasons for which no case may be left out, in the words of ``Report/LeftOut``.
    package var require: [String] = []
    /// The peer's name in the report; nil for the name that the peer sends.
    package var agent: String?
    /// The peer's name in the report if it sends none either; nil for the one that fits its role.
    package var unnamed: String?
    /// Whether Autobahn's verdicts are those of a tester that fails connections by dropping TCP.
    package var failByDrop = false
    /// The configuration file that gave some of these; nil if there was none.
    package var configuration: Report.Configuration?
    /// The folder for the report and the records.
    package var out: String

    /// Creates settings with the defaults of the command line.
    ///
    /// - Parameter out: The folder for the report and the records.
    package init(out: String) {
        self.out = out
    }

    /// The settings as options of a report.
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
        options.compression = selection.compression == .off ? selection.compression.rawValue : nil
        options.maximumMessage = maximumMessage == Limits.inflatedMessage.value ? nil : maximumMessage
        options.peerLimit = peerLimit
        options.timeoutSeconds = timeout.seconds
        gate.note(in: &options)
        options.require = require
        options.failByDrop = failByDrop ? true : nil
        options.configuration = configuration
        return options
    }
}
