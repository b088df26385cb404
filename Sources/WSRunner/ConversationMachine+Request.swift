import WSLink
import WSProtocol
import WSScenario
import WSTranscript

/// The opening: which request goes out, and in which writes.
extension ConversationMachine {
    /// Whether the scenario sends a request of its own, so that a refusal is an answer and no failure.
    var opensOnItsOwn: Bool {
        if case .request = scenario.opening { true } else { false }
    }

    /// The octets of the request.
    var requestOctets: [UInt8] {
        guard case .request(let custom) = scenario.opening else { return request.encode() }
        var plain = request
        plain.subprotocols = []
        return custom.octets([
            .target: Array(request.target.utf8),
            .host: Array(request.host.utf8),
            .key: Array(request.key.utf8),
            .fields: Self.lines(request.fields),
            .fieldsWithoutSubprotocol: Self.lines(plain.fields),
        ])
    }

    /// Sends what is due of the request.
    mutating func sendRequest(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        var count = requestRest.count
        var pause: LinkDuration?
        if case .request(let custom) = scenario.opening {
            switch custom.pacing {
            case .whole: break
            case .pieces(let length):
                count = min(max(1, length), count)
                pause = Pacing.betweenPieces
            case .holdingBack(let last, let milliseconds) where !hasHeldBack:
                hasHeldBack = true
                count -= min(last, count)
                pause = .milliseconds(Int64(milliseconds))
            case .holdingBack: break
            }
        }
        let piece = Array(requestRest.prefix(count))
        guard !piece.isEmpty || pause != nil else { return }
        requestRest = requestRest.dropFirst(count)
        recorder.sent(.octets(piece), at: now.nanoseconds)
        outbox += piece
        requestSent = now
        if let pause, !requestRest.isEmpty {
            wait = .request
            actions.append(.setTimer(Timer.wait, at: now + pause))
        }
        if scenario.opening != .framesWithHandshake { flush(&actions) }
    }

    /// The lines of the fields that are no part of every handshake.
    private static func lines(_ fields: [HTTPField]) -> [UInt8] {
        let own: Set = ["host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version"]
        return fields.filter { !own.contains($0.name.lowercased()) }
            .flatMap { Array("\($0.name): \($0.value)\r\n".utf8) }
    }
}
