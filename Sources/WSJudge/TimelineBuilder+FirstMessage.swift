import WSTranscript

extension TimelineBuilder {
    /// Leaves out the messages that answered the user's first message, and opens the connection behind them.
    ///
    /// What else the peer sent meanwhile, and the rules that it broke, stays in the timeline.
    mutating func beginBehindFirstMessage(at time: Int64) {
        timeline.entries.removeAll { entry in
            switch entry.kind {
            case .message, .mark(.opened): true
            default: false
            }
        }
        append(.mark(.opened), at: time)
    }
}
