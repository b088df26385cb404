import WSKernels
import WSLink
import WSProtocol

/// A client that sends what it is told to, in the writes it is told to, and keeps everything that comes back.
struct ScriptedClient: LinkMachine {
    /// The writes after the handshake's answer, in order.
    var writes: [[UInt8]]
    /// The handshake; nil sends the writes at once.
    var request: [UInt8]? = ScriptedClient.handshake().encode()
    /// Whether the writes leave together with the request.
    var sendsAtOnce = false

    private(set) var received: [UInt8] = []
    private(set) var end: LinkEnd?
    private(set) var endedAt = LinkInstant.zero
    private(set) var lastReceivedAt = LinkInstant.zero
    private var hasSent = false

    static let limit = LinkTimer(number: 9)

    static func handshake(_ change: (inout HandshakeRequest) -> Void = { _ in }) -> HandshakeRequest {
        var request = HandshakeRequest(host: "localhost", key: "dGhlIHNhbXBsZSBub25jZQ==")
        change(&request)
        return request
    }

    init(_ writes: [[UInt8]] = [], request: [UInt8]? = ScriptedClient.handshake().encode(), atOnce: Bool = false) {
        self.writes = writes
        self.request = request
        sendsAtOnce = atOnce || request == nil
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        // A minute without an end: the test then sees `closedHere`.
        actions.append(.setTimer(Self.limit, at: now + .seconds(60)))
        if let request { actions.append(.write(request)) }
        if sendsAtOnce { sendAll(&actions) }
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        received.append(copying: bytes)
        lastReceivedAt = now
        if hasSent == false, received.contains(sequence: "\r\n\r\n") { sendAll(&actions) }
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        actions.append(.close)
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        self.end = end
        endedAt = now
    }

    private mutating func sendAll(_ actions: inout [LinkAction]) {
        hasSent = true
        for octets in writes { actions.append(.write(octets)) }
    }
}

extension [UInt8] {
    func contains(sequence text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard count >= wanted.count else { return false }
        return (0...(count - wanted.count)).contains { self[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}
