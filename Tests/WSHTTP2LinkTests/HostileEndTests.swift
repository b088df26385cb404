import Testing
import WSHTTP2
import WSHTTP2Link
import WSLimits
import WSLink

@Suite("What a hostile end of HTTP/2 can do to a link")
struct HostileEndTests {
    static let settings = HTTP2Frame.settings([HTTP2Setting(.enableConnectProtocol, 1)]).encoded

    /// Runs a client on one connection with a scripted server.
    static func client(
        _ octets: [UInt8],
        answer: [UInt8] = [],
        closesBehind: Bool = false
    ) throws -> (machine: StreamClient, link: HTTP2Link, peer: ScriptedPeer) {
        let machine = StreamClient([1]).with { $0.ending = .never }
        var link = InMemoryLink(
            client: HTTP2Link(client: [machine], .client(settingsLimit: .seconds(3))),
            server: ScriptedPeer(octets: octets, answer: answer, closesBehind: closesBehind)
        )
        link.run(until: .zero + .seconds(60))
        let ended = try #require(link.client.machines.first as? StreamClient)
        #expect(ended.ends.count == 1)
        return (ended, link.client, link.server)
    }

    /// Runs a server on one connection with a scripted client.
    static func server(_ octets: [UInt8]) -> (log: [String], link: HTTP2Link, peer: ScriptedPeer) {
        let log = StreamLog()
        var link = InMemoryLink(
            client: ScriptedPeer(octets: HTTP2Frame.preface + HTTP2Frame.settings().encoded + octets),
            server: HTTP2Link { _ in StreamServer(log) }
        )
        link.run(until: .zero + .seconds(60))
        return (log.all, link.server, link.client)
    }

    static func request(on id: UInt32, _ encoder: inout HPACKEncoder) -> [UInt8] {
        let fields = StreamClient.request.map { FieldLine($0.name, $0.value) }
        return HTTP2Frame.headers(encoder.encode(fields), on: id).encoded
    }

    // MARK: - Servers

    @Test func `A server that answers with HTTP/1.1 is told as one`() throws {
        let (machine, _, _) = try Self.client(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
        #expect(machine.connections == 0)
        #expect(machine.ends == [.notConnected("the server's first octets are no HTTP/2")])
    }

    @Test func `A server that sends nothing is waited for only so long`() throws {
        let (machine, _, peer) = try Self.client([])
        #expect(machine.ends == [.notConnected("the server sent no SETTINGS of HTTP/2 within 3 s")])
        #expect(machine.endedAt >= .zero + .seconds(3) && machine.endedAt < .zero + .seconds(4))
        #expect(peer.goAway == .noError)
    }

    @Test func `A server that takes no Extended CONNECT gets no request`() throws {
        let (machine, _, peer) = try Self.client(HTTP2Frame.settings().encoded)
        guard case .notConnected(let line) = machine.ends.first else { return #expect(Bool(false), "\(machine.ends)") }
        #expect(line.contains("ENABLE_CONNECT_PROTOCOL"))
        let headers = peer.frames.contains { if case .frameEnd(_, .headers, _) = $0 { true } else { false } }
        #expect(!headers)
    }

    @Test func `GOAWAY at once is told with its code`() throws {
        let goAway = HTTP2Frame.goAway(lastStreamID: 0, .enhanceYourCalm).encoded
        let line = "the server ended the connection (GOAWAY with ENHANCE_YOUR_CALM)"
        for octets in [goAway + Self.settings, Self.settings + goAway] {
            let (machine, _, _) = try Self.client(octets)
            #expect(machine.ends == [.notConnected(line)])
        }
    }

    @Test func `The end of the connection is the end of its streams`() throws {
        #expect(try Self.client(Self.settings, closesBehind: true).machine.ends == [.truncated])
        guard case .notConnected(let line) = try Self.client([], closesBehind: true).machine.ends.first else {
            return #expect(Bool(false))
        }
        #expect(line == "the server ended the connection of HTTP/2 before its SETTINGS came")
    }

    @Test func `A refused stream is reset, once`() throws {
        let refusal = HTTP2Frame.resetStream(1, .refusedStream).encoded
        let (machine, _, peer) = try Self.client(Self.settings, answer: refusal + refusal)
        #expect(machine.ends == [.reset])
        #expect(peer.goAway == .noError)
    }

    @Test func `Floods of SETTINGS and PING end the connection when their answers are not read`() throws {
        let ping = HTTP2Frame.ping([UInt8](repeating: 7, count: 8)).encoded
        for frame in [ping, HTTP2Frame.settings().encoded] {
            let flood = (0...Limits.connectionAnswers.value).flatMap { _ in frame }
            let (machine, link, peer) = try Self.client(Self.settings + flood)
            #expect(machine.ends.count == 1)
            #expect(peer.goAway == .enhanceYourCalm)
            #expect(link.trouble?.contains("connection-answers") == true, "\(link.trouble ?? "")")
            #expect(peer.pongs <= Limits.connectionAnswers.value)
        }
    }

    @Test func `A field block without end is not read on`() throws {
        let empty = HTTP2Frame.continuation([], on: 1, endHeaders: false).encoded
        let large = HTTP2Frame.continuation([UInt8](repeating: 0, count: 16_384), on: 1, endHeaders: false).encoded
        let begin = HTTP2Frame.headers([0x88], on: 1, endHeaders: false).encoded
        for (frame, count) in [(empty, Limits.fieldBlock.value + 1), (large, Limits.fieldBlock.value / 16_384 + 1)] {
            let flood = (0..<count).flatMap { _ in frame }
            let (machine, link, peer) = try Self.client(Self.settings, answer: begin + flood)
            #expect(machine.ends.count == 1)
            #expect(peer.goAway == .enhanceYourCalm)
            #expect(link.trouble?.contains("field-block") == true)
        }
    }

    @Test func `A field block that cannot be read ends the connection`() throws {
        let block = HTTP2Frame.headers([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], on: 1).encoded
        let (machine, _, peer) = try Self.client(Self.settings, answer: block)
        #expect(peer.goAway == .compressionError)
        guard case .notConnected(let line) = machine.ends.first else { return #expect(Bool(false), "\(machine.ends)") }
        #expect(line.hasPrefix("the server violated HTTP/2 (RFC 9113 section 4.3)"))
    }

    @Test func `A window that grows too large ends the connection`() throws {
        let update = HTTP2Frame.windowUpdate(HTTP2Window.maximum).encoded
        #expect(try Self.client(Self.settings + update + update).peer.goAway == .flowControlError)
    }

    @Test func `What a tester can read in spite of a violation is read`() throws {
        var encoder = HPACKEncoder()
        let lines = [FieldLine(":status", "200"), FieldLine("Upper", "1"), FieldLine("connection", "upgrade")]
        let answer = HTTP2Frame.headers(encoder.encode(lines), on: 1).encoded
        let end = HTTP2Frame.data([9], on: 1, endStream: true).encoded
        let (machine, link, _) = try Self.client(Self.settings, answer: answer + end)
        #expect(machine.answer.first(":status") == "200")
        #expect(machine.received == [9] && machine.ends == [.finished])
        #expect(link.violations.map(\.rule) == [.upperCaseName, .connectionField])
    }

    // MARK: - Clients

    @Test func `Streams that are opened and reset at once end the connection in time`() {
        var encoder = HPACKEncoder()
        var octets: [UInt8] = []
        for index in 0...UInt32(Limits.cancelledStreams.value) {
            octets += Self.request(on: 2 * index + 1, &encoder)
            octets += HTTP2Frame.resetStream(2 * index + 1, .cancel).encoded
        }
        let (log, link, peer) = Self.server(octets)
        #expect(peer.goAway == .enhanceYourCalm)
        #expect(link.trouble?.contains("cancelled-streams") == true)
        let ends = log.count { $0.hasSuffix("reset") || $0.hasSuffix("truncated") }
        #expect(log.count { $0 == "connected" } == ends)
    }

    @Test func `Streams beyond the limit are refused, and nobody is made for them`() {
        var encoder = HPACKEncoder()
        let octets = (0..<130).flatMap { Self.request(on: 2 * UInt32($0) + 1, &encoder) }
        let (log, _, peer) = Self.server(octets)
        #expect(log.count { $0 == "connected" } == 128)
        let refused = peer.frames.count {
            if case .frameEnd(_, .resetStream(.refusedStream), _) = $0 { true } else { false }
        }
        #expect(refused == 2)
    }

    @Test func `A client that does not speak HTTP/2 is left soon`() {
        let log = StreamLog()
        var link = InMemoryLink(
            client: ScriptedPeer(octets: Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)),
            server: HTTP2Link { _ in StreamServer(log) }
        )
        link.run(until: .zero + .seconds(5))
        #expect(link.client.ends == [.finished])
        #expect(log.all.isEmpty)
    }

    @Test func `A connection without a stream is kept for half a minute only`() {
        let (_, link, peer) = Self.server([])
        #expect(peer.goAway == .noError)
        #expect(link.trouble == "no stream is open")
        #expect(peer.ends.count == 1)
    }
}
