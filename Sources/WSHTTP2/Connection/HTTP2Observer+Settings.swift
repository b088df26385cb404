extension HTTP2Observer {
    /// How many PING frames without an answer are kept for comparison.
    private static let pingCapacity = 64

    /// Takes a SETTINGS frame.
    mutating func set(_ settings: [HTTP2Setting], _ direction: HTTP2Direction) {
        let lane = direction.rawValue
        for violation in lanes[lane].settings.set(settings, from: lanes[lane].sender) {
            lanes[lane].report(violation.rule, on: 0, violation.setting.description)
        }
        follow(direction)
    }

    /// Takes an acknowledgment of SETTINGS.
    mutating func acknowledge(_ direction: HTTP2Direction) {
        guard lanes[direction.opposite.rawValue].settings.acknowledge() else {
            return lanes[direction.rawValue].report(.settingsAckUnexpected, on: 0, "no SETTINGS wait for it")
        }
        follow(direction.opposite)
    }

    /// Has the other direction follow the settings of the sender of this one.
    private mutating func follow(_ direction: HTTP2Direction) {
        let (lane, other) = (direction.rawValue, direction.opposite.rawValue)
        let settings = lanes[lane].settings.inForce
        lanes[other].decoder.maximumFrameSize = settings.maxFrameSize
        let tableSize = Int(settings.headerTableSize)
        if tableSize != lanes[other].hpack.maximumTableSize { lanes[other].hpack.setMaximumTableSize(tableSize) }
        let overflowing = lanes[other].flow.setInitialSize(settings.initialWindowSize)
        guard let first = overflowing.first else { return }
        lanes[lane].report(
            .initialWindowOverflow,
            on: 0,
            "INITIAL_WINDOW_SIZE = \(settings.initialWindowSize), with stream \(first) open"
        )
    }

    /// Takes a PING frame, or an answer to one.
    mutating func ping(_ octets: [UInt8], isAcknowledgment: Bool, _ direction: HTTP2Direction) {
        let (lane, other) = (direction.rawValue, direction.opposite.rawValue)
        guard isAcknowledgment else {
            if lanes[lane].pings.count == Self.pingCapacity {
                lanes[lane].pings.removeFirst()
                lanes[lane].hasLostPings = true
            }
            lanes[lane].pings.append(.init(octets: octets, followsGoAway: lanes[lane].goAway != nil))
            return
        }
        guard let index = lanes[other].pings.firstIndex(where: { $0.octets == octets }) else {
            if !lanes[other].hasLostPings {
                lanes[lane].report(.pingAckUnexpected, on: 0, "no PING with these octets waits for it")
            }
            return
        }
        let answered = lanes[other].pings.remove(at: index)
        if answered.followsGoAway { lanes[other].isGoAwayKnown = true }
    }
}
