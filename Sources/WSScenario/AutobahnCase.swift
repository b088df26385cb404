/// A case of Autobahn|Testsuite, with everything that its two verdicts depend on.
package struct AutobahnCase: Sendable, Hashable, Codable {
    /// The number in Autobahn's list, such as `7.3.2`.
    package var number: String
    /// The lists of events that Autobahn compares with, each with the outcome that it gives.
    package var expected: [AutobahnExpectation]
    /// Whether the tester has to start the closing handshake.
    package var closedByTester: Bool
    /// Whether the behaviour fails, too, if the other side starts it.
    package var wrongCloserFailsBehaviour: Bool
    /// The close codes that the peer may send.
    package var closeCodes: [UInt16]
    /// Whether both sides have to send a Close frame.
    package var requiresCleanClose: Bool
    /// Whether the behaviour fails, too, if the close code is wrong.
    package var wrongCodeFailsBehaviour: Bool
    /// Whether both verdicts are always INFORMATIONAL.
    package var isInformational: Bool
    /// Whether echoes are compared by type and length only, while they arrive.
    package var comparesWhileReceiving: Bool
    /// When and how Autobahn gives up.
    package var deadline: AutobahnDeadline
    /// Whether Autobahn closes with 1000 as soon as the list of expected events is complete.
    package var closesWhenComplete: Bool

    /// Creates a case; the defaults are the most frequent values.
    package init(
        _ number: String,
        expected: [AutobahnExpectation],
        closedByTester: Bool,
        wrongCloserFailsBehaviour: Bool = false,
        closeCodes: [UInt16],
        requiresCleanClose: Bool,
        wrongCodeFailsBehaviour: Bool = false,
        isInformational: Bool = false,
        comparesWhileReceiving: Bool = false,
        deadline: AutobahnDeadline,
        closesWhenComplete: Bool
    ) {
        self.number = number
        self.expected = expected
        self.closedByTester = closedByTester
        self.wrongCloserFailsBehaviour = wrongCloserFailsBehaviour
        self.closeCodes = closeCodes
        self.requiresCleanClose = requiresCleanClose
        self.wrongCodeFailsBehaviour = wrongCodeFailsBehaviour
        self.isInformational = isInformational
        self.comparesWhileReceiving = comparesWhileReceiving
        self.deadline = deadline
        self.closesWhenComplete = closesWhenComplete
    }
}

/// A list of events and the outcome that Autobahn gives for it.
package struct AutobahnExpectation: Sendable, Hashable, Codable {
    /// The outcome's name in Autobahn's reports: `OK` or `NON-STRICT`.
    package var outcome: String
    /// The events, in order.
    package var events: [ExpectedEvent]

    /// Creates an expectation.
    package init(_ outcome: String, _ events: [ExpectedEvent]) {
        self.outcome = outcome
        self.events = events
    }
}

/// When and how Autobahn stops waiting.
package enum AutobahnDeadline: Sendable, Hashable, Codable {
    /// It sends Close 1001 if the connection is open, and drops TCP if it is closing; the time counts from the opening.
    case kill(milliseconds: Int)
    /// It sends a Close frame with an empty body, unless it is closing already; the time counts from the opening.
    case close(milliseconds: Int)

    /// The time in milliseconds.
    package var milliseconds: Int {
        switch self {
        case .kill(let milliseconds), .close(let milliseconds): milliseconds
        }
    }

    /// The body of the Close frame that Autobahn sends at that time.
    package var closeBody: Payload {
        switch self {
        // Autobahn sends this reason with 1001.
        case .kill: .octets([0x03, 0xE9] + Array("Going Away".utf8))
        case .close: .empty
        }
    }
}
