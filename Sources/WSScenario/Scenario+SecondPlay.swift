import WSProtocol

extension Scenario {
    /// Whether the scenario can be played again with Autobahn's own waits.
    ///
    /// That is so if a Ping of ours replaces a wait of Autobahn's where it may change the peer's reaction: inside an
    /// open message, or after a frame that leaves something open in a peer that ignores the violation. Waits inside a
    /// frame are replaced by round trips on another connection, which change nothing.
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

    /// The scenario with round trips on another connection instead of the Pings that replace Autobahn's waits.
    ///
    /// Nil if a Ping is sent after the script.
    package var withoutPings: Scenario? {
        if case .peerFails(lateBarrier: true) = conclusion { return nil }
        var scenario = self
        scenario.script = script.map { step in
            if case .barrier(let tag, _) = step { .quiesce(tag: tag) } else { step }
        }
        return scenario
    }
}
