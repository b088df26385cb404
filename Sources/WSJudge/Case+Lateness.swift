import WSProtocol
import WSScenario

extension Case {
    /// How long the peer may take for what it does at the end before that is late, in nanoseconds.
    ///
    /// That is a second, or four times what the slowest of its answers before the first Close frame took: where a
    /// machine is busy or a way is long, everything takes its time, and nothing in particular is late.
    var latenessLimit: Int64 {
        let end = [timeline.peerCloseIndex, ourCloseIndex].compactMap(\.self).min() ?? timeline.entries.count
        var before: Int64 = 0
        var slowest: Int64 = 0
        for entry in timeline.entries[..<end] {
            if entry.kind.isByPeer(roleUnderTest) { slowest = max(slowest, entry.time - before) }
            before = entry.time
        }
        return max(1_000_000_000, min(slowest, .max / 4) * 4)
    }
}

extension Timeline.Kind {
    /// Whether the peer did it.
    fileprivate func isByPeer(_ roleUnderTest: Role) -> Bool {
        switch self {
        case .request: roleUnderTest == .client
        case .response: roleUnderTest == .server
        // The header of its Close frame belongs to what may be late.
        case .frame(let header): header.opcode != .close
        case .message, .control, .close, .violation: true
        case .script, .extra, .carrier, .mark, .ended: false
        }
    }
}
