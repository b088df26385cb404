import WSLink
import WSProtocol
import WSRunner
import WSScenario

/// Answers the request on a stream of HTTP/2, as ``ConnectionRouter`` does over HTTP/1.1.
///
/// ```
///            ┌─► ConversationMachine   Extended CONNECT for /runCase: the case is played
/// reading ───┼─► ControlMachine        Extended CONNECT for the rest of Autobahn's interface
///            └─► PageMachine           any other request
/// ```
///
/// A conversation has a clock of its own, which begins with its request, and a record of its own, in which the
/// connection stands as well. Its result is handed on when the stream has ended and the connection tells no more.
struct StreamRouter: LinkMachine {
    private let controlServer: ControlServer
    private let waker: LinkWaker
    /// The host and port that the connection came to; nil for our usual ones.
    private let authority: String?
    private var startedAt: Int64 = 0
    private var connected = LinkInstant.zero
    private var security: LinkSecurityFacts?
    /// What moved on the connection before it was known what the stream is for.
    private var before: [LinkCarrierEvent] = []

    // At most one of these machines is set. They are separate, so that no event copies the others.
    private var conversation: ConversationMachine?
    private var control: ControlMachine?
    private var page: PageMachine?
    private var play: ClientRun.Play?
    private var playing: Scenario?
    /// Whether a request has come.
    private var hasRequest = false
    /// Whether the stream has ended.
    private var hasEnded = false
    /// Whether the connection tells no more.
    private var hasLeft = false

    init(_ controlServer: ControlServer, waker: LinkWaker, at authority: String?) {
        self.controlServer = controlServer
        self.waker = waker
        self.authority = authority
    }

    var carrierWish: LinkCarrierWish { conversation?.carrierWish ?? .usual }

    // MARK: - Link events

    mutating func linkSecured(_ facts: LinkSecurityFacts, at now: LinkInstant) { security = facts }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        connected = now
        startedAt = controlServer.settings.wallClock()
    }

    mutating func linkReceivedFields(
        _ fields: [LinkField],
        ends: Bool,
        at now: LinkInstant,
        actions: inout [LinkAction]
    ) {
        guard hasRequest else {
            hasRequest = true
            return handOver(fields, ends: ends, now, &actions)
        }
        converse(now, &actions) { $0.linkReceivedFields(fields, ends: ends, at: $1, actions: &$2) }
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        var inner: [LinkAction] = []
        let ownNow = own(now)
        conversation?.linkReceived(bytes, at: ownNow, actions: &inner)
        pass(inner, &actions)
        control?.linkReceived(bytes, at: now, actions: &actions)
        page?.linkReceived(bytes, at: now, actions: &actions)
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        converse(now, &actions) { $0.linkWritable(at: $1, actions: &$2) }
        control?.linkWritable(at: now, actions: &actions)
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        converse(now, &actions) { $0.linkTimerFired(timer, at: $1, actions: &$2) }
        control?.linkTimerFired(timer, at: now, actions: &actions)
        page?.linkTimerFired(timer, at: now, actions: &actions)
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        converse(now, &actions) { $0.linkProbesAnswered(at: $1, actions: &$2) }
    }

    mutating func linkWoken(at now: LinkInstant, actions: inout [LinkAction]) {
        control?.linkWoken(at: now, actions: &actions)
        page?.linkWoken(at: now, actions: &actions)
    }

    mutating func linkCarrierAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        converse(now, &actions) { $0.linkCarrierAnswered(at: $1, actions: &$2) }
    }

    mutating func linkCarrier(_ event: LinkCarrierEvent, at now: LinkInstant) {
        guard hasRequest else { return before.append(event) }
        let ownNow = own(now)
        conversation?.linkCarrier(event, at: ownNow)
        switch event {
        case .ended, .left:
            hasLeft = true
            deliver()
        case .sent, .received, .stream, .settled: break
        }
    }

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        control?.linkEnded(end, at: now)
        page?.linkEnded(end, at: now)
        let ownNow = own(now)
        conversation?.linkEnded(end, at: ownNow)
        hasEnded = true
        deliver()
    }

    /// Hands on what came of the conversation, once nothing more can come.
    private mutating func deliver() {
        guard hasEnded, hasLeft, let play, let scenario = playing, let conversation else { return }
        controlServer.ended(play, scenario, conversation, startedAt: startedAt)
        self.conversation = nil
    }

    // MARK: - Its own clock

    /// Hands an event to the conversation at its own time, and what it does on to the stream.
    private mutating func converse(
        _ now: LinkInstant,
        _ actions: inout [LinkAction],
        _ event: (inout ConversationMachine, LinkInstant, inout [LinkAction]) -> Void
    ) {
        guard var machine = conversation.take() else { return }
        var inner: [LinkAction] = []
        event(&machine, own(now), &inner)
        conversation = machine
        pass(inner, &actions)
    }

    /// The time on the clock of the conversation.
    private func own(_ now: LinkInstant) -> LinkInstant { .zero + (now - connected) }

    /// What the conversation asks for, on the clock of the link.
    private func shifted(_ action: LinkAction) -> LinkAction {
        let offset = connected - .zero
        return switch action {
        case .setTimer(let timer, let moment): .setTimer(timer, at: moment + offset)
        case .probe(let roundTrips, let limit): .probe(roundTrips: roundTrips, limit: limit + offset)
        default: action
        }
    }

    /// Passes on what the conversation asks for.
    private func pass(_ inner: [LinkAction], _ actions: inout [LinkAction]) {
        for action in inner { actions.append(shifted(action)) }
    }

    // MARK: - The request

    private mutating func handOver(
        _ fields: [LinkField],
        ends: Bool,
        _ now: LinkInstant,
        _ actions: inout [LinkAction]
    ) {
        let lines = fields.map { HTTPField($0.name, $0.value) }
        let request = HTTPHead(ofStream: lines)
        switch Routing(controlServer: controlServer).route(request) {
        case .conversation(let play, let planned):
            let scenario = controlServer.made(planned)
            self.play = play
            playing = scenario
            var machine = controlServer.conversation(of: play, scenario, at: authority, onStream: true)
            var inner: [LinkAction] = []
            for event in before { machine.linkCarrier(event, at: own(now)) }
            if let security { machine.linkSecured(security, at: .zero) }
            machine.linkConnected(at: .zero, actions: &inner)
            machine.linkReceivedFields(fields, ends: ends, at: own(now), actions: &inner)
            conversation = machine
            pass(inner, &actions)
        case .control(let purpose, let answer):
            var machine = ControlMachine(purpose, controlServer: controlServer, waker: waker)
            machine.open(with: answer, onStream: true, at: now, actions: &actions)
            control = machine
        case .page(let purpose):
            var machine = PageMachine(
                purpose,
                isHead: RequestLine(request)?.method == "HEAD",
                onStream: true,
                controlServer: controlServer,
                waker: waker
            )
            machine.open(at: now, actions: &actions)
            page = machine
        }
        before = []
    }
}
