import Synchronization
import WSHTTP2
import WSHTTP2Link
import WSLink

/// What machines on streams have received, for those that no test gets back.
final class StreamLog: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    var all: [String] { lines.withLock { $0 } }
}

/// Opens a stream, sends octets behind the answer, and ends when as many have come back.
struct StreamClient: LinkMachine {
    /// How it ends the stream.
    enum Ending { case closeOutput, close, reset, never }

    var payload: [UInt8]
    var ending = Ending.closeOutput
    /// How long it does not read, once the answer has come.
    var pause: LinkDuration?
    var pieces: Int?
    var asksForNotice = false
    var fields = StreamClient.request

    private(set) var connections = 0
    private(set) var answer: [LinkField] = []
    private(set) var received: [UInt8] = []
    private(set) var ends: [LinkEnd] = []
    private(set) var notices: [LinkInstant] = []
    private(set) var receivedWhilePaused = 0
    private(set) var endedAt = LinkInstant.zero
    private var isPaused = false

    static let request = [
        LinkField(":method", "CONNECT"), LinkField(":protocol", "websocket"), LinkField(":scheme", "http"),
        LinkField(":path", "/"), LinkField(":authority", "localhost"), LinkField("sec-websocket-version", "13"),
    ]

    init(_ payload: [UInt8]) { self.payload = payload }

    func with(_ change: (inout Self) -> Void) -> Self {
        var machine = self
        change(&machine)
        return machine
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        connections += 1
        actions.append(.sendFields(fields, ends: false))
    }

    mutating func linkReceivedFields(
        _ fields: [LinkField],
        ends: Bool,
        at now: LinkInstant,
        actions: inout [LinkAction]
    ) {
        answer = fields
        guard fields.first(":status") == "200" else { return actions.append(.close) }
        if let pause {
            isPaused = true
            actions += [.pauseReading, .setTimer(LinkTimer(number: 3), at: now + pause)]
        }
        if let pieces {
            actions.append(.writePieces(payload, size: pieces))
        } else if !payload.isEmpty {
            actions.append(.write(payload))
        }
        if asksForNotice { actions.append(.notifyWhenWritten) }
        if payload.isEmpty { end(&actions) }
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        if isPaused { receivedWhilePaused += bytes.count }
        for index in bytes.indices { received.append(bytes[index]) }
        if received.count == payload.count { end(&actions) }
    }

    private func end(_ actions: inout [LinkAction]) {
        switch ending {
        case .closeOutput: actions.append(.closeOutput)
        case .close: actions.append(.close)
        case .reset: actions.append(.reset)
        case .never: break
        }
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) { notices.append(now) }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        isPaused = false
        actions.append(.resumeReading)
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        ends.append(end)
        endedAt = now
    }
}

/// Accepts what asks for a WebSocket, and sends back what it receives until the client ends the stream.
struct StreamServer: LinkMachine {
    let log: StreamLog
    private var received = 0

    init(_ log: StreamLog) { self.log = log }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) { log.add("connected") }

    mutating func linkReceivedFields(
        _ fields: [LinkField],
        ends: Bool,
        at now: LinkInstant,
        actions: inout [LinkAction]
    ) {
        guard fields.first(":protocol") == "websocket" else {
            actions += [.sendFields([LinkField(":status", "404")], ends: true), .close]
            return
        }
        actions.append(.sendFields([LinkField(":status", "200")], ends: false))
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        received += bytes.count
        var octets: [UInt8] = []
        for index in bytes.indices { octets.append(bytes[index]) }
        actions.append(.write(octets))
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) { log.add("\(received) octets, \(end)") }
}

/// Sends octets when it is connected, more when it first receives any, and keeps what it receives.
struct ScriptedPeer: LinkMachine {
    var octets: [UInt8] = []
    var answer: [UInt8] = []
    var closesBehind = false
    private(set) var received: [UInt8] = []
    private(set) var ends: [LinkEnd] = []

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        if !octets.isEmpty { actions.append(.write(octets)) }
        if closesBehind { actions.append(.close) }
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        if received.isEmpty, !answer.isEmpty { actions.append(.write(answer)) }
        for index in bytes.indices { received.append(bytes[index]) }
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) { ends.append(end) }

    /// The frames that it received, behind a client's preface if there is one.
    var frames: [HTTP2Event] {
        let isClient = received.starts(with: HTTP2Frame.preface)
        var observer = HTTP2Observer(role: isClient ? .client : .server)
        var events: [HTTP2Event] = []
        var position = 0
        while let event = observer.next(in: received.span, at: &position, .sent) {
            if case .frameEnd = event { events.append(event) }
        }
        return events
    }

    /// The code of the GOAWAY frame that it received; nil if there was none.
    var goAway: HTTP2ErrorCode? {
        for case .frameEnd(_, .goAway(_, let code, _), _) in frames { return code }
        return nil
    }

    /// How many acknowledgments of PING it received.
    var pongs: Int {
        frames.count { if case .frameEnd(_, .ping(_, isAcknowledgment: true), _) = $0 { true } else { false } }
    }
}
