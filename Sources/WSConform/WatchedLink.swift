package import WSLink

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
    /// The link has ended.
    case ended(LinkEnd)
}

/// A machine on whose link somebody looks; it behaves as without, but holds no second connection.
struct WatchedLink<Machine: LinkMachine>: LinkMachine {
    /// The machine that is watched.
    private(set) var machine: Machine
    private let see: @Sendable (LinkSight, LinkInstant) -> Void

    /// The timer in place of round trips on another connection.
    private static var probe: LinkTimer { LinkTimer(number: .max) }

    init(_ machine: Machine, see: @escaping @Sendable (LinkSight, LinkInstant) -> Void) {
        self.machine = machine
        self.see = see
    }

    var securityWish: LinkSecurityWish { machine.securityWish }

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
            case .probe(_, let limit): actions[index] = .setTimer(Self.probe, at: limit)
            default: break
            }
        }
    }
}
