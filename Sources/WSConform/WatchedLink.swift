import WSJudge
package import WSLink
import WSRunner
import WSTranscript

/// Something that happened on a link, for who looks on while it happens.
package enum LinkSight: Sendable, Hashable {
    /// The link stands.
    case connected
    /// The handshake of its security layer is done.
    case secured(LinkSecurityFacts)
    /// These octets were handed to the network.
    case sent([UInt8])
    /// These octets came.
    case received([UInt8])
    /// These field lines were sent on a stream of HTTP/2, or came on it.
    case fields([LinkField], isSent: Bool)
    /// This frame of HTTP/2 was sent on the connection that carries the link, or came on it; it is told in words.
    case carrier(String, isSent: Bool)
    /// The link has ended.
    case ended(LinkEnd)
}

/// A machine on whose link somebody looks; it behaves as without, but holds no second connection.
struct WatchedLink<Machine: LinkMachine>: LinkMachine {
    /// The machine that is watched.
    private(set) var machine: Machine
    private let see: @Sendable (LinkSight, LinkInstant) -> Void
    private var carrier = CarrierLines()

    /// The timer in place of round trips on another connection; a stream of HTTP/2 has numbers up to 254.
    private static var probe: LinkTimer { LinkTimer(number: 254) }

    init(_ machine: Machine, see: @escaping @Sendable (LinkSight, LinkInstant) -> Void) {
        self.machine = machine
        self.see = see
    }

    var securityWish: LinkSecurityWish { machine.securityWish }

    var carrierWish: LinkCarrierWish { machine.carrierWish }

    mutating func linkSecured(_ facts: LinkSecurityFacts, at now: LinkInstant) {
        see(.secured(facts), now)
        machine.linkSecured(facts, at: now)
    }

    mutating func linkConnected(at now: LinkInstant, actions: inout [LinkAction]) {
        see(.connected, now)
        watch(now, &actions) { $0.linkConnected(at: now, actions: &$1) }
    }

    mutating func linkReceived(_ bytes: Span<UInt8>, at now: LinkInstant, actions: inout [LinkAction]) {
        var octets: [UInt8] = []
        octets.reserveCapacity(bytes.count)
        for index in bytes.indices { octets.append(bytes[index]) }
        see(.received(octets), now)
        // A closure cannot take the span with it.
        let start = actions.count
        machine.linkReceived(bytes, at: now, actions: &actions)
        look(at: &actions, from: start, now)
    }

    mutating func linkReceivedFields(
        _ fields: [LinkField],
        ends: Bool,
        at now: LinkInstant,
        actions: inout [LinkAction]
    ) {
        see(.fields(fields, isSent: false), now)
        watch(now, &actions) { $0.linkReceivedFields(fields, ends: ends, at: now, actions: &$1) }
    }

    mutating func linkCarrierAnswered(at now: LinkInstant, actions: inout [LinkAction]) {
        watch(now, &actions) { $0.linkCarrierAnswered(at: now, actions: &$1) }
    }

    mutating func linkCarrier(_ event: LinkCarrierEvent, at now: LinkInstant) {
        let moved: (parts: [LinkCarrierPart], isSent: Bool) =
            switch event {
            case .sent(let parts): (parts, true)
            case .received(let parts): (parts, false)
            case .settled, .stream, .left, .ended: ([], false)
            }
        for line in carrier.take(moved.parts.map { CarrierPart($0) }, isSent: moved.isSent) {
            see(.carrier(line, isSent: moved.isSent), now)
        }
        machine.linkCarrier(event, at: now)
    }

    mutating func linkWritable(at now: LinkInstant, actions: inout [LinkAction]) {
        watch(now, &actions) { $0.linkWritable(at: now, actions: &$1) }
    }

    mutating func linkTimerFired(_ timer: LinkTimer, at now: LinkInstant, actions: inout [LinkAction]) {
        watch(now, &actions) { machine, actions in
            if timer == Self.probe {
                machine.linkProbesAnswered(at: now, actions: &actions)
            } else {
                machine.linkTimerFired(timer, at: now, actions: &actions)
            }
        }
    }

    mutating func linkProbesAnswered(at now: LinkInstant, actions: inout [LinkAction]) {}

    mutating func linkWoken(at now: LinkInstant, actions: inout [LinkAction]) {
        watch(now, &actions) { $0.linkWoken(at: now, actions: &$1) }
    }

    mutating func linkEnded(_ end: LinkEnd, at now: LinkInstant) {
        see(.ended(end), now)
        machine.linkEnded(end, at: now)
    }

    private mutating func watch(
        _ now: LinkInstant,
        _ actions: inout [LinkAction],
        _ act: (inout Machine, inout [LinkAction]) -> Void
    ) {
        let start = actions.count
        act(&machine, &actions)
        look(at: &actions, from: start, now)
    }

    /// Tells what is written, and replaces round trips by their longest time.
    private func look(at actions: inout [LinkAction], from start: Int, _ now: LinkInstant) {
        for index in actions.indices.dropFirst(start) {
            switch actions[index] {
            case .write(let octets), .writePieces(let octets, _): see(.sent(octets), now)
            case .sendFields(let fields, _): see(.fields(fields, isSent: true), now)
            case .probe(_, let limit): actions[index] = .setTimer(Self.probe, at: limit)
            default: break
            }
        }
    }
}
