import WSLink
import WSProtocol

/// A client that sends the octets it is told, piece by piece, and keeps what comes.
struct RawClient: LinkMachine {
    /// What leaves, each piece a millisecond after the one before.
    var pieces: [[UInt8]]
    /// When it ends the connection of its own accord, counted from the beginning; nil for never.
    var endsAfter: LinkDuration?
    private(set) var received: [UInt8] = []

    private static let next = LinkTimer(number: 1)
    private static let end = LinkTimer(number: 2)

    init(_ pieces: [[UInt8]], endsAfter: LinkDuration? = nil) {
        self.pieces = pieces
        self.endsAfter = endsAfter
    }

    /// An opening handshake, with lines of its own behind the others.
    static func request(_ lines: String..., version: String = "13") -> [UInt8] {
        let all =
            [
                "GET /runCase?case=1 HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: \(version)",
            ] + lines
        return Array((all.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        sendNext(now, &actions)
        if let endsAfter { actions.append(.setTimer(Self.end, at: now + endsAfter)) }
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        for index in bytes.indices { received.append(bytes[index]) }
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        if timer == Self.end { actions.append(.close) } else { sendNext(now, &actions) }
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}

    private mutating func sendNext(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard !pieces.isEmpty else { return }
        actions.append(.write(pieces.removeFirst()))
        actions.append(.setTimer(Self.next, at: now + .milliseconds(1)))
    }
}
