import PeerTestSupport
import Testing
import WSKernels
import WSLink
import WSTransport

/// Octets that leave in pieces, some of them past the channel's own queue.
@Suite(.tags(.loopback), .serialized, .timeLimit(.minutes(15)))
struct `Pieces over loopback` {
    @Test(arguments: [1, 7, 64, 4096], [false, true])
    func `All octets arrive in order, behind a write that fills the network and in front of another`(
        size: Int,
        readsLate: Bool
    ) async throws {
        // More than the buffers of both ends take, so that the first pieces have to queue up behind it.
        let first = Self.octets(readsLate ? 12 << 20 : 1000, seed: 1)
        let (second, third) = (Self.octets(3003, seed: 2), Self.octets(500, seed: 3))
        let (streams, arrived) = AsyncStream.makeStream(of: [UInt8].self)
        let make: @Sendable () -> any LinkMachine = {
            Reader(readsLate: readsLate) { arrived.yield($0) }
        }
        try await Loopback.listening(make) { port in
            let writer = Writer(
                turns: [
                    [.write(first), .writePieces(second, size: size), .write(third), .notifyWhenWritten],
                    [.writePieces(second, size: size), .notifyWhenWritten],
                    [.writePieces(third, size: size), .writePieces([], size: size), .closeOutput],
                ]
            )
            _ = await Loopback.dialer(port: port).run(writer, probe: { _ in Writer(turns: []) })
            let stream = try #require(await streams.first { _ in true })
            #expect(stream.count == first.count + 2 * second.count + 2 * third.count)
            #expect(stream == first + second + third + second + third)
        }
    }

    private static func octets(_ count: Int, seed: UInt64) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 32) }
    }
}

/// Does its actions turn by turn, each once the one before has left.
private struct Writer: LinkMachine {
    var turns: [[LinkAction]]

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) { go(&actions) }
    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) { go(&actions) }
    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}

    private mutating func go(_ actions: inout [LinkAction]) {
        guard !turns.isEmpty else { return }
        actions += turns.removeFirst()
    }
}

/// Reads to the end, and begins late where it is told so.
private struct Reader: LinkMachine {
    let readsLate: Bool
    let whenEnded: @Sendable ([UInt8]) -> Void
    var octets: [UInt8] = []

    init(readsLate: Bool, whenEnded: @escaping @Sendable ([UInt8]) -> Void) {
        self.readsLate = readsLate
        self.whenEnded = whenEnded
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        guard readsLate else { return }
        actions += [.pauseReading, .setTimer(LinkTimer(number: 1), at: now + .milliseconds(50))]
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        actions.append(.resumeReading)
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        octets.append(copying: bytes)
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) { whenEnded(octets) }
}
