import WSKernels
package import WSProtocol

/// A parser based on ``StreamDecoder`` that stops at the first violation, as a receiver does.
///
/// It is compared with ``ReferenceModel``, and planted faults are put into it.
package struct ObservingParser: ComparedParser {
    /// The outcome so far.
    package private(set) var outcome = ParserOutcome()
    /// How many octets had been fed when it failed; nil if it has not failed.
    package private(set) var failedAfter: Int?
    /// Whether a Close frame came.
    package private(set) var isClosed = false
    /// How many octets were fed.
    package private(set) var fedCount = 0

    private var decoder: StreamDecoder
    private var message: [UInt8] = []
    /// The last Close body, which counts unless a violation follows.
    private var newClose: CloseBody?
    /// The last header.
    private var header: FrameHeader?
    private var isOfMessage = false
    private var firstViolation: Violation?
    private let fault: PlantedFault?

    /// Creates a parser for the sender's stream, with or without a fault.
    package init(sender: Role, permittedRSV: UInt8 = 0, fault: PlantedFault? = nil) {
        decoder = StreamDecoder(sender: sender)
        decoder.permittedRSV = permittedRSV
        self.fault = fault
    }

    /// Whether it reads no more.
    package var isOver: Bool { outcome.failure != nil || isClosed }

    /// Reads the next octets of the stream.
    package mutating func feed(_ bytes: Span<UInt8>) {
        guard !isOver else { return }
        fedCount += bytes.count
        var position = 0
        while !isOver {
            let event = decoder.next(in: bytes, at: &position)
            if case .violation(let violation) = event {
                if let fault, fault.overlooks(violation, in: header) { continue }
                // Of several violations in a header, the one with the lowest offset counts.
                if violation.offset < firstViolation?.offset ?? .max { firstViolation = violation }
                continue
            }
            if let violation = firstViolation {
                outcome.failure = ParserFailure(code: violation.rule.closeCode, offset: violation.offset)
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

    private mutating func take(_ event: StreamEvent, from bytes: Span<UInt8>) {
        switch event {
        case .frame(let header, _):
            isOfMessage = !header.opcode.isControl && !header.opcode.isReserved
            if isOfMessage, header.opcode != .continuation { message.removeAll(keepingCapacity: true) }
            self.header = header
            if fault == .emptyFragmentEndsMessage, isOfMessage, header.payloadLength == 0 { message.removeAll() }
        case .payload(let chunk, let payloadOffset, _):
            guard isOfMessage else { return }
            let key = decoder.currentHeader?.maskingKey?.rawValue ?? 0
            let phase = fault == .keyRestartsInEachPiece ? 0 : Int(payloadOffset & 3)
            Masking.append(bytes.extracting(chunk), key: key, phase: phase, to: &message)
        case .messageEnd(let whole): outcome.events.append(.message(whole.opcode, payload: message))
        case .control(let frame):
            if fault == .controlFrameResetsMessage { message.removeAll() }
            outcome.events.append(.control(frame.opcode, payload: frame.payload))
        case .close(let body, _, _): newClose = body
        case .frameEnd, .violation: break
        }
    }
}
