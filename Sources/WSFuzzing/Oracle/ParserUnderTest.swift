package import WSProtocol

/// A parser of somebody else's, as the oracle drives it.
package protocol ParserUnderTest {
    /// What the parser stands for: nothing else of it is compared.
    var declaration: ParserDeclaration { get }

    /// Begins a stream that the sender sends; ends the one before it.
    mutating func restart(sender: Role, maximumMessage: UInt64)

    /// Takes the stream's next octets and says what came of them.
    mutating func feed(_ bytes: Span<UInt8>) -> ParserReport
}

/// What a parser stands for.
package struct ParserDeclaration: Sendable, Hashable {
    /// Its name, for people.
    package var name: String
    /// How far it takes a stream.
    package var level: ParserLevel
    /// When it looks at text, that of Close frames included.
    package var textCheck: TextCheck
    /// Whether it names the octet that is wrong.
    package var reportsOffsets: Bool
    /// Whether it refuses a header as soon as it is complete; if not, when the frame is.
    package var refusesHeadersAtOnce: Bool
    /// Whether nothing can be said of it once a Close frame with a reason has come.
    package var isLostOnCloseReasons = false
    /// What it does otherwise on purpose.
    package var differences: [IntendedDifference]

    /// A declaration.
    package init(
        name: String,
        level: ParserLevel,
        textCheck: TextCheck,
        reportsOffsets: Bool = false,
        refusesHeadersAtOnce: Bool = false,
        differences: [IntendedDifference] = []
    ) {
        self.name = name
        self.level = level
        self.textCheck = textCheck
        self.reportsOffsets = reportsOffsets
        self.refusesHeadersAtOnce = refusesHeadersAtOnce
        self.differences = differences
    }
}

/// A rule that a parser sees otherwise on purpose, and why.
package struct IntendedDifference: Sendable, Hashable {
    /// What follows from it.
    package enum Kind: Sendable, Hashable {
        /// What breaks the rule is taken as literally as it can be, and the comparison goes on.
        case taken
        /// The comparison ends where the rule is broken.
        case notJudged
    }

    /// The rule.
    package var rule: ViolationRule
    /// What follows from it.
    package var kind: Kind
    /// One sentence for the reader of a report.
    package var reason: String

    /// A difference.
    package init(_ rule: ViolationRule, _ kind: Kind, reason: String) {
        self.rule = rule
        self.kind = kind
        self.reason = reason
    }
}

/// What a parser said about one feeding.
package struct ParserReport: Sendable, Hashable {
    /// How many octets it took.
    package var consumed: Int
    /// What it handed out.
    package var events: [ParserEvent]
    /// Why it stopped, if it did.
    package var failure: ParserFailure?
    /// What is wrong with the adapter itself, as one line: nothing that is said of the parser.
    package var fault: String?

    /// A report.
    package init(
        consumed: Int,
        events: [ParserEvent] = [],
        failure: ParserFailure? = nil,
        fault: String? = nil
    ) {
        self.consumed = consumed
        self.events = events
        self.failure = failure
        self.fault = fault
    }
}

extension ViolationRule {
    /// The rules that say what may be sent, and nothing of a receiver: RFC 6455, 5.2 of a length, 7.4 of status codes.
    ///
    /// Who refuses what breaks them is as right as who takes it.
    package static let leftToReceivers: Set<ViolationRule> = [
        .nonMinimalLength, .lengthTopBit, .closeCodeUnused, .closeCodeReserved, .closeCodeNoStatus, .closeCodeAbnormal,
        .closeCodeTLSHandshake, .closeCodeForClientsOnly, .closeCodeUndefined, .closeCodeOutOfRange,
    ]
}
