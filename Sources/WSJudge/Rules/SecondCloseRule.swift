import WSTranscript

extension Judge {
    /// A peer sends one Close frame: a received one is answered only if none was sent before (RFC 6455, 5.5.1).
    ///
    /// No keyword forbids another control frame behind it, so that a second one is tolerated.
    static let secondCloseRule = Rule(name: "second-close", requirements: ["RFC6455-5.5.1-07"], part: .closing) {
        subject in
        var closes = subject.timeline.entries.filter { if case .close = $0.kind { true } else { false } }
        guard closes.count > 1 else { return [] }
        // What only looks like a Close frame is none.
        if let response = subject.timeline.responseAmongFrames {
            closes.removeAll { $0.evidence.map { $0.offset >= response } ?? false }
            guard closes.count > 1 else { return [] }
        }
        return [
            Finding(
                rule: "second-close",
                axis: .closing,
                verdict: .tolerated,
                requirement: "RFC6455-5.5.1-07",
                reason: "sent \(closes.count) Close frames; behind the first one only the end of TCP is due",
                evidence: closes.dropFirst().prefix(4).compactMap(\.evidence)
            )
        ]
    }
}
