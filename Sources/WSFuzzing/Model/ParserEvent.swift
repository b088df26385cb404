import WSKernels
package import WSProtocol

/// An event that a parser passes to its application.
package enum ParserEvent: Sendable, Hashable, CustomStringConvertible {
    /// A frame: its bits and its unmasked payload.
    case frame(fin: Bool, rsv: UInt8, opcode: Opcode, payload: [UInt8])
    /// A complete message: text or binary.
    case message(Opcode, payload: [UInt8])
    /// A Ping or a Pong.
    case control(Opcode, payload: [UInt8])
    /// A Close frame; no code if its body is empty.
    case close(code: UInt16?, reason: [UInt8])

    /// The event on one line.
    package var description: String {
        switch self {
        case .frame(let fin, let rsv, let opcode, let payload):
            "frame \(opcode.name)\(fin ? " FIN" : "")\(rsv == 0 ? "" : " RSV \(rsv)") \(Self.text(payload))"
        case .message(let opcode, let payload): "\(opcode.name) message \(Self.text(payload))"
        case .control(let opcode, let payload): "\(opcode.name) \(Self.text(payload))"
        case .close(let code, let reason): "close \(code.map { String($0) } ?? "without a code") \(Self.text(reason))"
        }
    }

    /// The number of octets and the first of them.
    private static func text(_ payload: [UInt8]) -> String {
        let shown = Hex.encode(Array(payload.prefix(24)))
        return "of \(payload.count) octets \(shown)\(payload.count > 24 ? "…" : "")"
    }
}

/// The level at which a parser works, which determines what can be compared.
package enum ParserLevel: String, Sendable, Hashable, CaseIterable {
    /// It returns frames; messages and their order are left to its user.
    case frame
    /// It returns messages and control frames.
    case message
}

/// When a parser checks that text is UTF-8.
package enum TextCheck: String, Sendable, Hashable, CaseIterable {
    /// Never; its user has to do it.
    case never
    /// At the end of the message.
    case atEndOfMessage
    /// At the first impossible octet.
    case atOnce
}

/// The result of a parser for a whole stream.
package struct ParserOutcome: Sendable, Hashable {
    /// The events in order.
    package var events: [ParserEvent]
    /// Why it stopped; nil if it would go on.
    package var failure: ParserFailure?

    /// Creates an outcome.
    package init(events: [ParserEvent] = [], failure: ParserFailure? = nil) {
        self.events = events
        self.failure = failure
    }
}

/// Why a parser stopped.
package struct ParserFailure: Sendable, Hashable {
    /// The status code of its Close frame; nil if it has none.
    package var code: UInt16?
    /// The stream offset of the violation; nil if it does not report it.
    package var offset: UInt64?

    /// Creates a failure.
    package init(code: UInt16?, offset: UInt64?) {
        self.code = code
        self.offset = offset
    }
}
