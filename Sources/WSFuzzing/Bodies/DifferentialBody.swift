import WSKernels
import WSProtocol

/// Compares the decoder with two plain implementations of the RFC, for arbitrary octets.
///
/// ``ReferenceDecoder`` reports everything and goes on, as ``StreamDecoder`` does. ``ReferenceModel`` stops where a
/// receiver has to, as ``ObservingParser`` does.
package struct DifferentialBody: FuzzBody {
    package static let name = "differential"
    package static let maximumInputLength = 2048
    package static let shape = InputShape.frames

    /// A fault planted for measurements; otherwise nil.
    package var fault: PlantedFault?

    /// Creates a body.
    package init() {}

    package mutating func run(_ bytes: Span<UInt8>) -> Finding? {
        let input = FuzzInput(reading: bytes)
        let permittedRSV: UInt8 = input.options.permitsRSV1 ? 4 : 0
        if fault == nil, let finding = compareObservations(input, permittedRSV) { return finding }
        var settings = ReferenceModel.Settings(sender: input.options.sender, permittedRSV: permittedRSV)
        settings.permittedRSV = permittedRSV
        let expected = ReferenceModel.outcome(of: input.stream, settings)
        let octets = input.options.drips ? input.stream.indices.map { input.stream[$0...$0] } : input.pieces
        return ModelComparison.compare(feeding: octets, of: input.stream, with: expected, settings, fault: fault)
    }

    /// Checks each event: a violation cites a requirement, and a Close body encodes to the octets it was decoded from.
    private func checkReports(_ events: [DecodedEvent]) -> Finding? {
        for case .other(let event) in events {
            switch event {
            case .violation(let violation):
                guard violation.rule.requirement.hasPrefix("RFC"), !violation.rule.summary.isEmpty else {
                    return Finding("a broken rule is one of a specification", violation.rule.rawValue)
                }
            case .close(let body, _, _):
                guard CloseBody.decode(body.encoded) == body else {
                    return Finding("a Close body is read as it was written", Hex.encode(body.encoded))
                }
            default: break
            }
        }
        return nil
    }

    private func compareObservations(_ input: FuzzInput, _ permittedRSV: UInt8) -> Finding? {
        let sender = input.options.sender
        let expected = ReferenceDecoder.observations(of: input.stream, sender: sender, permittedRSV: permittedRSV)
        var found: [DecodedEvent] = []
        var decoder = StreamDecoder(sender: sender)
        decoder.permittedRSV = permittedRSV
        for slice in input.pieces {
            let piece = Array(slice)
            var position = 0
            while let event = decoder.next(in: piece.span, at: &position) { found.append(event, of: piece) }
        }
        guard found != expected else { return checkReports(found) }
        let first = zip(found, expected).enumerated().first { $1.0 != $1.1 }?.offset ?? min(found.count, expected.count)
        return Finding(
            "the decoder reports what the plain one reports",
            """
            event \(first)
            decoder   \(first < found.count ? String(describing: found[first]) : "nothing")
            reference \(first < expected.count ? String(describing: expected[first]) : "nothing")
            """
        )
    }
}

/// Compares our own parser with the model.
enum ModelComparison {
    /// Feeds the pieces and returns the first difference; nil if there is none.
    static func compare(
        feeding pieces: [ArraySlice<UInt8>],
        of stream: [UInt8],
        with expected: ReferenceModel.Outcome,
        _ settings: ReferenceModel.Settings,
        fault: PlantedFault? = nil
    ) -> Finding? {
        guard let compression = settings.compression else {
            let parser = ObservingParser(sender: settings.sender, permittedRSV: settings.permittedRSV, fault: fault)
            return compare(parser, feeding: pieces, of: stream, with: expected)
        }
        let parser = InflatingParser(sender: settings.sender, compression: compression)
        return compare(parser, feeding: pieces, of: stream, with: expected)
    }

    private static func compare(
        _ parser: some ComparedParser,
        feeding pieces: [ArraySlice<UInt8>],
        of stream: [UInt8],
        with expected: ReferenceModel.Outcome
    ) -> Finding? {
        var parser = parser
        var before = 0
        for slice in pieces where !parser.isOver {
            let piece = Array(slice)
            before = parser.fedCount
            parser.feed(piece.span)
        }
        let found = parser.outcome
        // What is wrong with a compressed message may show before its end, even if that does not come.
        if let failure = found.failure, failure.offset == nil {
            let isRight = expected.refusals.contains { refusal in
                refusal.failure.isCompressed && failure.code.map(refusal.failure.codes.contains) == true
                    && found.events == Array(expected.events.prefix(refusal.eventCount))
            }
            if isRight { return nil }
        }
        guard found.events == expected.events else { return finding(found, expected, "the same is handed out") }
        switch (found.failure, expected.failure) {
        case (nil, nil): break
        case (let failure?, let wanted?):
            guard failure.offset == (wanted.isCompressed ? nil : UInt64(wanted.offset)) else {
                return finding(found, expected, "the octet that is wrong is the same")
            }
            guard let code = failure.code, wanted.codes.contains(code) else {
                return finding(found, expected, "the status code fits")
            }
            // The parser has to fail in the piece that makes the violation certain.
            let after = parser.failedAfter ?? 0
            guard before < wanted.knownAfter, wanted.knownAfter <= after else {
                return finding(found, expected, "a broken rule is reported as soon as it is certain")
            }
        case (nil, _?): return finding(found, expected, "what is wrong is refused")
        case (_?, nil): return finding(found, expected, "what is right is taken")
        }
        return nil
    }

    private static func finding(
        _ found: ParserOutcome,
        _ expected: ReferenceModel.Outcome,
        _ property: String
    ) -> Finding {
        Finding(property, "parser:\n\(OutcomeText.lines(found))model:\n\(OutcomeText.lines(expected))")
    }
}

/// Formats outcomes for people.
package enum OutcomeText {
    /// The outcome of a parser, an event on each line.
    package static func lines(_ outcome: ParserOutcome) -> String {
        var text = lines(outcome.events)
        if let failure = outcome.failure {
            text += "  fails"
            if let code = failure.code { text += " with \(code)" }
            if let offset = failure.offset { text += " at octet \(offset)" }
            text += "\n"
        }
        return text
    }

    /// The outcome of the model, an event on each line.
    package static func lines(_ outcome: ReferenceModel.Outcome) -> String {
        var text = lines(outcome.events)
        if let failure = outcome.failure {
            let codes = failure.codes.sorted().map { String($0) }.joined(separator: " or ")
            let rules = failure.rules.map(\.rawValue).sorted().joined(separator: ", ")
            text += "  fails with \(codes) at octet \(failure.offset): \(rules.isEmpty ? "too large" : rules)\n"
        } else if let closed = outcome.closedAt {
            text += "  is closed after \(closed) octets\n"
        }
        for refusal in outcome.refusals {
            let rules = refusal.failure.rules.map(\.rawValue).sorted().joined(separator: ", ")
            text += "  may refuse at octet \(refusal.failure.offset): \(rules)\n"
        }
        return text
    }

    private static func lines(_ events: [ParserEvent]) -> String {
        events.reduce(into: "") { $0 += "  \($1)\n" }
    }
}
