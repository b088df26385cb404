import WSLimits
import WSLink

/// What has moved on the connection of a server, for the records of streams that begin later.
///
/// A record begins with the connection, because the field lines of a stream cannot be read without those before them.
struct CarrierHistory: Sendable {
    /// What was sent and received, in order; what one read or write brought is one event.
    private(set) var events: [LinkCarrierEvent] = []
    private var size = 0

    /// Whether there is too much of it for further records.
    var isTooLarge: Bool { size > Limits.carrierHistory.value }

    mutating func add(_ event: LinkCarrierEvent) {
        switch event {
        case .sent(let parts), .received(let parts):
            events.append(event)
            for part in parts {
                // A part without octets counts as well, or many of them would be kept.
                switch part {
                case .octets(let octets): size += octets.count
                case .data: size += 8
                }
            }
        case .stream, .settled, .ended, .left: break
        }
    }
}

extension LinkCarrierEvent {
    /// Whether nothing follows.
    var isEnd: Bool { if case .ended = self { true } else { false } }
}
