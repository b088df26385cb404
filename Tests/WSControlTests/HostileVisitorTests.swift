import Testing
import WSControl
import WSLink
import WSProtocol
import WSRunner

@Suite("Hostile visitors", .serialized, .timeLimit(.minutes(15)))
struct HostileVisitorTests {
    @Test("TLS is recognised by its first octets, told once, and ended", arguments: [false, true])
    func tls(isSplit: Bool) async throws {
        try await RunningControlServer.open { open in
            let hello: [UInt8] = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03]
            let client = await open.send(RawClient(isSplit ? Array(hello.prefix(2)) : hello))
            #expect(client.received.isEmpty && client.end == .finished)
            #expect(await open.note()?.hasPrefix("a client speaks TLS here") == true)
        }
    }

    @Test(
        "Junk is ended with one line",
        arguments: [[0x00, 0x01, 0x02], [0x81, 0x85, 1, 2, 3, 4], Array("\u{1}GET / HTTP/1.1\r\n\r\n".utf8)]
            as [[UInt8]]
    )
    func junk(octets: [UInt8]) async throws {
        try await RunningControlServer.open { open in
            let client = await open.send(RawClient(octets))
            #expect(client.status == 400 && client.end == .finished)
            #expect(await open.note()?.contains("no HTTP request") == true)
        }
    }

    @Test("A line that is no request line gets 400")
    func noRequestLine() async throws {
        try await RunningControlServer.open { open in
            #expect(await open.send(RawClient(Array("hello there you\r\n\r\n".utf8))).status == 400)
        }
    }

    @Test(
        "Who sends a request that never ends, or nothing, is not waited for longer than the time of silence",
        arguments: [("GET / HTTP/1.1\r\nHost: a\r\nX: ", 408), ("", 0)]
    )
    func slow(text: String, status: Int) async throws {
        try await RunningControlServer.open(timeout: .seconds(2)) { open in
            let client = await open.send(RawClient(Array(text.utf8)))
            #expect(client.status == status && client.end == .finished)
            #expect(await open.note()?.contains("raise --timeout") == true)
        }
    }

    @Test("A head without end is cut off")
    func longHead() async throws {
        try await RunningControlServer.open { open in
            let text = "GET / HTTP/1.1\r\nX: " + String(repeating: "x", count: 70_000)
            #expect(await open.send(RawClient(Array(text.utf8))).status == 431)
            #expect(await open.note()?.contains("more than 65536 octets") == true)
        }
    }

    @Test("A thousand connections at once are served, those that say nothing beside them do no harm")
    func thousand() async throws {
        try await RunningControlServer.open(timeout: .seconds(60)) { open in
            let close = RawClient.frame(.close, [])
            await withTaskGroup(of: Int.self) { group in
                for _ in 0..<1_000 {
                    group.addTask { await open.send(.webSocket("/getCaseCount", afterHead: close)).status }
                }
                var served = 0
                for await status in group where status == 101 { served += 1 }
                #expect(served == 1_000)
            }
        }
    }

    @Test("The same oddity is told once, however often it comes")
    func once() async throws {
        try await RunningControlServer.open { open in
            for _ in 0..<5 { _ = await open.send(RawClient([0x16, 0x03, 0x01])) }
            open.controlServer.finish()
            var notes = 0
            for await event in open.controlServer.events { if case .note = event { notes += 1 } }
            #expect(notes == 1)
        }
    }
}
