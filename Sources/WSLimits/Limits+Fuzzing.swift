/// Limits on fuzzing a live peer, and on scenario files.
extension Limits {
    /// A scenario file.
    package static let scenarioFile = Limit(
        "scenario-file",
        .memory,
        2 * mebi,
        of: "a scenario file that is read",
        then: "it is refused, and one of a corpus is left out"
    )
    /// Scenario files of a run.
    package static let scenarioFiles = Limit(
        "scenario-files",
        .count,
        1_000,
        of: "scenario files that are named for a run",
        then: "the run does not begin"
    )
    /// Outcomes of a scenario file.
    package static let scenarioOutcomes = Limit(
        "scenario-outcomes",
        .count,
        64,
        of: "outcomes that a scenario file lists for behaviour or closing, and events of one of them, each",
        then: "it is refused"
    )
    /// Files of a corpus.
    package static let corpusFiles = Limit(
        "corpus-files",
        .count,
        4_096,
        of: "files of a corpus that are read and written",
        then: "further ones are left where they are, and none is added"
    )
    /// Conversations that a fuzzing run makes others from.
    package static let fuzzKept = Limit(
        "fuzz-kept",
        .count,
        2_048,
        of: "conversations that fuzzing makes others from",
        then: "new ones take the place of earlier ones"
    )
    /// Reactions of a peer that a fuzzing run tells apart.
    package static let fuzzSignatures = Limit(
        "fuzz-reactions",
        .count,
        100_000,
        of: "reactions of a peer that fuzzing tells apart",
        then: "further ones count as known"
    )
    /// Conversations without a finding that the report of a fuzzing run shows.
    package static let fuzzSamples = Limit(
        "fuzz-samples",
        .count,
        64,
        of: "conversations without a finding that the report of a fuzzing run has",
        then: "further ones are counted"
    )

    static let ofFuzzing: [Limit] = [
        scenarioFile, scenarioFiles, scenarioOutcomes, corpusFiles, fuzzKept, fuzzSignatures, fuzzSamples,
    ]
}
