extension Report {
    /// What was observed of a supervised target; volatile, like the run block that contains it.
    package struct Supervised: Sendable, Hashable, Codable {
        /// The command and its arguments.
        package var command: [String]
        /// How often the target was started.
        package var starts: Int
        /// Its unexpected endings, such as `exit status 3` or `signal SIGSEGV`.
        package var endings: [String]
        /// The first line of each report of a sanitizer.
        package var sanitizerReports: [String]
        /// The highest resident memory in octets; nil if it was not measured.
        package var peakResidentOctets: UInt64?
        /// The processor time of all starts in seconds; nil if it was not measured.
        package var processorSeconds: Double?

        /// Creates the block and rounds processor time to milliseconds.
        package init(
            command: [String],
            starts: Int,
            endings: [String] = [],
            sanitizerReports: [String] = [],
            peakResidentOctets: UInt64? = nil,
            processorSeconds: Double? = nil
        ) {
            self.command = command
            self.starts = starts
            self.endings = endings
            self.sanitizerReports = sanitizerReports
            self.peakResidentOctets = peakResidentOctets
            self.processorSeconds = processorSeconds.map { ($0 * 1_000).rounded() / 1_000 }
        }
    }
}
