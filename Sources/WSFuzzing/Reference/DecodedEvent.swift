package import WSProtocol

/// An event of the decoder with the payload itself, joined from its pieces.
package enum DecodedEvent: Sendable, Hashable {
    /// All payload of a frame that came.
    case payload([UInt8], payloadOffset: UInt64, messageOffset: UInt64)
    /// Any other event; violations lack their description, which is for people.
    case other(StreamEvent)

    /// The violation of the event; nil for other events.
    package var violation: Violation? {
        if case .other(.violation(let violation)) = self { violation } else { nil }
    }
}

extension [DecodedEvent] {
    /// Appends an event in a comparable form.
    ///
    /// Invalid text is reported after the piece that contains it, so payload of later pieces is moved before it.
    package mutating func append(_ event: StreamEvent, of chunk: [UInt8]) {
        switch event {
        case .payload(let range, let payloadOffset, let messageOffset):
            if let index = lastIndex(where: { $0.violation?.rule != .invalidUTF8 }),
                case .payload(let earlier, let start, let messageStart) = self[index],
                start + UInt64(earlier.count) == payloadOffset,
                messageStart + UInt64(earlier.count) == messageOffset
            {
                self[index] = .payload(earlier + chunk[range], payloadOffset: start, messageOffset: messageStart)
            } else {
                let bytes = [UInt8](chunk[range])
                append(.payload(bytes, payloadOffset: payloadOffset, messageOffset: messageOffset))
            }
        case .violation(var violation):
            violation.detail = ""
            append(.other(.violation(violation)))
        default: append(.other(event))
        }
    }

    /// The violations among the events, without their details.
    package var violations: [Violation] { compactMap(\.violation) }
}
