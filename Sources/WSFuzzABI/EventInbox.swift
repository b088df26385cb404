import CWSFuzz
import WSFuzzing
import WSProtocol

/// Checks and collects the events that an adapter pushes while it is fed.
struct EventInbox {
    private(set) var events: [ParserEvent] = []
    private(set) var failure: ParserFailure?
    /// The first violation of the contract by the adapter; nil if there is none.
    private(set) var fault: String?

    private let level: ParserLevel
    private var hasEnded = false

    init(level: ParserLevel = .message) {
        self.level = level
    }

    /// Prepares for the events of the next feeding.
    mutating func begin() {
        events = []
    }

    /// Checks and stores an event.
    mutating func take(_ pointer: UnsafePointer<wsconform_event>?) {
        guard fault == nil else { return }
        guard let event = unsafe pointer?.pointee else { return complain("an event is null") }
        guard failure == nil else { return complain("an event comes after an error") }
        guard unsafe event.payload != nil || event.size == 0 else {
            return complain("a payload of \(unsafe event.size) octets is null")
        }
        guard !hasEnded else { return complain("an event comes after a Close") }
        let buffer = unsafe UnsafeBufferPointer(start: event.payload, count: event.payload == nil ? 0 : event.size)
        unsafe take(event, payload: Array(buffer))
    }

    private mutating func take(_ event: wsconform_event, payload: [UInt8]) {
        let (kind, code) = unsafe (Int(event.kind), event.code)
        let opcode = Opcode(rawValue: unsafe event.opcode)
        switch kind {
        case WSCONFORM_ERROR:
            failure = ParserFailure(code: code == 0 ? nil : code, offset: unsafe event.offset)
        case WSCONFORM_FRAME where level == .frame:
            let (fin, rsv) = unsafe (event.fin != 0, event.rsv)
            events.append(.frame(fin: fin, rsv: rsv, opcode: opcode, payload: payload))
        case WSCONFORM_MESSAGE where level == .message && (opcode == .text || opcode == .binary):
            events.append(.message(opcode, payload: payload))
        case WSCONFORM_PING where level == .message: events.append(.control(.ping, payload: payload))
        case WSCONFORM_PONG where level == .message: events.append(.control(.pong, payload: payload))
        case WSCONFORM_CLOSE where level == .message:
            events.append(.close(code: code == 0 ? nil : code, reason: payload))
            hasEnded = true
        default: complain("an event of kind \(kind), opcode \(opcode.rawValue), is none of the level \(level.rawValue)")
        }
    }

    private mutating func complain(_ text: String) {
        fault = fault ?? text
    }
}
