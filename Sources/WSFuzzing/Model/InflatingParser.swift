import WSKernels
package import WSProtocol

/// A parser that is compared with the model.
package protocol ComparedParser {
    /// The outcome so far.
    var outcome: ParserOutcome { get }
    /// How many octets had been fed when it failed; nil if it has not failed.
    var failedAfter: Int? { get }
    /// Whether it reads no more.
    var isOver: Bool { get }
    /// How many octets were fed.
    var fedCount: Int { get }

    /// Reads the next octets of the stream.
    mutating func feed(_ bytes: Span<UInt8>)
}

/// A parser based on ``MessageReader`` with permessage-deflate that stops at the first violation.
package struct InflatingParser: ComparedParser {
    package private(set) var outcome = ParserOutcome()
    package private(set) var failedAfter: Int?
    package private(set) var fedCount = 0

    private var reader: MessageReader
    private var content: [UInt8] = []
    private var isCompressed = false
    private var isClosed = false
    /// The last Close body, which counts unless a violation follows.
    private var newClose: CloseBody?
    private var firstViolation: Violation?

    /// Creates a parser for the stream of a sender that has agreed to this.
    package init(sender: Role, compression: SenderCompression) {
        let negotiation = Negotiation(compression: compression.parameters(of: sender))
        reader = MessageReader(sender: sender, negotiation: negotiation)
    }

    package var isOver: Bool { outcome.failure != nil || isClosed }

    package mutating func feed(_ bytes: Span<UInt8>) {
        guard !isOver else { return }
        fedCount += bytes.count
        var position = 0
        while !isOver {
            let event = reader.next(in: bytes, at: &position)
            if case .violation(let violation) = event {
                // Of several violations in a header, the one with the lowest offset counts.
                if violation.offset < firstViolation?.offset ?? .max { firstViolation = violation }
                continue
            }
            if let violation = firstViolation {
                let isInContent = [.invalidDeflate, .invalidUTF8, .truncatedUTF8].contains(violation.rule)
                let offset = isCompressed && isInContent ? nil : violation.offset
                outcome.failure = ParserFailure(code: violation.rule.closeCode, offset: offset)
                failedAfter = fedCount
                return
            }
            if let body = newClose {
                outcome.events.append(.close(code: body.code, reason: body.reason))
                isClosed = true
                return
            }
            guard let event else { return }
            take(event, from: bytes)
        }
    }

    private mutating func take(_ event: MessageEvent, from bytes: Span<UInt8>) {
        switch event {
        case .frame(let header, _):
            guard header.opcode == .text || header.opcode == .binary else { return }
            content.removeAll(keepingCapacity: true)
            isCompressed = header.rsv & 4 != 0
        case .content(let piece): reader.append(piece, in: bytes, to: &content)
        case .message(let message, _): outcome.events.append(.message(message.opcode, payload: content))
        case .control(let frame): outcome.events.append(.control(frame.opcode, payload: frame.payload))
        case .close(let body, _, _): newClose = body
        case .frameEnd, .violation: break
        }
    }
}
