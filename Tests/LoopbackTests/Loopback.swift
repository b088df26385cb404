import NIOPosix
import PeerTestSupport
import Testing
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript
import WSTransport

extension Tag {
    /// Uses real sockets on 127.0.0.1.
    @Tag static var loopback: Self
}

/// Real sockets on ephemeral ports of 127.0.0.1.
enum Loopback {
    static let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)

    /// Makes a model server for each connection.
    static let model: @Sendable () -> any LinkMachine = { ModelServer() }

    /// Makes a copy of a peer for each connection.
    static func making(_ peer: ScriptedPeer) -> @Sendable () -> any LinkMachine {
        { peer }
    }

    /// Listens, and runs a body with the port.
    static func listening<Result>(
        _ makeMachine: @escaping @Sendable () -> any LinkMachine,
        _ body: (Int) async throws -> Result
    ) async throws -> Result {
        try await listening(at: .tcp(host: "127.0.0.1", port: 0), makeMachine) { endpoint in
            try await body(try #require(endpoint.port))
        }
    }

    /// Listens at an endpoint, and runs a body with what became of it.
    static func listening<Result>(
        at endpoint: Endpoint,
        security: (any ChannelSecurity)? = nil,
        _ makeMachine: @escaping @Sendable () -> any LinkMachine,
        _ body: (Endpoint) async throws -> Result
    ) async throws -> Result {
        let acceptor = try await accept(at: endpoint, security: security, makeMachine)
        do {
            let result = try await body(acceptor.endpoint)
            await acceptor.close()
            return result
        } catch {
            await acceptor.close()
            throw error
        }
    }

    static func accept(
        at endpoint: Endpoint,
        connectTimeout: LinkDuration = .seconds(10),
        security: (any ChannelSecurity)? = nil,
        _ makeMachine: @escaping @Sendable () -> any LinkMachine
    ) async throws -> any Acceptor {
        try await Sockets.accept(
            at: endpoint,
            connectTimeout: connectTimeout,
            security: security,
            group: group,
            makeMachine: makeMachine
        )
    }

    static func dialer(host: String = "127.0.0.1", port: Int) -> any Dialer {
        dialer(to: .tcp(host: host, port: port))
    }

    static func dialer(
        to endpoint: Endpoint,
        connectTimeout: LinkDuration = .seconds(2),
        security: (any ChannelSecurity)? = nil
    ) -> any Dialer {
        Sockets.dialer(to: endpoint, connectTimeout: connectTimeout, security: security, group: group)
    }

    static func settings(port: Int, idleTimeout: LinkDuration = .seconds(5)) throws -> ConversationSettings {
        ConversationSettings(target: try TargetURL("ws://127.0.0.1:\(port)/"), idleTimeout: idleTimeout)
    }

    /// Runs one conversation over TCP.
    static func converse(
        _ scenario: Scenario,
        port: Int,
        host: String = "127.0.0.1",
        idleTimeout: LinkDuration = .seconds(5)
    ) async throws -> ConversationMachine {
        try await converse(scenario, at: .tcp(host: host, port: port), idleTimeout: idleTimeout)
    }

    /// Runs one conversation.
    static func converse(
        _ scenario: Scenario,
        at endpoint: Endpoint,
        security: (any ChannelSecurity)? = nil,
        idleTimeout: LinkDuration = .seconds(5)
    ) async throws -> ConversationMachine {
        // Where it connects to is the dialer's business; a Unix socket has no port to name in the request.
        let settings = try settings(port: endpoint.port ?? 80, idleTimeout: idleTimeout)
        return await dialer(to: endpoint, security: security).run(
            ConversationMachine(scenario: scenario, settings: settings),
            probe: { ConversationMachine(scenario: roundTrips($0), settings: settings) }
        )
    }

    /// Round trips on a connection that serves no other purpose.
    static func roundTrips(_ count: Int) -> Scenario {
        Scenario(
            id: "control/round-trips",
            title: "",
            requirements: [],
            needs: .nothing,
            script: [.barrier(tag: "round-trips", pings: count), .startClosingHandshake(body: .octets([3, 0xE8]))],
            conclusion: .awaitEnd,
            behaviour: [.conforms(.anything)],
            closing: [.conforms(.anything)]
        )
    }
}

/// Runs another machine and says when its link has ended.
struct Watched: LinkMachine {
    var machine: ScriptedPeer
    let onEnd: @Sendable (LinkEnd, ScriptedPeer) -> Void

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        machine.linkConnected(at: now, actions: &actions)
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        machine.linkReceived(bytes, at: now, actions: &actions)
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        machine.linkWritable(at: now, actions: &actions)
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        machine.linkTimerFired(timer, at: now, actions: &actions)
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        machine.linkEnded(end, at: now)
        onEnd(end, machine)
    }
}
