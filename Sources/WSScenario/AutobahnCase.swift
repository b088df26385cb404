/// A case of Autobahn|Testsuite with the facts from which its two verdicts follow.
package struct AutobahnCase: Sendable, Hashable, Codable {
    /// The number, such as `7.3.2`.
    package var number: String
    /// The ordered lists of events that Autobahn compares with, by the outcome they give.
    package var expected: [AutobahnExpectation]
    /// Whether the tester has to be the one that starts the closing handshake.
    package var closedByTester: Bool
    /// Whether the other side starting it makes the behaviour fail, too.
    package var wrongCloserFailsBehaviour: Bool
    /// The close codes that the peer may send.
    package var closeCodes: [UInt16]
    /// Whether Close frames must have gone both ways.
    package var requiresCleanClose: Bool
    /// Whether a wrong close code makes the behaviour fail, too.
    package var wrongCodeFailsBehaviour: Bool
    /// Whether both verdicts are INFORMATIONAL whatever happens.
    package var isInformational: Bool
    /// Whether only type and length of echoes count, compared while they arrive.
    package var comparesWhileReceiving: Bool
    /// When Autobahn gives up, and how.
    package var deadline: AutobahnDeadline
    /// Whether Autobahn closes with 1000 as soon as the list of expected events is complete.
    package var closesWhenComplete: Bool

    /// Creates a case with the values that most have.
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

/// One list of events and the outcome that Autobahn gives for it.
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

/// When Autobahn stops waiting.
package enum AutobahnDeadline: Sendable, Hashable, Codable {
    /// So many milliseconds after the opening, waits included: Close 1001 when open, drop TCP when closing.
    case kill(milliseconds: Int)
    /// So many milliseconds after the opening: a Close with an empty body, unless already closing.
    case close(milliseconds: Int)

    /// The milliseconds.
    package var milliseconds: Int {
        switch self {
        case .kill(let milliseconds), .close(let milliseconds): milliseconds
        }
    }

    /// The body of the Close frame that Autobahn sends then.
    package var closeBody: Payload {
        switch self {
        // The reason that Autobahn gives with 1001.
        case .kill: .octets([0x03, 0xE9] + Array("Going Away".utf8))
        case .close: .empty
        }
    }
}
