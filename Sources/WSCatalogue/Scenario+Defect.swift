import WSProtocol
import WSScenario

extension Scenario {
    /// Creates a scenario for a known defect in which valid messages did not come back unchanged.
    static func echoed(
        _ slug: String,
        _ title: String,
        _ defects: [KnownDefect],
        tags: [Scenario.Tag] = [],
        _ script: [Step],
        _ events: [ExpectedEvent]
    ) -> Scenario {
        let hasPongs = events.contains { if case .pong = $0 { true } else { false } }
        return Scenario(
            id: "defect/\(slug)",
            title: title,
            requirements: ["RFC6455-6.2-01", "RFC6455-5.4-10", "RFC6455-5.2-08", "RFC6455-6.2-04"]
                + (hasPongs ? ["RFC6455-5.5.2-02", "RFC6455-5.4-08"] : []),
            needs: .echo,
            purpose: .regression,
            tags: tags,
            references: defects,
            script: script,
            conclusion: .closeWhenComplete,
            behaviour: hasPongs ? .answersWithPongs(events) : .answers(events),
            closing: .answersNormalClose
        )
    }

    /// The scenario with this purpose.
    func with(_ purpose: Purpose) -> Scenario {
        var scenario = self
        scenario.purpose = purpose
        return scenario
    }

    /// Creates a scenario for a known defect in which the connection was not failed over a violation.
    static func refused(
        _ slug: String,
        _ title: String,
        _ rules: [String],
        _ defects: [KnownDefect],
        _ script: [Step],
        code: UInt16 = 1002,
        lateBarrier: Bool = true
    ) -> Scenario {
        Scenario(
            id: "defect/\(slug)",
            title: title,
            requirements: rules,
            needs: .nothing,
            purpose: .regression,
            references: defects,
            script: script,
            conclusion: .peerFails(lateBarrier: lateBarrier),
            behaviour: .fails,
            closing: .fails(with: code)
        )
    }
}
