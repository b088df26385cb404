import WSLink

/// Answers a plain HTTP request that was read, maybe after a wait, and ends the connection.
struct PageMachine: LinkMachine {
    /// The purpose of the request.
    enum Purpose: Sendable, Hashable {
        /// Send this answer.
        case answer(HTTPAnswer)
        /// Send the result of a case once it is known.
        case outcome(agent: String, scenario: String)
        /// Request the reports, and say where they are.
        case reports(agent: String)
        /// Send the results of a client so far.
        case view(PageView, agent: String)
    }

    private enum Timer {
        static let limit = LinkTimer(number: 0)
        static let linger = LinkTimer(number: 1)
    }

    private let purpose: Purpose
    private let hasBody: Bool
    /// Whether the link is a stream of HTTP/2.
    private let onStream: Bool
    private let controlServer: ControlServer
    private let waker: LinkWaker
    private var pending: PendingRequest?
    private var isDone = false

    /// How long the other side may take to end TCP after the answer.
    private static let lingerLimit = LinkDuration.seconds(1)

    init(
        _ purpose: Purpose,
        isHead: Bool,
        onStream: Bool = false,
        controlServer: ControlServer,
        waker: LinkWaker
    ) {
        self.purpose = purpose
        self.onStream = onStream
        hasBody = !isHead
        self.controlServer = controlServer
        self.waker = waker
    }

    /// Answers, or starts to wait.
    mutating func open(at now: LinkInstant, actions: inout [LinkAction]) {
        switch purpose {
        case .answer(let answer): return say(answer, now, &actions)
        case .outcome(let agent, let scenario): pending = controlServer.awaitOutcome(of: scenario, agent: agent, waker)
        case .reports(let agent): pending = controlServer.awaitReports(for: agent, waker)
        case .view(let view, let agent):
            pending = controlServer.awaitView(view, of: agent, waker)
            if pending == nil { return say(.error(503, "too many pages ask at a time; ask again"), now, &actions) }
        }
        actions.append(.setTimer(Timer.limit, at: now + controlServer.settings.waitLimit))
        linkWoken(at: now, actions: &actions)
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {}

    /// Ignores further octets, which have to be read because a reset could destroy our answer.
    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        switch (timer, isDone) {
        case (Timer.limit, false): say(.error(404, "nothing has come of it yet; ask again"), now, &actions)
        case (Timer.linger, true): actions.append(.close)
        default: break
        }
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkWoken(at now: LinkInstant, actions: inout [LinkAction]) {
        guard !isDone, let pending, let answer = controlServer.answer(of: pending) else { return }
        switch answer {
        case .outcome(let outcome): say(.json(200, ControlJSON.text(outcome)), now, &actions)
        case .reports(let written): say(.json(200, ControlJSON.text(written)), now, &actions)
        case .document(let document): say(.document(document), now, &actions)
        case .trouble(let line): say(.error(asksForView ? 404 : 500, line), now, &actions)
        }
    }

    /// Whether results so far are asked for, of which there may be none.
    private var asksForView: Bool {
        if case .view = purpose { true } else { false }
    }

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        isDone = true
        if let pending { controlServer.withdraw(pending) }
    }

    private mutating func say(_ answer: HTTPAnswer, _ now: LinkInstant, _ actions: inout [LinkAction]) {
        isDone = true
        if onStream {
            let body = hasBody ? answer.body : []
            actions.append(.sendFields(answer.streamFields, ends: body.isEmpty))
            if !body.isEmpty {
                actions.append(.write(body))
                actions.append(.closeOutput)
            }
        } else {
            actions.append(.write(answer.encode(hasBody: hasBody)))
            actions.append(.closeOutput)
        }
        actions.append(.cancelTimer(Timer.limit))
        actions.append(.setTimer(Timer.linger, at: now + Self.lingerLimit))
    }
}
