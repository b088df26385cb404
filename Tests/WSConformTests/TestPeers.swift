import Synchronization
import WSConform
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSTransport

/// Peers in this process for the library to test.
enum TestPeers {
    /// Counts connections, and how many were open at a time.
    final class Meter: Sendable {
        private struct Counts {
            var total = 0
            var open = 0
            var most = 0
        }

        private let counts = Mutex(Counts())

        var total: Int { counts.withLock { $0.total } }
        var most: Int { counts.withLock { $0.most } }

        func opened() {
            counts.withLock { counts in
                counts.total += 1
                counts.open += 1
                counts.most = max(counts.most, counts.open)
            }
        }

        func closed() {
            counts.withLock { $0.open -= 1 }
        }
    }

    /// Serves connections on a free port, and gives a body the address.
    static func serving<Result>(
        _ makeMachine: @escaping @Sendable () -> any LinkMachine,
        _ body: (String) async throws -> Result
    ) async throws -> Result {
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        let acceptor = try await Sockets.accept(at: endpoint, connectTimeout: .seconds(10), makeMachine: makeMachine)
        do {
            let result = try await body("ws://\(acceptor.endpoint)/")
            await acceptor.close()
            return result
        } catch {
            await acceptor.close()
            throw error
        }
    }

    /// Makes a model server with defects for each connection.
    static func model(_ defects: Set<ModelDefect> = [], name: String = "0.1.0") -> @Sendable () -> any LinkMachine {
        { ModelServer(ModelServerSettings(version: name, defects: defects)) }
    }

    /// Makes a model server that is counted for each connection.
    static func counted(_ meter: Meter) -> @Sendable () -> any LinkMachine {
        { MeteredServer(meter) }
    }

    /// Makes a silent server for each connection.
    static let silent: @Sendable () -> any LinkMachine = { SilentServer() }

    /// Connects to an address as the model client does, and echoes until the connection ends.
    @Sendable
    static func connectAndEcho(_ address: String) async throws {
        let url = try TargetURL(address)
        var settings = ModelClientSettings(host: url.hostField, version: "0.1.0", subprotocols: [])
        guard settings.take(address: address) else { return }
        let client = ModelClient(settings)
        let dialer = Sockets.dialer(to: url.endpoint, connectTimeout: .seconds(10))
        _ = await dialer.run(client, probe: { _ in client })
    }
}

/// A model server whose connection is counted.
struct MeteredServer: LinkMachine {
    private var server = ModelServer()
    private let meter: TestPeers.Meter

    init(_ meter: TestPeers.Meter) {
        self.meter = meter
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        meter.opened()
        server.linkConnected(at: now, actions: &actions)
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkReceived(bytes, at: now, actions: &actions)
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkWritable(at: now, actions: &actions)
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkTimerFired(timer, at: now, actions: &actions)
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkProbesAnswered(at: now, actions: &actions)
    }

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        meter.closed()
        server.linkEnded(end, at: now)
    }
}

/// A server that accepts connections and says nothing.
struct SilentServer: LinkMachine {
    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}
}
