package import WSLink
package import WSProtocol

/// A server that does what a test tells it: it reads what comes, and a closure says what goes back.
///
/// ``Answers/behave(_:)`` does what a correct echo server does, so that a test states only where its peer differs.
package struct ScriptedPeer: LinkMachine {
    /// Something that the client did, or that the peer asked to be told.
    package enum Event: Sendable, Hashable {
        /// The stream stands; no octet has come yet.
        case connected
        /// The client's handshake is complete.
        case request(HTTPHead)
        /// A message is complete.
        case message(Opcode, [UInt8])
        /// A Ping is complete.
        case ping([UInt8])
        /// A Pong is complete.
        case pong([UInt8])
        /// A Close frame is complete.
        case close(CloseBody)
        /// The client broke a rule.
        case violation(ViolationRule)
        /// The time asked for with ``Answers/wait(_:timer:)`` has passed.
        case timer(Int)
    }

    /// What the peer has seen: every event, in order.
    package private(set) var seen: [Event] = []
    /// How its link ended.
    package private(set) var end: LinkEnd?
    /// Every octet that came.
    package private(set) var receivedCount = 0

    private let react: @Sendable (Event, inout Answers) -> Void
    private var head = HTTPHeadDecoder(expecting: .request)
    private var decoder: StreamDecoder?
    private var message: [UInt8] = []
    private var isData = false
    private var answers = Answers()

    /// Creates a peer.
    ///
    /// - Parameter react: answers each event; what it leaves unanswered stays unanswered.
    package init(_ react: @escaping @Sendable (Event, inout Answers) -> Void = { $1.behave($0) }) {
        self.react = react
    }

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        hand(.connected, now, &actions)
    }

    package mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        receivedCount += bytes.count
        var start = 0
        if decoder == nil {
            guard case .complete(let request, let consumed) = head.feed(bytes) else { return }
            start = consumed
            decoder = StreamDecoder(sender: .client)
            hand(.request(request), now, &actions)
        }
        let rest = bytes.extracting(start..<bytes.count)
        var position = 0
        while let event = decoder?.next(in: rest, at: &position) { take(event, from: rest, now, &actions) }
    }

    package mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}

    package mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        if timer == Answers.queueTimer {
            answers.now = now
            answers.actions = []
            answers.sendNext()
            actions += answers.actions
            return
        }
        hand(.timer(timer.number), now, &actions)
    }

    package mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    package mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        self.end = end
    }

    private mutating func take(
        _ event: StreamEvent,
        from bytes: Span<UInt8>,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        switch event {
        case .frame(let header, _):
            isData = !header.opcode.isControl && !header.opcode.isReserved
            if header.opcode == .text || header.opcode == .binary { message = [] }
        case .payload(let chunk, let payloadOffset, _):
            guard isData else { break }
            var octets: [UInt8] = []
            for index in chunk { octets.append(bytes[index]) }
            decoder?.currentHeader?.maskingKey?.apply(to: &octets, payloadOffset: payloadOffset)
            message += octets
        case .messageEnd(let whole):
            answers.frameCount = whole.frameCount
            hand(.message(whole.opcode, message), now, &actions)
        case .control(let frame):
            hand(frame.opcode == .ping ? .ping(frame.payload) : .pong(frame.payload), now, &actions)
        case .close(let body, _, _): hand(.close(body), now, &actions)
        case .violation(let violation): hand(.violation(violation.rule), now, &actions)
        case .frameEnd: break
        }
    }

    private mutating func hand(_ event: Event, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        seen.append(event)
        answers.now = now
        answers.actions = []
        react(event, &answers)
        actions += answers.actions
    }
}

/// What a scripted peer sends and does in answer to one event.
package struct Answers: Sendable {
    /// The moment.
    package internal(set) var now = LinkInstant.zero
    /// A number that lasts from event to event, for the test to use.
    package var count = 0
    /// In how many frames the message came that is handed over.
    package internal(set) var frameCount = 1
    /// Whether ``behave(_:)`` has sent a Close frame.
    package private(set) var hasClosed = false
    var actions: [LinkAction] = []
    /// What is sent later, in order.
    private var queue: [(due: LinkInstant, octets: [UInt8])] = []
    static let queueTimer = LinkTimer(number: .max)

    /// Sends octets as one write, some time after the last such octets have gone.
    ///
    /// - Parameters:
    ///   - octets: The octets; if there are none, the connection is ended instead.
    ///   - pace: The time.
    package mutating func send(_ octets: [UInt8], after pace: LinkDuration) {
        let due = max(queue.last?.due ?? now, now) + pace
        if queue.isEmpty { actions.append(.setTimer(Self.queueTimer, at: due)) }
        queue.append((due, octets))
    }

    /// Sends what is due first.
    mutating func sendNext() {
        guard !queue.isEmpty else { return }
        let next = queue.removeFirst()
        if next.octets.isEmpty { end() } else { send(next.octets) }
        if let due = queue.first?.due { actions.append(.setTimer(Self.queueTimer, at: due)) }
    }

    /// Sends octets as one write.
    package mutating func send(_ octets: [UInt8]) {
        actions.append(.write(octets))
    }

    /// Sends octets as one write.
    package mutating func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// Sends a frame.
    package mutating func send(
        _ opcode: Opcode,
        _ payload: [UInt8] = [],
        fin: Bool = true,
        rsv: UInt8 = 0
    ) {
        send(Self.frame(opcode, payload, fin: fin, rsv: rsv))
    }

    /// Sends a Close frame with a code.
    package mutating func sendClose(_ code: UInt16?, reason: String = "") {
        hasClosed = true
        send(.close, CloseBody(code: code, reason: Array(reason.utf8)).encoded)
    }

    /// Ends the connection in the normal way.
    package mutating func end() {
        actions.append(.close)
    }

    /// Ends the connection with a reset.
    package mutating func reset() {
        actions.append(.reset)
    }

    /// Reads nothing more.
    package mutating func stopReading() {
        actions.append(.pauseReading)
    }

    /// Asks for an event of its own.
    package mutating func wait(_ duration: LinkDuration, timer: Int = 0) {
        actions.append(.setTimer(LinkTimer(number: timer), at: now + duration))
    }

    /// Does what a correct echo server does.
    package mutating func behave(_ event: ScriptedPeer.Event) {
        guard !hasClosed else { return }
        switch event {
        case .request(let head): send(Self.acceptance(of: head))
        case .message(let opcode, let octets): send(opcode, octets)
        case .ping(let payload): send(.pong, payload)
        case .close(let body):
            sendClose(body.code)
            end()
        case .violation(let rule):
            sendClose(rule.closeCode)
            end()
        case .connected, .pong, .timer: break
        }
    }

    /// The 101 that answers a request.
    package static func acceptance(of head: HTTPHead) -> [UInt8] {
        HandshakeResponse.accepting(key: head.values(of: "Sec-WebSocket-Key").first ?? "").encode()
    }

    /// The octets of a frame of a server.
    package static func frame(_ opcode: Opcode, _ payload: [UInt8] = [], fin: Bool = true, rsv: UInt8 = 0) -> [UInt8] {
        var octets: [UInt8] = []
        FrameHeader(fin: fin, rsv: rsv, opcode: opcode, payloadLength: UInt64(payload.count))
            .encode(payload: payload.span, into: &octets)
        return octets
    }
}
