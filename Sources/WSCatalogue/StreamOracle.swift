import WSProtocol

/// What a server has to do with octets, up to the first violation.
struct StreamOracle {
    /// The result of reading the octets.
    enum Outcome: Equatable {
        /// Every frame and every message is complete.
        case complete
        /// A complete frame violates a rule.
        ///
        /// No text requires a peer to check a frame before it is complete.
        case violation(ViolationRule)
        /// A frame or a message is incomplete.
        case unfinished
    }

    /// A message that is complete before any violation.
    struct Message: Equatable {
        var opcode: Opcode
        var payload: [UInt8]
    }

    private(set) var outcome = Outcome.complete
    private(set) var messages: [Message] = []
    /// The rule that the first frame violates, if it is complete.
    private(set) var ruleInFirstHeader: ViolationRule?

    /// Reads the octets of a client.
    init(_ octets: [UInt8]) {
        var decoder = StreamDecoder(sender: .client)
        var position = 0
        var payload: [UInt8] = []
        var headers = 0
        let span = octets.span
        while let event = decoder.next(in: span, at: &position) {
            switch event {
            case .frame(let header, _):
                headers += 1
                if header.opcode == .text || header.opcode == .binary { payload = [] }
            case .payload(let chunk, let payloadOffset, _):
                guard let header = decoder.currentHeader, !header.opcode.isControl else { break }
                var part = Array(octets[chunk])
                header.maskingKey?.apply(to: &part, payloadOffset: payloadOffset)
                payload += part
            case .messageEnd(let message): messages.append(Message(opcode: message.opcode, payload: payload))
            case .violation(let violation):
                let isComplete = decoder.remainingPayload <= UInt64(octets.count - position)
                outcome = isComplete ? .violation(violation.rule) : .unfinished
                if headers == 1, isComplete { ruleInFirstHeader = violation.rule }
                return
            case .frameEnd, .control, .close: break
            }
        }
        if decoder.isInsideFrame || decoder.isInsideMessage { outcome = .unfinished }
    }

    /// The outcome in a few words.
    var summary: String {
        switch outcome {
        case .complete: "legal"
        case .violation(let rule): rule.summary
        case .unfinished: "a frame that waits for more"
        }
    }
}
