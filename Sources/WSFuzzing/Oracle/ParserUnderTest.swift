package import WSProtocol

/// A parser of another project, driven by the oracle.
package protocol ParserUnderTest {
    /// What the parser claims to do; nothing else is compared.
    var declaration: ParserDeclaration { get }

    /// Ends the current stream and begins another one from this sender.
    ///
    /// - Parameters:
    ///   - sender: who sends the stream.
    ///   - maximumMessage: the largest message that is accepted.
    ///   - compression: what the sender agreed to; nil if nothing, and always if the parser does not inflate.
    mutating func restart(sender: Role, maximumMessage: UInt64, compression: SenderCompression?)

    /// Reads the next octets of the stream and returns a report about them.
    mutating func feed(_ bytes: Span<UInt8>) -> ParserReport
}

/// What a parser claims to do.
package struct ParserDeclaration: Sendable, Hashable {
    /// The name of the parser.
    package var name: String
    /// The level at which it works.
    package var level: ParserLevel
    /// When it checks text, including the reason of Close frames.
    package var textCheck: TextCheck
    /// Whether it reports the offset of a violation.
    package var reportsOffsets: Bool
    /// Whether it refuses a header when that is complete; otherwise when the frame is.
    package var refusesHeadersAtOnce: Bool
    /// Whether it knows permessage-deflate.
    package var inflates = false
    /// Whether its reports mean nothing after a Close frame with a reason.
    package var isLostOnCloseReasons = false
    /// Its deliberate differences from the RFC.
    package var differences: [IntendedDifference]

    /// Creates a declaration.
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

/// A rule that a parser deliberately treats differently, and the reason.
package struct IntendedDifference: Sendable, Hashable {
    /// How the comparison treats the difference.
    package enum Kind: Sendable, Hashable {
        /// Octets that violate the rule are read as literally as possible, and the comparison goes on.
        case taken
        /// The comparison ends where the rule is violated.
        case notJudged
    }

    /// The rule.
    package var rule: ViolationRule
    /// How the comparison treats it.
    package var kind: Kind
    /// One sentence for the reader of a report.
    package var reason: String

    /// Creates a difference.
    package init(_ rule: ViolationRule, _ kind: Kind, reason: String) {
        self.rule = rule
        self.kind = kind
        self.reason = reason
    }
}

/// A parser's report about the octets fed last.
package struct ParserReport: Sendable, Hashable {
    /// How many octets it read.
    package var consumed: Int
    /// The events.
    package var events: [ParserEvent]
    /// Why it stopped; nil if it did not.
    package var failure: ParserFailure?
    /// What is wrong with the adapter itself, in one line; nil if nothing is.
    package var fault: String?

    /// Creates a report.
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
    /// The rules that bind only senders: RFC 6455, 5.2 on lengths and 7.4 on status codes.
    ///
    /// A receiver may refuse or accept octets that violate them.
    package static let leftToReceivers: Set<ViolationRule> = [
        .nonMinimalLength, .lengthTopBit, .closeCodeUnused, .closeCodeReserved, .closeCodeNoStatus, .closeCodeAbnormal,
        .closeCodeTLSHandshake, .closeCodeForClientsOnly, .closeCodeUndefined, .closeCodeOutOfRange,
    ]
}
