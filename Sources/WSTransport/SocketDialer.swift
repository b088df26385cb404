import NIOCore
import NIOPosix
import Synchronization
import WSLink

/// Connects to one endpoint, directly or through a proxy.
final class SocketDialer: Dialer {
    private let group: any EventLoopGroup
    private let endpoint: Endpoint
    /// The proxy whose tunnels lead to the endpoint; nil to connect there directly.
    private let proxy: TunnelProxy?
    private let connectTimeout: LinkDuration
    private let security: (any ChannelSecurity)?
    /// When connections may begin; nil for at any time.
    private let rate: ConnectionRate?
    /// The address that the first connection used, so that names are looked up once.
    private let address = Mutex<SocketAddress?>(nil)

    /// Creates a dialer; nothing is connected yet.
    init(
        endpoint: Endpoint,
        proxy: TunnelProxy?,
        connectTimeout: LinkDuration,
        security: (any ChannelSecurity)?,
        rate: ConnectionRate?,
        group: any EventLoopGroup
    ) {
        self.endpoint = endpoint
        self.proxy = proxy
        self.connectTimeout = connectTimeout
        self.security = security
        self.rate = rate
        self.group = group
    }

    /// Connects, runs a machine until its link has ended, and returns it.
    func run<Machine: LinkMachine>(
        _ machine: Machine,
        probe: @escaping @Sendable (_ roundTrips: Int) -> any LinkMachine
    ) async -> Machine {
        if let rate, await !rate.turn() {
            var machine = machine
            machine.linkEnded(.closedHere, at: .zero)
            return machine
        }
        let loop = group.next()
        let channels = OpenChannels()
        return await withTaskCancellationHandler {
            // Probes end with the conversation that asked for them.
            defer { channels.closeAll() }
            do {
                return try await start(machine, on: loop, probe: probe, in: channels).get()
            } catch {
                var machine = machine
                machine.linkEnded(ConnectFailure.end(error, endpoint: endpoint, proxy: proxy), at: .zero)
                return machine
            }
        } onCancel: {
            channels.closeAll()
        }
    }

    private func start<Machine: LinkMachine>(
        _ machine: Machine,
        on loop: any EventLoop,
        probe: (@Sendable (Int) -> any LinkMachine)?,
        in channels: OpenChannels
    ) -> EventLoopFuture<Machine> {
        let begin = NIODeadline.now()
        let layer: (any ChannelSecurity)?
        do {
            layer = try security(wishedFor: machine.securityWish)
        } catch {
            return loop.makeFailedFuture(HandshakeFailure("\(error)"))
        }
        let finished = loop.makePromise(of: Machine.self)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(.nanoseconds(connectTimeout.nanoseconds))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 8192, maximum: 262_144)
            )
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try ProxyTunnelHandler.add(
                        self.proxy,
                        to: self.endpoint,
                        in: channel,
                        start: begin,
                        limit: self.connectTimeout,
                        onFailure: finished.fail
                    )
                    let security = try LinkSecurity(
                        layer,
                        in: channel,
                        peer: "\(self.endpoint)",
                        limit: self.connectTimeout
                    )
                    try channel.pipeline.syncOperations.addHandler(
                        MachineHandler(
                            machine: machine,
                            start: begin,
                            finished: finished,
                            probe: probe.map { self.probeStarter($0, in: channels) },
                            isTCP: self.endpoint.port != nil,
                            security: security
                        )
                    )
                    channels.add(channel)
                }
            }
        connect(bootstrap, on: loop).whenComplete { result in
            switch result {
            case .success(let channel):
                // The address of a Unix socket may be relative to the folder of the process that bound it.
                if case .tcp = self.endpoint { self.address.withLock { $0 = $0 ?? channel.remoteAddress } }
            // The promise may already have been fulfilled by the handler's report; then this has no effect.
            case .failure(let error): finished.fail(error)
            }
        }
        return finished.futureResult
    }

    /// The security layer of a connection whose machine has this wish; nil for none.
    private func security(wishedFor wish: LinkSecurityWish) throws -> (any ChannelSecurity)? {
        guard wish != .usual else { return security }
        return wish.isInTheClear ? nil : try security?.adjusted(to: wish)
    }

    private func connect(_ bootstrap: ClientBootstrap, on loop: any EventLoop) -> EventLoopFuture<any Channel> {
        if let known = address.withLock({ $0 }) { return bootstrap.connect(to: known) }
        switch proxy?.endpoint ?? endpoint {
        case .tcp(let host, let port):
            return bootstrap.connect(host: host, port: port)
        case .unixSocket(let path):
            do {
                return bootstrap.connect(to: try UnixSocket.address(path))
            } catch {
                return loop.makeFailedFuture(error)
            }
        }
    }

    private func probeStarter(
        _ make: @escaping @Sendable (Int) -> any LinkMachine,
        in channels: OpenChannels
    ) -> ProbeStarter {
        { roundTrips, limit, loop in
            let done = loop.makePromise(of: Void.self)
            // Either may come first; the promise accepts only the first answer.
            let timer = loop.scheduleTask(in: limit) { done.succeed() }
            self.startProbe(make(roundTrips), on: loop, in: channels).whenComplete { _ in
                timer.cancel()
                done.succeed()
            }
            return done.futureResult
        }
    }

    private func startProbe(
        _ machine: some LinkMachine,
        on loop: any EventLoop,
        in channels: OpenChannels
    ) -> EventLoopFuture<Void> {
        guard let rate else { return start(machine, on: loop, probe: nil, in: channels).map { _ in } }
        return loop.flatScheduleTask(deadline: rate.reserve()) {
            self.start(machine, on: loop, probe: nil, in: channels).map { _ in }
        }.futureResult
    }
}

/// The channels of a conversation; the end of the conversation also ends those that are just opening.
private final class OpenChannels: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Adds a channel with a handler, or closes it at once if the conversation is over.
    func add(_ channel: any Channel) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.channels.append(channel) }
            return state.isClosed
        }
        if isClosed { channel.pipeline.fireUserInboundEventTriggered(CloseHere()) }
    }

    /// Closes every channel as if its machine had asked for it; channels that have ended ignore this.
    func closeAll() {
        let channels = state.withLock { state in
            defer { state = State(isClosed: true) }
            return state.channels
        }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(CloseHere()) }
    }
}
