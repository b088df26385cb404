import WSCatalogue
import WSScenario
import WSTranscript

extension Scenario {
    /// The scenario as it was made for the limit that a recording names; itself if it names none that there can be.
    func made(for transcript: Transcript) -> Scenario {
        guard let sweep = limitSweep, let limit = transcript.header.peerLimit, let trial = transcript.header.limitTrial,
            (1...Self.largestLimit).contains(limit), (0..<sweep.fullTrials).contains(trial)
        else { return self }
        return Catalogue.PeerLimits.make(self, limit: limit, trial: trial)
    }

    /// The largest limit that can be given, in octets.
    private static let largestLimit = 1 << 30
}
