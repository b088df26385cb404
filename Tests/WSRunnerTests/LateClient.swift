import WSLink
import WSProtocol

/// A client that answers all Pings of a while at its end, and echoes `echo` a tenth of a second later.
struct LateClient: LinkMachine {
    private let pongsAfter: LinkDuration
    private var received: [UInt8] = []

    private static let pongs = LinkTimer(number: 1)
    private static let echo = LinkTimer(number: 2)

    init(pongsAfter: LinkDuration) { self.pongsAfter = pongsAfter }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        actions.append(.write(RawClient.request()))
        actions.append(.setTimer(Self.pongs, at: now + pongsAfter))
        actions.append(.setTimer(Self.echo, at: now + pongsAfter + .milliseconds(100)))
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        for index in bytes.indices { received.append(bytes[index]) }
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        if timer == Self.echo {
            actions.append(.write(Self.masked(0x81, Array("echo".utf8))))
            return
        }
        for start in received.indices where received[start] == 0x89 && start + 1 < received.count {
            let payload = received[(start + 2)...].prefix(Int(received[start + 1]))
            actions.append(.write(Self.masked(0x8A, Array(payload))))
        }
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}
    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {}

    private static func masked(_ first: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [first, 0x80 | UInt8(payload.count), 0, 0, 0, 0] + payload
    }
}
