import Synchronization
import Testing
import WSHTTP2
import WSHTTP2Link
import WSLink
import WSModelPeer

/// What a server is found to offer where it may choose the version of HTTP.
@Suite struct `What a server offers` {
    /// Connects to a server in memory, over TLS that has chosen an application protocol.
    private struct MemoryDialer<Server: LinkMachine>: Dialer {
        /// The application protocol; nil where TLS fails.
        var chosen: String??
        var server: Server

        func run<Machine: LinkMachine>(
            _ machine: Machine,
            probe: @escaping @Sendable (_ roundTrips: Int) -> any LinkMachine
        ) async -> Machine {
            #expect(machine.securityWish.applicationProtocols == ["h2", "http/1.1"])
            var machine = machine
            guard let chosen else {
                machine.linkEnded(.notSecured("no TLS"), at: .zero)
                return machine
            }
            machine.linkSecured(LinkSecurityFacts(version: "TLS 1.3", applicationProtocol: chosen), at: .zero)
            var link = InMemoryLink(client: machine, server: server)
            link.run()
            return link.client
        }
    }

    private static func offer(_ chosen: String??, _ server: some LinkMachine) async -> HTTP2Offer {
        await HTTP2Offer.ask(over: MemoryDialer(chosen: chosen, server: server), limit: .seconds(5))
    }

    @Test func `WebSocket over HTTP/2 takes h2 and the setting, and anything else HTTP/1.1`() async {
        let right = HTTP2Link(serving: ModelServerSettings())
        #expect(await Self.offer("h2", right) == .webSocket)
        var settings = HTTP2LinkSettings.server()
        settings.settings.removeAll { $0.identifier == .enableConnectProtocol }
        let withoutWebSocket = HTTP2Link(settings) { _ in ModelServer() }
        #expect(await Self.offer("h2", withoutWebSocket) == .noWebSocket)
        for chosen in ["http/1.1", nil] {
            #expect(await Self.offer(.some(chosen), right) == .noHTTP2)
        }
    }

    @Test func `Where TLS fails, or no SETTINGS come, nothing is known`() async {
        #expect(await Self.offer(nil, HTTP2Link(serving: ModelServerSettings())) == .unknown)
        #expect(await Self.offer("h2", SilentServer()) == .unknown)
    }

    @Test func `Nothing is sent on a stream, and the connection ends in the orderly way`() async {
        let asked = Mutex<[UInt8]>([])
        let dialer = MemoryDialer(chosen: "h2", server: ListeningServer { octets in asked.withLock { $0 += octets } })
        _ = await HTTP2Offer.ask(over: dialer, limit: .seconds(5))
        var observer = HTTP2Observer(role: .server)
        var position = 0
        var types: [HTTP2FrameType] = []
        let octets = asked.withLock { $0 }
        while let event = observer.next(in: octets.span, at: &position, .received) {
            if case .frame(let header, _) = event { types.append(header.type) }
        }
        #expect(types == [.settings, .windowUpdate, .settings, .goAway])
    }
}

/// Takes everything and says nothing.
private struct SilentServer: LinkMachine {
    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}
}

/// A right server that tells what it receives.
private struct ListeningServer: LinkMachine {
    private var server = HTTP2Link(serving: ModelServerSettings())
    private let hear: @Sendable ([UInt8]) -> Void

    init(hear: @escaping @Sendable ([UInt8]) -> Void) { self.hear = hear }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkConnected(at: now, actions: &actions)
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        var octets: [UInt8] = []
        for index in bytes.indices { octets.append(bytes[index]) }
        hear(octets)
        server.linkReceived(bytes, at: now, actions: &actions)
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkWritable(at: now, actions: &actions)
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        server.linkTimerFired(timer, at: now, actions: &actions)
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) { server.linkEnded(end, at: now) }
}
