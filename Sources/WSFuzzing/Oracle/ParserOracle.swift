import WSProtocol

/// The result of one input for a parser under test.
package enum OracleVerdict: Sendable, Hashable {
    /// The parser agrees with the RFC.
    case agrees
    /// The parser differs from the RFC.
    case differs(Finding)
    /// The adapter violates its contract, so nothing can be said about the parser.
    case adapterFault(String)
}

/// Feeds a parser and compares its reports with the RFC.
package enum ParserOracle {
    /// Tests one input of the shape ``InputShape/frames``: cut as it says, and whole.
    package static func judge(_ parser: inout some ParserUnderTest, _ octets: Span<UInt8>) -> OracleVerdict {
        let input = FuzzInput(reading: octets)
        var settings = ReferenceModel.Settings(sender: input.options.sender)
        let declaration = parser.declaration
        settings.level = declaration.level
        settings.textCheck = declaration.textCheck
        settings.maximumMessage = input.options.maximumMessage
        settings.overlooked = Set(declaration.differences.filter { $0.kind == .taken }.map(\.rule))
        settings.compression = declaration.inflates ? input.options.compression : nil
        settings.refusesCloseReasons = declaration.isLostOnCloseReasons
        settings.open = ViolationRule.leftToReceivers.subtracting(declaration.differences.map(\.rule))
        if declaration.textCheck == .never {
            settings.overlooked.formUnion([.invalidUTF8, .truncatedUTF8, .closeReasonNotUTF8])
        }
        let expected = ReferenceModel.outcome(of: input.stream, settings)
        let pieces = input.options.drips ? input.stream.indices.map { input.stream[$0...$0] } : input.pieces
        for feeding in [pieces, [input.stream[...]]] {
            let verdict = run(&parser, feeding, of: input, expected, declaration, settings)
            guard verdict == .agrees else { return verdict }
        }
        return .agrees
    }

    private static func run(
        _ parser: inout some ParserUnderTest,
        _ pieces: [ArraySlice<UInt8>],
        of input: FuzzInput,
        _ expected: ReferenceModel.Outcome,
        _ declaration: ParserDeclaration,
        _ settings: ReferenceModel.Settings
    ) -> OracleVerdict {
        var expected = expected
        parser.restart(
            sender: input.options.sender,
            maximumMessage: input.options.maximumMessage,
            compression: settings.compression
        )
        var found = ParserOutcome()
        var fed = 0
        for slice in pieces {
            let piece = Array(slice)
            let report = parser.feed(piece.span)
            fed += piece.count
            if let fault = report.fault ?? fault(of: report, fed: piece.count) { return .adapterFault(fault) }
            found.events += report.events
            found.failure = report.failure
            // After a failure or a Close frame, a parser may read the rest or ignore it.
            if found.failure != nil { break }
            let isClosed = found.events.contains { if case .close = $0 { true } else { false } }
            if isClosed { break }
            guard report.consumed == piece.count else {
                return .adapterFault(
                    "feed took \(report.consumed) of \(piece.count) octets without an error or a Close; take them all"
                )
            }
        }
        if found.failure != nil, expected.failure == nil, expected.closedAt == nil {
            expected = early(input.stream, expected, settings)
        }
        let judgement = Comparison(declaration: declaration, found: found, fed: fed, expected: expected)
        guard let property = judgement.difference else { return .agrees }
        return .differs(
            Finding(
                property,
                """
                input, \(input.options.sender == .client ? "sent by a client" : "sent by a server"), \
                largest message \(input.options.maximumMessage)\(terms(settings.compression)), pieces of \(pieces.map(\.count)):
                  \(input.stream.map(hex).joined(separator: " "))
                \(declaration.name):
                \(OutcomeText.lines(found))RFC 6455:
                \(OutcomeText.lines(expected))
                """
            )
        )
    }

    private static func terms(_ compression: SenderCompression?) -> String {
        guard let compression else { return "" }
        let context = compression.keepsContext ? "with" : "without"
        return ", permessage-deflate with a window of \(compression.windowBits) bits \(context) context"
    }

    /// The model's result for a stream that may end inside a wrong header or Close frame.
    private static func early(
        _ stream: [UInt8],
        _ expected: ReferenceModel.Outcome,
        _ settings: ReferenceModel.Settings
    ) -> ReferenceModel.Outcome {
        let (longestHeader, longestBody) = (14, 125)
        let rest = Array(repeating: UInt8(0), count: longestHeader + longestBody)
        let outcome = ReferenceModel.outcome(of: stream + rest, settings)
        if let failure = outcome.failure, failure.offset < stream.count, !failure.isCompressed { return outcome }
        var expected = expected
        expected.refusals += outcome.refusals.filter { $0.failure.offset < stream.count && !$0.failure.isCompressed }
        return expected
    }

    private static func hex(_ octet: UInt8) -> String {
        (octet < 16 ? "0" : "") + String(octet, radix: 16)
    }

    /// What is wrong with a report itself; nil if it is valid.
    private static func fault(of report: ParserReport, fed: Int) -> String? {
        guard report.consumed >= 0, report.consumed <= fed else {
            return "feed says that it took \(report.consumed) octets of \(fed)"
        }
        return nil
    }
}

/// A parser's reports and what they should be.
private struct Comparison {
    let declaration: ParserDeclaration
    let found: ParserOutcome
    let fed: Int
    let expected: ReferenceModel.Outcome

    /// The violated property; nil if there is none.
    var difference: String? {
        if let failure = found.failure {
            // Optional failures are the parser's choice, also for the next violation of the kind.
            let isLeftToIt = expected.refusals.contains {
                difference(failure, wanted: $0.failure, after: Array(events.prefix($0.eventCount))) == nil
            }
            if isLeftToIt { return nil }
        }
        if expected.leftOpenAt != nil {
            // What a parser makes of such a message decides about all that follows.
            let isGoingOn = found.events.starts(with: events)
            return isGoingOn ? nil : "the same is handed out"
        }
        guard let wanted = expected.failure else {
            if found.failure != nil { return "what is right is taken" }
            return found.events == events ? nil : "the same is handed out"
        }
        let isJudged = wanted.rules.isDisjoint(with: declaration.differences.map(\.rule))
        let before = Array(found.events.prefix(events.count))
        guard isJudged else {
            // The events before the failure have to be right nevertheless.
            return before == events ? nil : "the same is handed out"
        }
        guard let failure = found.failure else {
            if fed >= deadline(of: wanted) { return "what is wrong is refused" }
            return found.events == events ? nil : "the same is handed out"
        }
        return difference(failure, wanted: wanted, after: events)
    }

    /// The model's events in the form that parsers can report; for many, code 0 means that there is none.
    private var events: [ParserEvent] {
        expected.events.map { event in
            if case .close(0?, let reason) = event { .close(code: nil, reason: reason) } else { event }
        }
    }

    /// How the parser's failure differs from a suitable one.
    private func difference(
        _ failure: ParserFailure,
        wanted: ReferenceModel.Failure,
        after events: [ParserEvent]
    ) -> String? {
        guard fed > wanted.offset else { return "what is right is taken" }
        guard found.events == events else { return "the same is handed out before the failure" }
        if let code = failure.code, !wanted.codes.contains(code) { return "the status code fits" }
        if declaration.reportsOffsets, !wanted.isCompressed, let offset = failure.offset,
            offset != UInt64(wanted.offset)
        {
            return "the octet that is wrong is the same"
        }
        return nil
    }

    /// After how many octets a parser of this level has to have failed.
    private func deadline(of failure: ReferenceModel.Failure) -> Int {
        if failure.isCompressed { return failure.knownAfter }
        // A length that is never reached cannot be waited for, but the first octet of the payload can.
        let isEndless = failure.rules.contains(.lengthTopBit) || failure.rules.isEmpty
        if declaration.refusesHeadersAtOnce { return failure.knownAfter }
        return isEndless ? failure.knownAfter + 1 : max(failure.knownAfter, failure.frameEnd)
    }
}
