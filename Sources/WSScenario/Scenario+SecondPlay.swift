import WSProtocol

extension Scenario {
    /// Whether the scenario can be played once more with Autobahn's own waits.
    ///
    /// That is so where a Ping of ours stands in for a wait of Autobahn's at a place where it may change what the peer
    /// does: inside a message that is open, or behind a frame that left something open for a peer that overlooks the
    /// rule against it. Round trips on another connection, which stand in for a wait inside a frame, change nothing.
    package var canBePlayedTwice: Bool {
        guard autobahn != nil, connections == 1, scalingBaseline == nil else { return false }
        var isOpen = false
        var hasFragments = false
        for step in script {
            switch step {
            case .send(let frame):
                hasFragments = hasFragments || !frame.fin
                if !frame.opcode.isControl { isOpen = !frame.fin }
            case .beginFrame(let fin, _, _):
                hasFragments = hasFragments || !fin
                isOpen = !fin
            case .barrier where isOpen: return true
            default: break
            }
        }
        if case .peerFails(lateBarrier: true) = conclusion { return hasFragments }
        return false
    }

    /// The same scenario with round trips on another connection in place of the Pings that stand in for Autobahn's
    /// waits; nil where one is sent behind the script.
    package var withoutPings: Scenario? {
        if case .peerFails(lateBarrier: true) = conclusion { return nil }
        var scenario = self
        scenario.script = script.map { step in
            if case .barrier(let tag, _) = step { .quiesce(tag: tag) } else { step }
        }
        return scenario
    }
}
