import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// A server has to serve other clients while one client is slow.
    ///
    /// The runner makes round trips on another connection meanwhile, in scenarios that ask for it
    /// (``Scenario/watchesOthers``). No text sets a time, so more than a second without an answer is tolerated.
    static let othersServedRule = Rule(
        name: "others-served",
        requirements: ["RFC6455-10.4-01"],
        roles: [.server]
    ) { subject in
        let scenario = subject.scenario
        guard scenario.watchesOthers else { return [] }
        let settled = scenario.script.compactMap { step -> String? in
            if case .quiesce(let tag) = step { tag } else { nil }
        }
        let isBlocked = subject.timeline.entries.contains { entry in
            if case .mark(.waited(let tag, answered: false)) = entry.kind { settled.contains(tag) } else { false }
        }
        guard isBlocked else { return [] }
        return [
            Finding(
                rule: "others-served",
                axis: .behaviour,
                verdict: .tolerated,
                requirement: "RFC6455-10.4-01",
                reason: "did not answer three Pings on another connection within a second while this one was slow",
                evidence: subject.stimulusEvidence,
                key: .othersUnserved
            )
        ]
    }
}
