package import WSProtocol
package import WSScenario
package import WSTranscript

/// A scenario as a recording says that it was played, once the recording has shown that it is one of that scenario.
package struct PlayedScenario: Sendable {
    /// The scenario to judge by: its outcomes, and the stimulus that was recorded.
    package let scenario: Scenario
    /// Whether it was played at another pace than it would be today.
    package let isOfOtherPace: Bool

    /// Holds a recording to a scenario.
    ///
    /// - Parameters:
    ///   - scenario: the scenario that the recording is filed under.
    ///   - transcript: the recording.
    ///   - role: the side that was under test in the run.
    ///   - isSecond: whether it is filed as the second play, with Autobahn's own waits.
    /// - Throws: ``TranscriptError``, one line that says why the recording shows nothing about the scenario.
    package init(
        _ scenario: Scenario,
        in transcript: Transcript,
        testing role: Role,
        isSecond: Bool = false
    ) throws(TranscriptError) {
        let header = transcript.header
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
        try Self.check(transcript, stimulus, role: role.opposite, effort)
        self.scenario = played
        isOfOtherPace = stimulus.script != own.script || stimulus.opening != own.opening
    }

    private static func error(_ problem: String, line: Int = 0, mend: String = "run it again") -> TranscriptError {
        TranscriptError(line: line, message: "\(problem); \(mend)")
    }

    /// Holds every reference to what it points into.
    private static func check(
        _ transcript: Transcript,
        _ stimulus: Stimulus,
        role: Role,
        _ effort: Effort
    ) throws(TranscriptError) {
        var measure = ScriptMeasure(script: stimulus.script, role: role, effort: effort)
        var inSidecar = 0
        for (index, event) in transcript.events.enumerated() {
            var problem: String?
            switch event.kind {
            case .sent(_, .script(let reference)):
                if !measure.accepts(reference) { problem = "octets of the script that it does not have there" }
            case .received(_, let parts):
                for part in parts where problem == nil {
                    problem = self.problem(of: part, stimulus, transcript.sidecar, &inSidecar)
                }
            case .sent, .connected, .mark, .ended: break
            }
            guard let problem else { continue }
            throw error("its transcript does not fit what was played: event \(index + 1) names \(problem)")
        }
    }

    private static func problem(
        of part: ReceivedPart,
        _ stimulus: Stimulus,
        _ sidecar: (any SidecarStore)?,
        _ position: inout Int
    ) -> String? {
        switch part {
        case .octets: return nil
        case .payload(let index, let start, let length):
            guard stimulus.payloads.indices.contains(index), start <= stimulus.payloads[index].count,
                length <= stimulus.payloads[index].count - start
            else { return "octets of a payload that does not have them" }
        case .sidecar(let start, let length):
            let count = sidecar?.count ?? 0
            // They were appended one after the other; whoever names them twice would have them read without end.
            guard start >= position, start <= count, length <= count - start else {
                return "octets of the file beside it that are not there"
            }
            position = start + length
        }
        return nil
    }
}
