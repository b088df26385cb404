/// What a fuzzing run does besides what every run does.
package struct FuzzingPlan: Sendable {
    /// The number of generated conversations; nil for any number.
    package var runs: Int?
    /// The time for generating conversations, in seconds; nil for any time.
    package var seconds: Double?
    /// The folder with conversations from earlier runs, to which new ones are added; nil for none.
    package var corpus: String?

    /// Creates a plan.
    package init(runs: Int? = nil, seconds: Double? = nil, corpus: String? = nil) {
        self.runs = runs
        self.seconds = seconds
        self.corpus = corpus
    }
}
