import NIOCore
import NIOTLS
import WSLink

/// Starts a probe on a new connection; the future is fulfilled when the probe is done or its time has passed.
typealias ProbeStarter = (_ roundTrips: Int, _ limit: TimeAmount, _ loop: any EventLoop) -> EventLoopFuture<Void>

/// Asks a handler, from any thread, to close its channel as if its machine had asked for it.
struct CloseHere: Sendable {}

/// Asks a handler, from any thread, to wake its machine.
struct WakeUp: Sendable {}

/// Runs one machine on one channel: turns channel events into link events and carries out the actions.
///
/// Lives on its channel's event loop. Events that come up while actions are carried out (a write that finishes at
/// once) are queued, so that the machine sees them one after the other.
final class MachineHandler<Machine: LinkMachine>: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var machine: Machine
    private let start: NIODeadline
    private let finished: EventLoopPromise<Machine>?
    private let probe: ProbeStarter?
    private let isTCP: Bool
    /// The security layer below; nil if octets go directly to the socket.
    private let security: LinkSecurity?
    /// Whether the stream is ended without the closing message of the security layer.
    private let truncates: Bool
    private var timers: [LinkTimer: Scheduled<Void>] = [:]
    private var queue: [Event] = []
    private var isDelivering = false
    private var wasActive = false
    /// Whether the machine was told that the link is connected.
    private var isConnected = false
    private var handshakeTimer: Scheduled<Void>?
    private var closesBelowSecurity = false
    private var hasEnded = false
    private var hasReceived = false
    /// Whether octets were sent since the last read began; they carry the acknowledgement of what was read.
    private var hasWritten = false
    private var failure: (any Error)?

    private enum Event {
        case connected
        case received(ByteBuffer)
        case writable
        case timer(LinkTimer)
        case probesAnswered
        case woken
        case ended(LinkEnd)
    }

    init(
        machine: Machine,
        start: NIODeadline,
        finished: EventLoopPromise<Machine>?,
        probe: ProbeStarter?,
        isTCP: Bool,
        security: LinkSecurity?
    ) {
        self.machine = machine
        self.start = start
        self.finished = finished
        self.probe = probe
        self.isTCP = isTCP
        self.security = security
        truncates = machine.securityWish.truncates
    }

    // MARK: - Channel events

    func channelActive(context: ChannelHandlerContext) {
        wasActive = true
        acknowledge(context)
        guard let security else { return connect(context) }
        let deadline = start + .nanoseconds(security.limit.nanoseconds)
        handshakeTimer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
            self?.deliver(.ended(.notSecured(security.timedOut)), context)
        }
    }

    private func connect(_ context: ChannelHandlerContext) {
        guard !isConnected else { return }
        isConnected = true
        handshakeTimer?.cancel()
        deliver(.connected, context)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasReceived = true
        deliver(.received(unwrapInboundIn(data)), context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !hasWritten { acknowledge(context) }
        hasWritten = false
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed: deliver(.ended(streamEnd(.finished)), context)
        case TLSUserEvent.handshakeCompleted(let applicationProtocol) where security != nil:
            if let security, !isConnected, !hasEnded {
                machine.linkSecured(security.facts(applicationProtocol: applicationProtocol), at: now)
            }
            connect(context)
        // If our closing message went first, the channel may be closed before the peer's is told as the end of the input.
        case TLSUserEvent.shutdownCompleted where security != nil: deliver(.ended(streamEnd(.finished)), context)
        case is CloseHere: deliver(.ended(.closedHere), context)
        case is WakeUp: deliver(.woken, context)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        failure = error
        guard let security else { return context.close(promise: nil) }
        let isTruncation = security.layer.isTruncation(error)
        // A peer may refuse what ended the handshake, such as a client without a certificate, only behind it.
        if !isConnected || !hasReceived && !isTruncation && !(error is IOError) {
            deliver(.ended(.notSecured(security.failure(error))), context)
        } else {
            // After a failure of the network no closing message can be sent.
            closesBelowSecurity = !isTruncation
            deliver(.ended(isTruncation ? .truncated : .reset), context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        // The closing message of a security layer would have ended the link earlier.
        let end: LinkEnd = failure != nil ? .reset : security == nil ? .finished : .truncated
        deliver(.ended(streamEnd(end)), context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        // The dialer reports a channel that never connected.
        if wasActive, !hasEnded { deliver(.ended(streamEnd(.reset)), context) }
    }

    /// Returns how the link ends if the stream ends that way.
    private func streamEnd(_ end: LinkEnd) -> LinkEnd {
        guard let security, !isConnected else { return end }
        return .notSecured(security.ended)
    }

    // MARK: - Machine

    private func deliver(_ event: Event, _ context: ChannelHandlerContext) {
        queue.append(event)
        guard !isDelivering else { return }
        isDelivering = true
        defer { isDelivering = false }
        var next = 0
        while next < queue.count {
            let event = queue[next]
            next += 1
            if next > 64 {
                queue.removeFirst(next)
                next = 0
            }
            handle(event, context)
        }
        queue.removeAll(keepingCapacity: true)
    }

    private var now: LinkInstant { LinkInstant(nanoseconds: (NIODeadline.now() - start).nanoseconds) }

    private func handle(_ event: Event, _ context: ChannelHandlerContext) {
        guard !hasEnded else { return }
        var actions: [LinkAction] = []
        switch event {
        case .connected:
            machine.linkConnected(at: now, actions: &actions)
        case .received(let buffer):
            guard buffer.readableBytes > 0 else { return }
            machine.linkReceived(buffer.readableBytesUInt8Span, at: now, actions: &actions)
        case .writable:
            machine.linkWritable(at: now, actions: &actions)
        case .timer(let timer):
            timers[timer] = nil
            machine.linkTimerFired(timer, at: now, actions: &actions)
        case .probesAnswered:
            machine.linkProbesAnswered(at: now, actions: &actions)
        case .woken:
            machine.linkWoken(at: now, actions: &actions)
        case .ended(let end):
            self.end(end, context)
            return
        }
        var index = 0
        while index < actions.count, !hasEnded {
            let notify = actions[index].isWrite && index + 1 < actions.count && actions[index + 1] == .notifyWhenWritten
            carryOut(actions[index], notify: notify, context)
            index += 1
            if notify { index += 1 }
        }
    }

    private func end(_ end: LinkEnd, _ context: ChannelHandlerContext) {
        guard !hasEnded else { return }
        hasEnded = true
        for timer in timers.values { timer.cancel() }
        timers.removeAll()
        handshakeTimer?.cancel()
        machine.linkEnded(end, at: now)
        finished?.succeed(machine)
        if let security, closesBelowSecurity || truncates || end.isUnsecured {
            security.closeBelow()
        } else {
            context.close(promise: nil)
        }
    }

    // MARK: - Actions

    private func carryOut(_ action: LinkAction, notify: Bool, _ context: ChannelHandlerContext) {
        switch action {
        case .write(let octets):
            write(context.channel.allocator.buffer(bytes: octets), notify: notify, context)
        case .writePieces(let octets, let size):
            write(octets, pieces: size, notify: notify, context)
        case .sendFields, .writeToCarrier, .pingCarrier: break
        case .notifyWhenWritten:
            // Nothing was written immediately before: earlier writes are with the network or about to be.
            deliver(.writable, context)
        case .setTimer(let timer, let moment):
            timers[timer]?.cancel()
            let deadline = start + .nanoseconds(moment.nanoseconds)
            timers[timer] = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { [weak self] in
                self?.deliver(.timer(timer), context)
            }
        case .cancelTimer(let timer):
            timers.removeValue(forKey: timer)?.cancel()
        case .probe(let roundTrips, let limit):
            guard let probe else { return deliver(.probesAnswered, context) }
            let left = TimeAmount.nanoseconds(max(0, limit.nanoseconds - now.nanoseconds))
            probe(roundTrips, left, context.eventLoop).assumeIsolated().whenComplete { [weak self] _ in
                self?.deliver(.probesAnswered, context)
            }
        case .pauseReading:
            context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
        case .resumeReading:
            context.channel.setOption(.autoRead, value: true).whenFailure { _ in }
        case .closeOutput:
            if truncates, let security {
                security.closeOutputBelow()
            } else {
                context.close(mode: .output, promise: nil)
            }
        case .close:
            deliver(.ended(.closedHere), context)
        case .reset:
            // A zero linger time turns the close into a reset.
            (context.channel as? any SocketOptionProvider)?.setSoLinger(linger(on: true, seconds: 0))
                .whenFailure { _ in }
            closesBelowSecurity = true
            deliver(.ended(.closedHere), context)
        }
    }

    /// Writes pieces directly to the socket while it accepts them, and the rest through the channel.
    ///
    /// If there is a security layer, all of them go through the channel.
    private func write(_ octets: [UInt8], pieces size: Int, notify: Bool, _ context: ChannelHandlerContext) {
        hasWritten = true
        let sent = security == nil ? SocketPieces.send(octets, pieces: size, on: context) : 0
        guard sent < octets.count else {
            if notify { deliver(.writable, context) }
            return
        }
        var rest = context.channel.allocator.buffer(bytes: octets[sent...])
        // A piece that was written in part continues where it was cut.
        var length = size - sent % size
        while let piece = rest.readSlice(length: min(length, rest.readableBytes)), piece.readableBytes > 0 {
            write(piece, notify: notify && rest.readableBytes == 0, context)
            length = size
        }
    }

    private func write(_ buffer: ByteBuffer, notify: Bool, _ context: ChannelHandlerContext) {
        hasWritten = true
        guard notify else {
            context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
            return
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { [weak self] in self?.deliver(.writable, context) }
        context.writeAndFlush(wrapOutboundOut(buffer), promise: written)
    }

    /// Makes Linux acknowledge at once what was read, because a peer with Nagle's algorithm would wait 40 ms for it.
    ///
    /// If we answer what we read, the answer carries the acknowledgement, and a separate segment would only cost time.
    private func acknowledge(_ context: ChannelHandlerContext) {
        #if os(Linux)
        guard isTCP else { return }
        try? context.channel.syncOptions?.setOption(.tcpOption(.quickAcknowledgement), value: 1)
        #endif
    }
}

extension LinkEnd {
    /// Whether no closing message of a security layer can be sent any more.
    fileprivate var isUnsecured: Bool {
        switch self {
        case .notConnected, .notSecured: true
        case .finished, .truncated, .reset, .closedHere: false
        }
    }
}

extension LinkAction {
    /// Whether the action writes octets, so that it can be reported when they were sent.
    fileprivate var isWrite: Bool {
        switch self {
        case .write: true
        case .writePieces(let octets, _): !octets.isEmpty
        default: false
        }
    }
}

#if os(Linux)
extension NIOBSDSocket.Option {
    /// `TCP_QUICKACK`; the mode does not last, so it is set again after each read without an answer.
    static let quickAcknowledgement = NIOBSDSocket.Option(rawValue: 12)
}
#endif
