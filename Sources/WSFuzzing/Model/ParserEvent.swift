import WSKernels
package import WSProtocol

/// What a parser hands to its application.
package enum ParserEvent: Sendable, Hashable, CustomStringConvertible {
    /// A frame as it is: its bits, and its payload without the mask.
    case frame(fin: Bool, rsv: UInt8, opcode: Opcode, payload: [UInt8])
    /// A whole message: text or binary.
    case message(Opcode, payload: [UInt8])
    /// A Ping or a Pong.
    case control(Opcode, payload: [UInt8])
    /// A Close frame; no code where its body has none.
    case close(code: UInt16?, reason: [UInt8])

    /// One line for people.
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

/// How far a parser takes a stream: what it stands for decides what can be asked of it.
package enum ParserLevel: String, Sendable, Hashable, CaseIterable {
    /// It hands out frames; messages and their order are its user's affair.
    case frame
    /// It hands out messages and control frames.
    case message
}

/// When a parser looks whether text is UTF-8.
package enum TextCheck: String, Sendable, Hashable, CaseIterable {
    /// It leaves that to its user.
    case never
    /// When the message has ended.
    case atEndOfMessage
    /// At the first octet that cannot stand there.
    case atOnce
}

/// What a parser makes of a whole stream.
package struct ParserOutcome: Sendable, Hashable {
    /// What it handed out, in order.
    package var events: [ParserEvent]
    /// Why it stopped; nil when it would take more.
    package var failure: ParserFailure?

    /// An outcome.
    package init(events: [ParserEvent] = [], failure: ParserFailure? = nil) {
        self.events = events
        self.failure = failure
    }
}

/// Why a parser stopped.
package struct ParserFailure: Sendable, Hashable {
    /// The status code that it would close with; nil when it names none.
    package var code: UInt16?
    /// The stream offset of the octet that is wrong; nil when it names none.
    package var offset: UInt64?

    /// A failure.
    package init(code: UInt16?, offset: UInt64?) {
        self.code = code
        self.offset = offset
    }
}
