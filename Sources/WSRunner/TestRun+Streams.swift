import WSScenario

/// What a run has to know of HTTP/2 before it plays cases about it.
extension TestRun {
    /// Why the server's limit of streams is not exceeded; nil if it can be.
    var reasonAgainstExceeding: String? {
        guard let mostStreams else { return "its SETTINGS name no MAX_CONCURRENT_STREAMS that could be exceeded" }
        guard mostStreams > StreamToSpeak.mostStreams else { return nil }
        return
            "it takes \(mostStreams) streams at a time (MAX_CONCURRENT_STREAMS), and no more than "
            + "\(StreamToSpeak.mostStreams) are opened"
    }
}
