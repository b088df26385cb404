import WSScenario

extension ClosingPattern {
    /// Whether everything that fits the other pattern fits this one.
    func covers(_ other: ClosingPattern) -> Bool {
        switch (self, other) {
        case (.anything, _): true
        case (.peerCloses(let mine), .peerCloses(let theirs)), (.peerReplies(let mine), .peerReplies(let theirs)):
            mine.map { all in theirs.map { Set($0).isSubset(of: all) } ?? false } ?? true
        default: self == other
        }
    }
}

extension Scenario {
    /// The outcome that counts when the connection ended like this; codes of a pattern are one.
    func outcome(_ ending: ClosingPattern) -> Outcome<ClosingPattern>? {
        closing.first { $0.pattern.covers(ending) }
    }
}
