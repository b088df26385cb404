package import WSHTTP2Link
package import WSLink
import WSProtocol
import WSRunner
import WSScenario

/// Accepts one connection: reads the head of its request and passes it to the machine that answers such requests.
///
/// ```
///            ┌─► ConversationMachine   /runCase: the case is played, fed with everything read so far
/// reading ───┼─► ControlMachine        the rest of Autobahn's interface
///            ├─► PageMachine           plain HTTP: the page, what it asks for, one line for everything else
///            ├─► HTTP2Link             the preface of HTTP/2, where it is spoken: a StreamRouter for each request
///            └─► turned away           TLS, junk, a request that never ends
/// ```
package struct ConnectionRouter: LinkMachine {
    private let controlServer: ControlServer
    private let waker: LinkWaker
    /// The host and port that the connection came to; nil for our usual ones.
    private let authority: String?
    package let securityWish: LinkSecurityWish
    /// How HTTP/2 is spoken; nil where it is not.
    private let http2: HTTP2LinkSettings?
    private var stage = Stage.reading
    private var head = HTTPHeadDecoder(expecting: .request)
    /// Everything that was read before another machine took over.
    private var octets: [UInt8] = []
    /// Whether these may begin the preface of HTTP/2, which no decoder of heads is shown.
    private var mayBePreface = true
    private var connected = LinkInstant.zero
    private var startedAt: Int64 = 0
    /// What the handshake of the security layer agreed on; nil if there is none.
    private var security: LinkSecurityFacts?

    // At most one of these machines is set. They are separate, so that no event copies the others.
    private var conversation: ConversationMachine?
    private var control: ControlMachine?
    private var page: PageMachine?
    private var link: HTTP2Link?
    private var play: ClientRun.Play?
    private var playing: Scenario?

    private enum Stage {
        case reading
        case handedOver
        case turnedAway
    }

    private enum Timer {
        /// The timers of the other machines count from 0.
        static let head = LinkTimer(number: 1_000)
        static let linger = LinkTimer(number: 1_001)
    }

    /// How long a refused client may take to end TCP.
    private static let lingerLimit = LinkDuration.seconds(1)

    /// Creates a router for one connection.
    ///
    /// - Parameters:
    ///   - controlServer: The state that all connections share.
    ///   - waker: Wakes this machine.
    ///   - authority: The host and port that the connection came to; nil for our usual ones.
    ///   - security: How TLS is spoken with it.
    ///   - http2: How HTTP/2 is spoken with it; nil for the usual way.
    package init(
        _ controlServer: ControlServer,
        waker: LinkWaker,
        at authority: String? = nil,
        security: LinkSecurityWish = .usual,
        http2: HTTP2LinkSettings? = nil
    ) {
        self.http2 = http2 ?? controlServer.settings.http2
        self.controlServer = controlServer
        self.waker = waker
        self.authority = authority
        securityWish = security
    }

    // MARK: - Link events

    package mutating func linkSecured(_ facts: LinkSecurityFacts, at now: LinkInstant) {
        security = facts
    }

    package mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        connected = now
        startedAt = controlServer.settings.wallClock()
        actions.append(.setTimer(Timer.head, at: now + controlServer.settings.headLimit))
    }

    package mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        switch stage {
        case .reading: read(bytes, now, &actions)
        case .turnedAway: break
        case .handedOver:
            conversation?.linkReceived(bytes, at: now, actions: &actions)
            control?.linkReceived(bytes, at: now, actions: &actions)
            page?.linkReceived(bytes, at: now, actions: &actions)
            link?.linkReceived(bytes, at: now, actions: &actions)
        }
    }

    package mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        conversation?.linkWritable(at: now, actions: &actions)
        control?.linkWritable(at: now, actions: &actions)
        link?.linkWritable(at: now, actions: &actions)
    }

    package mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        switch (timer, stage) {
        case (Timer.head, .reading):
            let seconds = Double(controlServer.settings.headLimit.nanoseconds) / 1e9
            let count = octets.count
            let what = count == 0 ? "sent nothing" : "sent \(count) octets and no whole request"
            let line = "a connection \(what) in \(seconds) s and was ended; raise --timeout if it is slow"
            controlServer.note(.slow, line)
            turnAway(count == 0 ? nil : .bare(408), now, &actions)
        case (Timer.linger, .turnedAway): actions.append(.close)
        case (Timer.head, _), (Timer.linger, _): break
        // A stream's timers have other numbers.
        default:
            conversation?.linkTimerFired(timer, at: now, actions: &actions)
            control?.linkTimerFired(timer, at: now, actions: &actions)
            page?.linkTimerFired(timer, at: now, actions: &actions)
            link?.linkTimerFired(timer, at: now, actions: &actions)
        }
    }

    package mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        conversation?.linkProbesAnswered(at: now, actions: &actions)
        link?.linkProbesAnswered(at: now, actions: &actions)
    }

    package mutating func linkWoken(at now: LinkInstant, actions: inout [LinkAction]) {
        control?.linkWoken(at: now, actions: &actions)
        page?.linkWoken(at: now, actions: &actions)
        link?.linkWoken(at: now, actions: &actions)
    }

    package mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        control?.linkEnded(end, at: now)
        page?.linkEnded(end, at: now)
        link?.linkEnded(end, at: now)
        // At the port of one case, a client may have to refuse the certificate.
        if case .notSecured(let reason) = end, authority == nil {
            controlServer.note(.tls, "a connection was not served: \(reason)")
        }
        guard conversation != nil, let play, let scenario = playing else { return }
        conversation?.linkEnded(end, at: now)
        guard let conversation else { return }
        controlServer.ended(play, scenario, conversation, startedAt: startedAt)
        self.conversation = nil
    }

    // MARK: - The head

    private mutating func read(_ bytes: Span<UInt8>, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        for index in bytes.indices { octets.append(bytes[index]) }
        // A TLS ClientHello begins with a handshake record of version 3.x (RFC 8446, 5.1).
        if octets.count >= 2, octets[0] == 0x16, octets[1] == 0x03 {
            let mend = "give it a ws:// address, or listen with --listen wss://HOST:PORT"
            controlServer.note(.tls, "a client speaks TLS here; \(mend)")
            return turnAway(nil, now, &actions)
        }
        if mayBePreface {
            let preface = HTTP2Link.clientPreface
            if octets.starts(with: preface) { return beginHTTP2(now, &actions) }
            if preface.starts(with: octets) { return }
        }
        // What could have been a preface has not been read yet.
        guard !mayBePreface else {
            mayBePreface = false
            let all = octets
            return readHead(all.span, now, &actions)
        }
        readHead(bytes, now, &actions)
    }

    private mutating func readHead(_ bytes: Span<UInt8>, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        switch head.feed(bytes) {
        case .needMore: break
        case .tooLarge(let limit):
            controlServer.note(.tooLong, "a request head has more than \(limit) octets; its connection was ended")
            turnAway(.bare(431), now, &actions)
        case .notHTTP:
            // One octet of a possible ClientHello does not suffice; the next one decides.
            guard octets != [0x16] else {
                head = HTTPHeadDecoder(expecting: .request)
                return
            }
            controlServer.note(.notHTTP, "a connection sends something that is no HTTP request; it was ended")
            turnAway(.line(400, "this is wsconform, and that was no HTTP request"), now, &actions)
        case .complete(let request, let consumed):
            handOver(request, rest: bytes.extracting(consumed..<bytes.count), now, &actions)
        }
    }

    private mutating func handOver(
        _ request: HTTPHead,
        rest: Span<UInt8>,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        actions.append(.cancelTimer(Timer.head))
        stage = .handedOver
        switch Routing(controlServer: controlServer).route(request) {
        case .conversation(let play, let planned):
            let scenario = controlServer.made(planned)
            self.play = play
            playing = scenario
            var machine = controlServer.conversation(of: play, scenario, at: authority)
            controlServer.noteTransport(of: scenario, head: request)
            if let key = request.values(of: "Sec-WebSocket-Key").first {
                machine.earlierUsesOfKey = controlServer.uses(ofKey: key, in: play)
            }
            // The conversation begins with the instant of the connection, as if it had received everything itself.
            if let security { machine.linkSecured(security, at: connected) }
            machine.linkConnected(at: connected, actions: &actions)
            machine.linkReceived(octets.span, at: now, actions: &actions)
            conversation = machine
        case .control(let purpose, let answer):
            var machine = ControlMachine(purpose, controlServer: controlServer, waker: waker)
            machine.open(with: answer, at: now, actions: &actions)
            if !rest.isEmpty { machine.linkReceived(rest, at: now, actions: &actions) }
            control = machine
        case .page(let purpose):
            var machine = PageMachine(
                purpose,
                isHead: RequestLine(request)?.method == "HEAD",
                controlServer: controlServer,
                waker: waker
            )
            machine.open(at: now, actions: &actions)
            page = machine
        }
        octets = []
    }

    /// Goes on with a client that speaks HTTP/2.
    private mutating func beginHTTP2(_ now: LinkInstant, _ actions: inout [LinkAction]) {
        guard let settings = http2 else {
            controlServer.note(.http2, "a client speaks HTTP/2 here; add --http2, or let it speak HTTP/1.1")
            return turnAway(nil, now, &actions)
        }
        actions.append(.cancelTimer(Timer.head))
        stage = .handedOver
        let (controlServer, waker, authority) = (controlServer, waker, authority)
        var link = HTTP2Link(settings) { _ in StreamRouter(controlServer, waker: waker, at: authority) }
        if let security { link.linkSecured(security, at: connected) }
        link.linkConnected(at: now, actions: &actions)
        link.linkReceived(octets.span, at: now, actions: &actions)
        self.link = link
        octets = []
    }

    private mutating func turnAway(_ answer: HTTPAnswer?, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        stage = .turnedAway
        octets = []
        if let answer { actions.append(.write(answer.encode())) }
        actions.append(.closeOutput)
        actions.append(.setTimer(Timer.linger, at: now + Self.lingerLimit))
    }
}
