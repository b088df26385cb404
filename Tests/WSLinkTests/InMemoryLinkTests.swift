import Testing
import WSLink

/// Writes what it is told when it is connected, and remembers what happens.
private struct Recorder: LinkMachine {
    var onConnect: [LinkAction] = []
    var onReceive: [LinkAction] = []
    var onTimer: [LinkAction] = []
    var log: [String] = []
    var received: [UInt8] = []
    var end: LinkEnd?
    var endedAt = LinkInstant.zero

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        log.append("connected")
        actions += onConnect
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        log.append("received \(bytes.count)")
        for index in bytes.indices { received.append(bytes[index]) }
        actions += onReceive
        onReceive = []
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) { log.append("writable") }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        log.append("timer \(timer.number)")
        actions += onTimer
        onTimer = []
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) { log.append("probes") }

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        log.append("ended")
        self.end = end
        endedAt = now
    }
}

@Suite struct `The link in memory` {
    private func run(_ client: Recorder, _ server: Recorder = Recorder(), chunk: Int = 65_536) -> (Recorder, Recorder) {
        var link = InMemoryLink(client: client, server: server, chunkLength: chunk)
        link.run()
        return (link.client, link.server)
    }

    @Test(arguments: [1, 3, 65_536])
    func `Octets arrive in order, in pieces no longer than asked for`(chunk: Int) {
        let octets = (0..<100).map { UInt8($0) }
        let (client, server) = run(
            Recorder(onConnect: [.write(octets), .writePieces(octets, size: 30), .close]),
            chunk: chunk
        )
        #expect(server.received == octets + octets)
        #expect(server.end == .finished)
        #expect(client.end == .closedHere)
        #expect(server.log.last == "ended" && server.log.count { $0 == "ended" } == 1)
    }

    @Test func `Behind what is cut finely up to 251 octets arrive at once`() {
        var link = InMemoryLink(
            client: Recorder(onConnect: [.write([0, 1, 2]), .write([UInt8](repeating: 3, count: 600)), .close]),
            server: Recorder(),
            chunkLength: 1,
            finelyCut: 4
        )
        link.run()
        #expect(
            link.server.log.dropFirst().dropLast().map { Int($0.split(separator: " ")[1]) } == [
                1, 1, 1, 1, 251, 251, 97,
            ]
        )
        #expect(link.server.received.count == 603)
    }

    @Test func `A reset is seen as a reset, behind what was sent before it`() {
        let (client, server) = run(
            Recorder(onConnect: [.write([1, 2, 3])]),
            Recorder(onReceive: [.write([4]), .reset])
        )
        #expect(client.end == .reset)
        #expect(client.received == [4])
        #expect(server.end == .closedHere)
    }

    @Test func `Who pauses reading hears nothing more, not even what is sent later`() {
        let (_, server) = run(
            Recorder(
                onConnect: [.write([1]), .setTimer(LinkTimer(number: 0), at: LinkInstant(nanoseconds: 1_000_000))],
                onTimer: [.write([2]), .close]
            ),
            Recorder(onReceive: [.pauseReading])
        )
        #expect(server.received == [1])
    }

    @Test func `Timers fire in order, once, and not when they are moved or cancelled`() {
        let moment = { LinkInstant(nanoseconds: $0 * 1_000_000) }
        let (client, _) = run(
            Recorder(
                onConnect: [
                    .setTimer(LinkTimer(number: 1), at: moment(30)), .setTimer(LinkTimer(number: 2), at: moment(20)),
                    .setTimer(LinkTimer(number: 3), at: moment(10)), .setTimer(LinkTimer(number: 1), at: moment(5)),
                    .cancelTimer(LinkTimer(number: 3)), .notifyWhenWritten,
                    .probe(roundTrips: 3, limit: moment(1000)),
                ]
            )
        )
        #expect(client.log == ["connected", "writable", "probes", "timer 1", "timer 2"])
    }

    @Test func `The clock jumps over an hour without waiting, and stops at its limit`() {
        let client = Recorder(
            onConnect: [.setTimer(LinkTimer(number: 1), at: LinkInstant(nanoseconds: 7_200_000_000_000))]
        )
        var link = InMemoryLink(client: client, server: Recorder())
        link.run()
        #expect(link.client.log == ["connected"])
    }

    @Test func `Many single octets are a matter of a moment`() {
        let octets = [UInt8](repeating: 7, count: 300_000)
        let (_, server) = run(Recorder(onConnect: [.write(octets), .close]), chunk: 1)
        #expect(server.received.count == octets.count)
    }

    @Test(arguments: [(-1.0, 0), (0.5, 500_000_000), (1e300, 3_200_000_000_000_000_000)] as [(Double, Int64)])
    func `Spans of any number of seconds have a whole number of nanoseconds`(seconds: Double, nanoseconds: Int64) {
        #expect(LinkDuration.seconds(seconds).nanoseconds == nanoseconds)
    }
}
