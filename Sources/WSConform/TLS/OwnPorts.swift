import Synchronization
import WSControl
import WSHTTP2Link
import WSLink
import WSRunner
import WSScenario
import WSTransport

/// The ports of cases for which TLS or HTTP/2 is spoken in a way of their own.
struct OwnPorts: Sendable {
    /// The host and port of each case, by its id.
    private(set) var authorities: [String: String] = [:]
    private var acceptors: [any Acceptor] = []
    private let visits = Visits()

    /// Whether a connection came to the port of a case, whatever became of it.
    func hasVisitor(_ scenario: String) -> Bool { visits.cases.withLock { $0.contains(scenario) } }

    /// The cases to whose ports a connection came.
    private final class Visits: Sendable {
        let cases = Mutex<Set<String>>([])
    }

    /// Listens for each case that wants a port of its own and can have it.
    ///
    /// - Parameters:
    ///   - scenarios: The cases of the run.
    ///   - holder: Gives the control server, once there is one.
    ///   - address: Our usual endpoint, whose host the others have, too.
    ///   - limit: How long a handshake of TLS may take.
    ///   - secured: How TLS is spoken in this run; nil if it is not.
    /// - Throws: `RunTrouble` if TLS cannot be set up that way, or no further port is free.
    /// - Returns: The ports; those that clients cannot come to are left out.
    static func listen(
        for scenarios: [Scenario],
        _ holder: ControlServerHolder,
        _ address: Endpoint,
        _ limit: LinkDuration,
        _ secured: OpenServerTLS?
    ) async throws -> OwnPorts {
        var ports = OwnPorts()
        guard case .tcp(let host, _) = address else { return ports }
        for scenario in scenarios {
            if scenario.driver.action == .openOverHTTP2 {
                try await ports.add(scenario, host, holder, limit, secured?.security)
                continue
            }
            guard let secured, case .openSecured(let byName)? = scenario.driver.action,
                let security = scenario.security, let layer = try secured.security(for: security)
            else { continue }
            let isLocal = host == "localhost" || host.hasPrefix("127.")
            // A name leads to this machine over IPv4 or IPv6, and a client may try only one of them.
            guard !byName || isLocal && secured.authorities != nil else { continue }
            do {
                let machine = Machine(scenario: scenario, security: security, holder: holder, visits: ports.visits)
                let first = try await machine.accept(at: .tcp(host: host, port: 0), limit, layer)
                ports.acceptors.append(first)
                let port = first.endpoint.port ?? 0
                if byName, let second = try? await machine.accept(at: .tcp(host: "::1", port: port), limit, layer) {
                    ports.acceptors.append(second)
                }
                ports.authorities[scenario.id] = byName ? "localhost:\(port)" : first.endpoint.description
            } catch {
                await ports.closeAll()
                throw noPort(for: scenario, host, error)
            }
        }
        return ports
    }

    /// Listens for a case that wants HTTP/2 to be spoken in a way of its own.
    private mutating func add(
        _ scenario: Scenario,
        _ host: String,
        _ holder: ControlServerHolder,
        _ limit: LinkDuration,
        _ security: (any ChannelSecurity)?
    ) async throws {
        let endpoint = Endpoint.tcp(host: host, port: 0)
        let settings = HTTP2LinkSettings.server(testing: limit, scenario.stream)
        do {
            let acceptor = try await Sockets.accept(at: endpoint, connectTimeout: limit, security: security) {
                [visits] (waker: LinkWaker) in
                visits.cases.withLock { _ = $0.insert(scenario.id) }
                guard let controlServer = holder.controlServer else { return RefusedConnection() }
                let authority = controlServer.settings.ownAuthorities[scenario.id]
                return ConnectionRouter(controlServer, waker: waker, at: authority, http2: settings)
            }
            acceptors.append(acceptor)
            authorities[scenario.id] = acceptor.endpoint.description
        } catch {
            await closeAll()
            throw Self.noPort(for: scenario, host, error)
        }
    }

    private static func noPort(for scenario: Scenario, _ host: String, _ error: any Error) -> RunTrouble {
        let what = "\(host) has no port for the case \(scenario.id): \(error)"
        return RunTrouble("\(what); leave the case out with --exclude \(scenario.id)")
    }

    /// Ends them and their connections.
    func closeAll() async {
        for acceptor in acceptors { await acceptor.closeAll() }
    }

    /// Makes the machines of the connections to one port.
    private struct Machine: Sendable {
        let scenario: Scenario
        let security: SecurityToSpeak
        let holder: ControlServerHolder
        let visits: Visits

        func accept(
            at endpoint: Endpoint,
            _ limit: LinkDuration,
            _ layer: any ChannelSecurity
        ) async throws -> any Acceptor {
            let wish = LinkSecurityWish(security)
            if let octets = security.insteadOfAnswer {
                return try await Sockets.accept(at: endpoint, connectTimeout: limit) { [visits, scenario] in
                    visits.cases.withLock { _ = $0.insert(scenario.id) }
                    return StrangeServer(octets: octets)
                }
            }
            return try await Sockets.accept(at: endpoint, connectTimeout: limit, security: layer) {
                [holder, scenario, visits] (waker: LinkWaker) in
                visits.cases.withLock { _ = $0.insert(scenario.id) }
                guard let controlServer = holder.controlServer else { return RefusedConnection() }
                let authority = controlServer.settings.ownAuthorities[scenario.id]
                return ConnectionRouter(controlServer, waker: waker, at: authority, security: wish)
            }
        }
    }
}

/// Answers a ClientHello with octets that are no TLS, and waits for what the client makes of them.
private struct StrangeServer: LinkMachine {
    let octets: [UInt8]
    private var hasAnswered = false

    init(octets: [UInt8]) {
        self.octets = octets
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        guard !hasAnswered else { return }
        hasAnswered = true
        actions.append(.write(octets))
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}
}
