import WSScenario
import WSTranscript

extension Judge {
    /// A peer sends one Close frame: it answers a received one only if it has sent none before (RFC 6455, 5.5.1).
    ///
    /// No keyword forbids further control frames, so a second Close frame is tolerated.
    static let secondCloseRule = Rule(name: "second-close", requirements: ["RFC6455-5.5.1-07"], part: .closing) {
        subject in
        var closes = subject.timeline.entries.filter { if case .close = $0.kind { true } else { false } }
        guard closes.count > 1 else { return [] }
        // Letters of an HTTP response may look like a Close frame.
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
                evidence: closes.dropFirst().prefix(4).compactMap(\.evidence),
                key: .secondClose
            )
        ]
    }
}
