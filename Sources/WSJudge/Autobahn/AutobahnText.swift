import WSLimits
import WSProtocol
import WSScenario

/// Writes events in the form of Autobahn's reports.
enum AutobahnText {
    /// How many received events a report keeps; an echo loop has a thousand, all alike.
    static let mostEvents = Limits.autobahnEvents.value
    private static let whole = 60
    private static let cut = 64

    /// An expected event.
    static func event(_ event: ExpectedEvent) -> [String] {
        switch event {
        case .message(let opcode, let payload), .echoes(let opcode, let payload):
            ["message", text(payload), opcode == .binary ? "true" : "false"]
        case .pong(let payload): ["pong", text(payload)]
        case .numberedPongs(let count): ["pong", "\(count) numbered"]
        case .stillOpen(let tag): ["timeout", tag]
        }
    }

    /// A received event.
    static func event(_ event: ObservedEvent, in subject: Case) -> [String] {
        switch event {
        case .message(let opcode, let length, let payload):
            if let payload { return self.event(.message(opcode, subject.scenario.referencePayloads[payload])) }
            let preview = subject.timeline.entries.lazy.compactMap { entry -> [UInt8]? in
                guard case .message(let message) = entry.kind, message.opcode == opcode, message.length == length,
                    message.payload == nil
                else { return nil }
                return message.preview
            }.first
            return [
                "message", text(preview ?? [], length: Int(clamping: length)), opcode == .binary ? "true" : "false",
            ]
        case .pong(let octets): return ["pong", text(octets, length: octets.count)]
        case .stillOpen(let tag): return ["timeout", tag]
        }
    }

    private static func text(_ payload: Payload) -> String {
        var start: [UInt8] = []
        payload.append(0..<min(payload.count, cut), to: &start)
        return text(start, length: payload.count)
    }

    /// The octets as text where they are UTF-8, else as hex; more than 60 octets are cut to the first 64.
    private static func text(_ octets: [UInt8], length: Int) -> String {
        let isCut = length > whole
        let shown = isCut ? Array(octets.prefix(cut)) : octets
        let rest = isCut ? " ..." : ""
        if let text = String(validating: shown, as: UTF8.self) { return text + rest }
        let hex = shown.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return "0x\(hex)\(rest)"
    }
}
