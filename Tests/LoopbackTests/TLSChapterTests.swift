import NIOCore
import Synchronization
import Testing
import WSCatalogue
import WSConform
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTransport

@Suite("The chapter TLS, with a server under test", .tags(.loopback), .serialized, .timeLimit(.minutes(15)))
struct TLSChapterTests {
    private static let scenarios = Catalogue.all.filter { $0.security != nil && $0.targets.contains(.server) }

    /// Plays scenarios against a server, one after the other, as a run does.
    ///
    /// - Parameters:
    ///   - scenarios: The scenarios.
    ///   - patience: How long a connection may take to be made, and how long nothing may move.
    ///   - layer: What the server does with its TLS; nil leaves TLS out.
    ///   - machine: The server behind it.
    /// - Throws: The error of a run that cannot begin.
    /// - Returns: The judgements by id.
    private func judge(
        _ scenarios: [Scenario],
        patience: LinkDuration = .seconds(5),
        layer: (any ChannelSecurity) throws -> (any ChannelSecurity)? = { $0 },
        machine: @escaping @Sendable () -> any LinkMachine = Loopback.model
    ) async throws -> [String: Judgement] {
        let opened = try await ServerTLS().open(for: "localhost")
        defer { opened.close() }
        let endpoint = Endpoint.tcp(host: "127.0.0.1", port: 0)
        return try await Loopback.listening(at: endpoint, security: try layer(opened.security), machine) { endpoint in
            let url = try TargetURL("wss://\(endpoint)/")
            var tls = TargetTLS()
            tls.authorities = opened.authorities
            let results = Mutex<[String: Judgement]>([:])
            let run = TestRun(
                plan: RunPlan(
                    scenarios: scenarios,
                    control: Catalogue.Controls.echo,
                    controlWithoutEcho: Catalogue.Controls.ping,
                    settings: ConversationSettings(target: url, idleTimeout: patience),
                    jobs: 4
                ),
                dialer: Loopback.dialer(to: endpoint, connectTimeout: patience, security: try tls.security(for: url)),
                makeSidecar: { _ in nil },
                wallClock: { 0 },
                handle: { event in
                    switch event {
                    case .finished(let result), .replaced(let result):
                        guard let transcript = result.transcript, result.status == .recorded else {
                            Issue.record("\(result.scenario.id): \(result.status)")
                            return
                        }
                        let judgement = Judge.judge(result.scenario, transcript)
                        results.withLock { $0[result.scenario.id] = judgement }
                    default: break
                    }
                }
            )
            #expect(await run.run() == .complete)
            return results.withLock { $0 }
        }
    }

    private func judge(
        _ id: String,
        patience: LinkDuration = .seconds(5),
        layer: (any ChannelSecurity) throws -> (any ChannelSecurity)? = { $0 },
        machine: @escaping @Sendable () -> any LinkMachine = Loopback.model
    ) async throws -> Judgement {
        let scenario = try #require(Catalogue.scenario(id))
        return try #require(try await judge([scenario], patience: patience, layer: layer, machine: machine)[id])
    }

    private static func defective(_ defect: ModelDefect) -> @Sendable () -> any LinkMachine {
        { ModelServer(ModelServerSettings(defects: [defect])) }
    }

    @Test func `has nothing to say against the model server`() async throws {
        let judgements = try await judge(Self.scenarios)
        #expect(judgements.count == Self.scenarios.count)
        for (id, judgement) in judgements {
            #expect(judgement.verdict <= .informational, "\(id): \(judgement.reason)\n\(judgement.wire)")
            // On a busy machine an answer may be late.
            let others = judgement.findings.filter { $0.isPassive && $0.verdict > .tolerated }
            #expect(others.isEmpty, "\(id): \(others.map(\.reason))")
        }
    }

    @Test func `finds a server that ends TCP without close_notify`() async throws {
        let judgement = try await judge("tls/end/close-notify", machine: { Truncating() })
        #expect(judgement.verdict == .fail)
        #expect(judgement.findings.first?.requirement == "RFC8446-6.1-01")
    }

    @Test func `finds a server that chooses h2 and speaks HTTP slash 1 1`() async throws {
        var wish = LinkSecurityWish.usual
        wish.applicationProtocols = ["h2", "http/1.1"]
        for id in ["tls/alpn/h2-alone", "tls/alpn/h2-before-http-1-1"] {
            let judgement = try await judge(id, layer: { try $0.adjusted(to: wish) })
            #expect(judgement.verdict == .fail)
            #expect(judgement.findings.first?.requirement == "RFC7301-3.2-03")
        }
    }

    @Test func `tells which versions and names a server does not take, and fails none for them`() async throws {
        var wish = LinkSecurityWish.usual
        wish.version = "1.3"
        let judgement = try await judge("tls/version/1-2", layer: { try $0.adjusted(to: wish) })
        #expect(judgement.verdict == .informational)
        #expect(judgement.findings.first?.reasonKey == ReasonKey.securityRefused.rawValue)
    }

    @Test func `finds a server that accepts in the clear what has to go through TLS`() async throws {
        let judgement = try await judge("tls/clear/http-request", patience: .seconds(2), layer: { Lenient(tls: $0) })
        #expect(judgement.verdict == .fail)
        #expect(judgement.findings.first?.requirement == "RFC6455-4.2.2-02")
        #expect(judgement.findings.first?.reasonKey == ReasonKey.acceptedInTheClear.rawValue)
    }

    @Test func `finds a server that takes a request only whole`() async throws {
        let judgement = try await judge(
            "tls/record/request-octet-by-octet",
            machine: Self.defective(.refusesPieces)
        )
        #expect(judgement.verdict == .fail)
    }

    @Test func `sends the records that a scenario wants`() async throws {
        // What one octet, or so many, become with their type and their tag (RFC 8446, 5.2).
        let around = 17
        for (id, lengths) in [
            ("tls/record/one-octet", Array(repeating: 1, count: 64)), ("tls/record/many-frames", [200 * 26]),
            ("tls/record/frame-in-two", [1000, 1008]), ("tls/record/header-in-two", [1, 307]),
        ] {
            let log = RecordLog()
            #expect(try await judge(id, layer: { Counted(tls: $0, log: log) }).verdict == .pass)
            var sent = log.lengths
            for length in lengths {
                let place = try #require(sent.firstIndex(of: length + around), "\(id): \(length) in \(sent)")
                sent.remove(at: place)
            }
        }
        let log = RecordLog()
        #expect(try await judge("tls/record/cut-inside-header", layer: { Counted(tls: $0, log: log) }).verdict == .pass)
        #expect(log.hasCutHeader)
    }

    @Test func `finds a server that delivers what the end of TLS has cut off`() async throws {
        for id in ["tls/end/truncated-inside-message", "tls/end/half-open-inside-message"] {
            let judgement = try await judge(id, machine: Self.defective(.echoesFragments))
            #expect(judgement.verdict == .fail, "\(id)")
            #expect(judgement.findings.first?.reasonKey == ReasonKey.deliveredIncomplete.rawValue, "\(id)")
        }
    }

    @Test func `finds a server that whoever begins no handshake keeps from serving others`() async throws {
        for id in ["tls/beside/silence", "tls/beside/half-a-client-hello"] {
            let judgement = try await judge(id, patience: .seconds(2), layer: { Door(tls: $0) })
            #expect(judgement.verdict == .tolerated, "\(id)")
            #expect(judgement.findings.first?.reasonKey == ReasonKey.othersUnserved.rawValue, "\(id)")
        }
    }
}

/// The model server, which leaves close_notify out.
private struct Truncating: LinkMachine {
    private var server = ModelServer()

    var securityWish: LinkSecurityWish {
        var wish = LinkSecurityWish.usual
        wish.truncates = true
        return wish
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
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

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) { server.linkEnded(end, at: now) }
}

/// TLS for who begins with a handshake, and none for who begins with a request.
private struct Lenient: ChannelSecurity {
    let tls: any ChannelSecurity

    var name: String { tls.name }

    func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        try pipeline.addHandler(LenientHandler(), position: .first)
        try tls.addHandlers(to: pipeline)
    }

    func facts(of pipeline: ChannelPipeline.SynchronousOperations, applicationProtocol: String?) -> LinkSecurityFacts {
        tls.facts(of: pipeline, applicationProtocol: applicationProtocol)
    }

    func describe(_ error: any Error, in pipeline: ChannelPipeline.SynchronousOperations) -> String {
        tls.describe(error, in: pipeline)
    }

    func isTruncation(_ error: any Error) -> Bool { tls.isTruncation(error) }
}

/// Answers a request in the clear with a 101, as far as the handshake goes.
private final class LenientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var isTLS: Bool?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let octets = unwrapInboundIn(data)
        if isTLS == nil { isTLS = octets.readableBytesView.first == 0x16 }
        guard isTLS == false else { return context.fireChannelRead(data) }
        var server = ModelServer()
        var actions: [LinkAction] = []
        server.linkConnected(at: .zero, actions: &actions)
        server.linkReceived(octets.readableBytesUInt8Span, at: .zero, actions: &actions)
        for case .write(let answer) in actions {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
        }
    }
}

/// TLS of a server that does one handshake at a time, and waits for it as long as it takes.
private struct Door: ChannelSecurity {
    let tls: any ChannelSecurity
    private let inside = Inside()

    init(tls: any ChannelSecurity) {
        self.tls = tls
    }

    var name: String { tls.name }

    func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations) throws {
        try pipeline.addHandler(DoorHandler(inside), position: .first)
        try tls.addHandlers(to: pipeline)
        try pipeline.addHandler(DoorOpener(inside))
    }

    func facts(of pipeline: ChannelPipeline.SynchronousOperations, applicationProtocol: String?) -> LinkSecurityFacts {
        tls.facts(of: pipeline, applicationProtocol: applicationProtocol)
    }

    func describe(_ error: any Error, in pipeline: ChannelPipeline.SynchronousOperations) -> String {
        tls.describe(error, in: pipeline)
    }

    func isTruncation(_ error: any Error) -> Bool { tls.isTruncation(error) }
}

/// The connection whose handshake is under way.
private final class Inside: Sendable {
    private let channel = Mutex<ObjectIdentifier?>(nil)

    /// Lets a connection in, unless another one is inside.
    func takes(_ candidate: any Channel) -> Bool {
        channel.withLock { channel in
            channel = channel ?? ObjectIdentifier(candidate)
            return channel == ObjectIdentifier(candidate)
        }
    }

    /// Lets the next one in.
    func left(_ candidate: any Channel) {
        channel.withLock { channel in if channel == ObjectIdentifier(candidate) { channel = nil } }
    }
}

/// Drops what comes from a connection that is not let in.
private final class DoorHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inside: Inside
    private var isIn = false

    init(_ inside: Inside) {
        self.inside = inside
    }

    func channelActive(context: ChannelHandlerContext) {
        isIn = inside.takes(context.channel)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isIn { context.fireChannelRead(data) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        inside.left(context.channel)
        context.fireChannelInactive()
    }
}

/// Says when a handshake is done.
private final class DoorOpener: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let inside: Inside

    init(_ inside: Inside) {
        self.inside = inside
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        inside.left(context.channel)
        context.fireChannelRead(data)
    }
}
