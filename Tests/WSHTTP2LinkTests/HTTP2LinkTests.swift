import Testing
import WSHTTP2
import WSHTTP2Link
import WSLink

@Suite("Links over HTTP/2")
struct HTTP2LinkTests {
    /// The two ends of a connection on which machines have talked.
    struct Outcome {
        var clients: [StreamClient]
        var server: [String]
        var clientLink: HTTP2Link
        var serverLink: HTTP2Link
    }

    static let payload = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    /// Joins machines with a server that echoes.
    static func run(
        _ machines: [StreamClient],
        client: [HTTP2Setting] = [],
        server: [HTTP2Setting] = [],
        chunkLength: Int = 65_536
    ) -> Outcome {
        let log = StreamLog()
        var clientSettings = HTTP2LinkSettings.client(settingsLimit: .seconds(5))
        clientSettings.settings += client
        var serverSettings = HTTP2LinkSettings.server()
        serverSettings.settings += server
        var link = InMemoryLink(
            client: HTTP2Link(client: machines, clientSettings),
            server: HTTP2Link(serverSettings) { _ in StreamServer(log) },
            chunkLength: chunkLength
        )
        link.run()
        return Outcome(
            clients: link.client.machines.compactMap { $0 as? StreamClient },
            server: log.all,
            clientLink: link.client,
            serverLink: link.server
        )
    }

    @Test func `Octets of a stream come back, and its end is that of the link`() throws {
        let outcome = Self.run([StreamClient(Self.payload)])
        let client = try #require(outcome.clients.first)
        #expect(client.connections == 1)
        #expect(client.answer == [LinkField(":status", "200")])
        #expect(client.received == Self.payload)
        #expect(client.ends == [.finished])
        #expect(outcome.server == ["connected", "200000 octets, finished"])
        #expect(outcome.clientLink.violations.isEmpty && outcome.serverLink.violations.isEmpty)
        #expect(outcome.clientLink.trouble == nil && outcome.serverLink.trouble == nil)
    }

    @Test(arguments: [1, 3, 1_000]) func `How the connection is cut changes nothing`(length: Int) throws {
        let payload = Array(Self.payload.prefix(5_000))
        let outcome = Self.run([StreamClient(payload), StreamClient(payload)], chunkLength: length)
        #expect(outcome.clients.map(\.received) == [payload, payload])
        #expect(outcome.clients.map(\.ends) == [[.finished], [.finished]])
        #expect(outcome.serverLink.violations.isEmpty)
    }

    @Test(arguments: [1, 2, 100, 65_535] as [UInt32]) func `Windows are never exceeded`(size: UInt32) throws {
        let payload = Array(Self.payload.prefix(size < 100 ? 2_000 : 200_000))
        let window = [HTTP2Setting(.initialWindowSize, size)]
        let outcome = Self.run([StreamClient(payload)], client: window, server: window)
        #expect(outcome.clients.first?.received == payload)
        #expect(outcome.clients.first?.ends == [.finished])
        #expect(outcome.clientLink.violations.isEmpty && outcome.serverLink.violations.isEmpty)
    }

    @Test func `A machine is told of the end of its writes only when a window has let them go`() throws {
        let payload = Array(Self.payload.prefix(2_000))
        let machine = StreamClient(payload).with { $0.asksForNotice = true }
        let wide = try #require(Self.run([machine]).clients.first)
        let narrow = try #require(Self.run([machine], server: [HTTP2Setting(.initialWindowSize, 1)]).clients.first)
        #expect(wide.notices.count == 1 && narrow.notices.count == 1)
        // Each octet waits for a WINDOW_UPDATE of the server.
        let late = try #require(narrow.notices.first)
        #expect(late - LinkInstant.zero > .microseconds(2_000 * 100))
        #expect(try #require(wide.notices.first) < late)
    }

    @Test func `Pieces are frames and writes of their own`() throws {
        let machine = StreamClient(Array(Self.payload.prefix(10))).with { $0.pieces = 4 }
        var link = InMemoryLink(
            client: HTTP2Link(client: [machine], .client(settingsLimit: .seconds(5))),
            server: HTTP2Link { _ in StreamServer(StreamLog()) }
        )
        link.run()
        // Preface; ACK; HEADERS; three pieces of DATA with nine octets before each.
        #expect(link.clientWrites.contains(subsequence: [13, 13, 11]), "\(link.clientWrites)")
    }

    @Test func `A reset of a stream is told as one`() {
        let outcome = Self.run([StreamClient([1, 2, 3]).with { $0.ending = .reset }, StreamClient(Self.payload)])
        #expect(outcome.clients.map(\.ends) == [[.closedHere], [.finished]])
        #expect(outcome.server.contains("3 octets, reset"))
        #expect(outcome.server.contains("200000 octets, finished"))
    }

    @Test func `A close is END_STREAM, and does not wait for the other end`() {
        let outcome = Self.run([StreamClient([1, 2, 3]).with { $0.ending = .close }])
        #expect(outcome.clients.map(\.ends) == [[.closedHere]])
        #expect(outcome.server == ["connected", "3 octets, finished"])
    }

    @Test func `A hundred streams are one connection, as many at a time as the server takes`() {
        let machines = (0..<100).map { StreamClient([UInt8($0), 1, 2]) }
        for limit in [1, 7, 100] as [UInt32] {
            let outcome = Self.run(machines, server: [HTTP2Setting(.maxConcurrentStreams, limit)])
            #expect(outcome.clients.map(\.received) == machines.map(\.payload))
            #expect(outcome.clients.allSatisfy { $0.ends == [.finished] })
            #expect(outcome.server.count == 200)
            #expect(outcome.serverLink.violations.isEmpty)
        }
    }

    @Test func `A machine that does not read keeps its own window closed, and no other`() throws {
        let window = [HTTP2Setting(.initialWindowSize, 65_535)]
        let slow = StreamClient(Self.payload).with { $0.pause = .seconds(2) }
        let outcome = Self.run([slow, StreamClient(Self.payload)], client: window)
        #expect(outcome.clients.map(\.received) == [Self.payload, Self.payload])
        #expect(outcome.clients.map(\.ends) == [[.finished], [.finished]])
        #expect(outcome.clients.first?.receivedWhilePaused == 0)
        let ends = outcome.clients.map(\.endedAt)
        #expect(ends[1] < .zero + .seconds(1) && ends[0] > .zero + .seconds(2))
        #expect(outcome.clientLink.violations.isEmpty)
    }

    @Test func `Another request than for a WebSocket is the machine's to answer`() {
        let get = StreamClient([]).with {
            $0.fields = [
                LinkField(":method", "GET"), LinkField(":scheme", "http"), LinkField(":path", "/"),
                LinkField(":authority", "localhost"),
            ]
        }
        let outcome = Self.run([get])
        #expect(outcome.clients.first?.answer == [LinkField(":status", "404")])
        #expect(outcome.clients.first?.ends == [.closedHere])
        #expect(outcome.server == ["connected", "0 octets, closedHere"])
    }

    @Test func `A malformed request loses its stream, and the connection goes on`() {
        let wrong = StreamClient([1]).with { $0.fields.append(LinkField("Upper", "1")) }
        let outcome = Self.run([wrong, StreamClient(Self.payload)])
        #expect(outcome.clients.map(\.ends) == [[.reset], [.finished]])
        #expect(outcome.serverLink.violations.map(\.rule) == [.upperCaseName])
        #expect(outcome.server == ["connected", "200000 octets, finished"])
    }
}

extension [Int] {
    /// Whether the numbers stand in the array in this order, one behind the other.
    fileprivate func contains(subsequence: [Int]) -> Bool {
        indices.contains { self[$0...].starts(with: subsequence) }
    }
}
