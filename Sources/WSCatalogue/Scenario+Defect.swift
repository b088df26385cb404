import WSProtocol
import WSScenario

extension Scenario {
    /// A known defect in which legal messages did not come back as they were.
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

    /// The scenario as one that is in the catalogue for this reason.
    func with(_ purpose: Purpose) -> Scenario {
        var scenario = self
        scenario.purpose = purpose
        return scenario
    }

    /// A known defect in which a violation did not fail the connection.
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
