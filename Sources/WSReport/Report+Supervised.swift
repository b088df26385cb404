extension Report {
    /// What was seen of a target that we had started; volatile, like the run that it is a part of.
    package struct Supervised: Sendable, Hashable, Codable {
        /// The command and its arguments, as they were given.
        package var command: [String]
        /// How often the target was started.
        package var starts: Int
        /// How it ended each time without our doing: `exit status 3`, `signal SIGSEGV`.
        package var endings: [String]
        /// The first line of each report of a sanitizer.
        package var sanitizerReports: [String]
        /// The most resident memory that was seen; nil where it was not sampled.
        package var peakResidentOctets: UInt64?
        /// Processor time of all starts together; nil where it was not sampled.
        package var processorSeconds: Double?

        /// Creates the block; processor time is kept to the millisecond.
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
