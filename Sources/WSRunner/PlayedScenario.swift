package import WSProtocol
package import WSScenario
package import WSTranscript

/// A scenario with the stimulus of a recording, checked against that recording.
package struct PlayedScenario: Sendable {
    /// The scenario to judge by: the outcomes of today, and the recorded stimulus.
    package let scenario: Scenario
    /// Whether it was played at another pace than it would be now.
    package let isOfOtherPace: Bool

    /// Checks that a recording belongs to a scenario.
    ///
    /// - Parameters:
    ///   - scenario: The scenario under whose id the recording is filed.
    ///   - transcript: The recording.
    ///   - role: The role under test in the run.
    ///   - isSecond: Whether it is filed as the second play, with Autobahn's own waits.
    /// - Throws: ``TranscriptError`` with one line that says why the recording does not fit the scenario.
    package init(
        _ scenario: Scenario,
        in transcript: Transcript,
        testing role: Role,
        isSecond: Bool = false
    ) throws(TranscriptError) {
        let header = transcript.header
        let scenario = scenario.seeded(header.seed)
        guard header.scenario == scenario.id else {
            throw Self.error("its transcript is of another case, \(TranscriptText.shown(header.scenario))")
        }
        guard Role(rawValue: header.roleUnderTest) == role else {
            throw Self.error("its transcript is not of a run with a \(role.rawValue) under test")
        }
        guard let effort = Effort(rawValue: header.effort) else {
            throw Self.error("its transcript names an effort that this version does not know")
        }
        guard header.waitsAsAutobahn ?? false == isSecond else {
            throw Self.error("its transcript and that of its second play are in each other's place")
        }
        let own = scenario.testing(role).stimulus
        var stimulus = own
        if StimulusText.encode(own) != header.stimulus.text {
            guard let recorded = StimulusText.decode(header.stimulus.text) else {
                let mend = "judge it with the version that recorded it"
                throw Self.error("its transcript says in words of another version what was played", mend: mend)
            }
            stimulus = recorded
        }
        guard let played = stimulus == own ? scenario : scenario.testing(role).played(as: stimulus) else {
            throw Self.error("recorded for another stimulus")
        }
        try Self.checkOpening(transcript, stimulus.opening, role: role.opposite)
        try Self.check(transcript, stimulus, role: role.opposite, effort)
        self.scenario = played
        isOfOtherPace = stimulus.script != own.script || stimulus.opening != own.opening
    }

    private static func error(_ problem: String, line: Int = 0, mend: String = "run it again") -> TranscriptError {
        TranscriptError(line: line, message: "\(problem); \(mend)")
    }

    /// Checks that every reference points into the stimulus and the sidecar.
    private static func check(
        _ transcript: Transcript,
        _ stimulus: Stimulus,
        role: Role,
        _ effort: Effort
    ) throws(TranscriptError) {
        let keys = MaskingKeySequence(run: transcript.header.seed, scenario: transcript.header.scenario)
        var measure = ScriptMeasure(script: stimulus.script, role: role, effort: effort, keys: keys)
        var inSidecar = 0
        var isOpen = stimulus.opening == .framesWithHandshake
        var hasPlayed = false
        for (index, event) in transcript.events.enumerated() {
            var problem: String?
            switch event.kind {
            case .sent(_, .script(let reference)):
                hasPlayed = true
                if !isOpen {
                    problem = "octets of the script before the connection was opened"
                } else if !measure.accepts(reference) {
                    problem = "octets of the script that it does not have there"
                } else if !measure.hasKey(of: reference) {
                    problem = "a masking key that this case does not have in this run"
                }
            case .mark(.opened), .mark(.answered): isOpen = true
            case .mark(.scriptDone):
                if !hasPlayed, stimulus.script.contains(where: { $0.frameCount(at: effort) > 0 }) {
                    problem = "the end of a script of which nothing was sent"
                }
            case .received(_, let parts):
                for part in parts where problem == nil {
                    problem = self.problem(of: part, stimulus, transcript.sidecar, &inSidecar)
                }
            case .sent, .connected, .mark, .carrierSent, .carrierReceived, .carrierEnded, .ended: break
            }
            guard let problem else { continue }
            throw error("its transcript does not fit what was played: event \(index + 1) names \(problem)")
        }
    }

    /// Checks that the opening handshake was sent, without which the silence of a server says nothing.
    private static func checkOpening(
        _ transcript: Transcript,
        _ opening: Opening,
        role: Role
    ) throws(TranscriptError) {
        // A scenario may hold back all of it, to see what a server makes of silence.
        if case .request(let request) = opening, case .holdingBack = request.pacing { return }
        guard role == .client else { return }
        for event in transcript.events {
            switch event.kind {
            case .sent, .mark(.fieldsSent), .ended(.notConnected), .ended(.notSecured): return
            case .received, .connected, .mark, .carrierSent, .carrierReceived, .carrierEnded, .ended: break
            }
        }
        throw error("its transcript has no opening handshake of ours")
    }

    private static func problem(
        of part: ReceivedPart,
        _ stimulus: Stimulus,
        _ sidecar: (any SidecarStore)?,
        _ position: inout Int
    ) -> String? {
        switch part {
        case .octets: return nil
        case .message(let summary):
            guard stimulus.payloads.indices.contains(summary.payload) else {
                return "a message that equals a payload that there is not"
            }
        case .payload(let index, let start, let length):
            guard stimulus.payloads.indices.contains(index), start <= stimulus.payloads[index].count,
                length <= stimulus.payloads[index].count - start
            else { return "octets of a payload that does not have them" }
        case .sidecar(let start, let length):
            let count = sidecar?.count ?? 0
            // The runner appends to the sidecar; references to the same octets twice could make reading endless.
            guard start >= position, start <= count, length <= count - start else {
                return "octets of the file beside it that are not there"
            }
            position = start + length
        }
        return nil
    }
}
