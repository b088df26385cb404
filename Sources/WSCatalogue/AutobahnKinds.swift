import WSScenario

/// The kinds of cases that Autobahn has; their differences are arguments.
extension AutobahnCase {
    /// Autobahn closes with 1000 after these events.
    static func answered(_ number: String, _ events: [ExpectedEvent], _ deadline: AutobahnDeadline) -> Self {
        Self(
            number,
            expected: [AutobahnExpectation("OK", events)],
            closedByTester: true,
            closeCodes: [1000],
            requiresCleanClose: true,
            deadline: deadline,
            closesWhenComplete: true
        )
    }

    /// The peer has to fail the connection with 1002, possibly after these events.
    static func failed(_ number: String, after events: [ExpectedEvent] = []) -> Self {
        Self(
            number,
            expected: [AutobahnExpectation("OK", events)]
                + (events.isEmpty ? [] : [AutobahnExpectation("NON-STRICT", [])]),
            closedByTester: false,
            closeCodes: [1002],
            requiresCleanClose: false,
            deadline: .kill(milliseconds: 1000),
            closesWhenComplete: false
        )
    }

    /// The peer has to fail the connection with 1007; otherwise the behaviour fails, too.
    static func invalidText(_ number: String, _ expected: [AutobahnExpectation], killAfter milliseconds: Int) -> Self {
        Self(
            number,
            expected: expected,
            closedByTester: false,
            wrongCloserFailsBehaviour: true,
            closeCodes: [1007],
            requiresCleanClose: false,
            deadline: .kill(milliseconds: milliseconds),
            closesWhenComplete: false
        )
    }

    /// Autobahn's own Close frame is part of the case, and the peer's code affects both verdicts.
    static func closed(_ number: String, codes: [UInt16], isClean: Bool = true) -> Self {
        Self(
            number,
            expected: [AutobahnExpectation("OK", [])],
            closedByTester: true,
            closeCodes: codes,
            requiresCleanClose: isClean,
            wrongCodeFailsBehaviour: true,
            deadline: .kill(milliseconds: 1000),
            closesWhenComplete: false
        )
    }

    /// Autobahn compares type and length of the echo on arrival, and then closes with 1000.
    static func load(_ number: String, _ event: ExpectedEvent, closeAfter seconds: Int) -> Self {
        Self(
            number,
            expected: [AutobahnExpectation("OK", [event])],
            closedByTester: true,
            closeCodes: [1000],
            requiresCleanClose: true,
            comparesWhileReceiving: true,
            deadline: .close(milliseconds: seconds * 1000),
            closesWhenComplete: false
        )
    }
}

extension AutobahnDeadline {
    /// The deadline of most cases: Close 1001 after a second.
    static let killAfterOneSecond = Self.kill(milliseconds: 1000)
    /// The deadline of most other cases: an empty Close frame after a second.
    static let closeAfterOneSecond = Self.close(milliseconds: 1000)
}
