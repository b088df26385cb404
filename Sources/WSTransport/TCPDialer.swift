package import NIOCore
import NIOPosix
import Synchronization
package import WSLink

/// Connects to one target over TCP.
package final class TCPDialer: Dialer {
    private let group: any EventLoopGroup
    private let host: String
    private let port: Int
    private let connectTimeout: TimeAmount
    /// The address that the first connection found, so that names are looked up once.
    private let address = Mutex<SocketAddress?>(nil)

    /// Creates a dialer; nothing is connected yet, and an IPv6 address is without its brackets.
    package init(host: String, port: Int, connectTimeout: LinkDuration, group: any EventLoopGroup) {
        self.host = host
        self.port = port
        self.connectTimeout = .nanoseconds(connectTimeout.nanoseconds)
        self.group = group
    }

    /// Connects, runs a machine until its link has ended, and gives it back.
    package func run<Machine: LinkMachine>(
        _ machine: Machine,
        probe: @escaping @Sendable (_ roundTrips: Int) -> any LinkMachine
    ) async -> Machine {
        let loop = group.next()
        let open = Mutex<(any Channel)?>(nil)
        return await withTaskCancellationHandler {
            do {
                return try await start(
                    machine,
                    on: loop,
                    probe: probe,
                    opened: { channel in
                        open.withLock { $0 = channel }
                    }
                ).get()
            } catch {
                var machine = machine
                machine.linkEnded(.notConnected(describe(error)), at: .zero)
                return machine
            }
        } onCancel: {
            open.withLock { $0 }?.pipeline.fireUserInboundEventTriggered(CloseHere())
        }
    }

    private func start<Machine: LinkMachine>(
        _ machine: Machine,
        on loop: any EventLoop,
        probe: (@Sendable (Int) -> any LinkMachine)?,
        opened: (@Sendable (any Channel) -> Void)? = nil
    ) -> EventLoopFuture<Machine> {
        let begin = NIODeadline.now()
        let finished = loop.makePromise(of: Machine.self)
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 2048, initial: 8192, maximum: 262_144)
            )
            .channelInitializer { channel in
                opened?(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        MachineHandler(
                            machine: machine,
                            start: begin,
                            finished: finished,
                            probe: probe.map { self.probeStarter($0) }
                        )
                    )
                }
            }
        let known = address.withLock { $0 }
        let connected = known.map { bootstrap.connect(to: $0) } ?? bootstrap.connect(host: host, port: port)
        connected.whenComplete { result in
            switch result {
            case .success(let channel): self.address.withLock { $0 = $0 ?? channel.remoteAddress }
            // After this the handler's own report, if any, finds the promise fulfilled.
            case .failure(let error): finished.fail(error)
            }
        }
        return finished.futureResult
    }

    private func probeStarter(_ make: @escaping @Sendable (Int) -> any LinkMachine) -> ProbeStarter {
        { roundTrips, limit, loop in
            let done = loop.makePromise(of: Void.self)
            // Whichever comes first; the promise takes the first answer only.
            let timer = loop.scheduleTask(in: limit) { done.succeed() }
            self.startProbe(make(roundTrips), on: loop).whenComplete { _ in
                timer.cancel()
                done.succeed()
            }
            return done.futureResult
        }
    }

    private func startProbe(_ machine: some LinkMachine, on loop: any EventLoop) -> EventLoopFuture<Void> {
        start(machine, on: loop, probe: nil).map { _ in }
    }

    private func describe(_ error: any Error) -> String {
        ConnectFailure.describe(error, host: host, port: port)
    }
}
