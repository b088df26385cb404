import WSProtocol
import WSScenario
import WSTranscript

/// A Pong whose payload differs from that of the Ping that it should answer (RFC 6455, 5.5.3).
struct WrongPong: Sendable {
    /// The payload of the Ping that got no Pong.
    var ping: [UInt8]
    /// The payload of the Pong.
    var pong: [UInt8]
    /// The index of the Pong in the timeline.
    var index: Int

    /// The finding as a sentence about the peer.
    var sentence: String {
        "sent a Pong with other octets than its Ping: \(WireLog.quoted(pong)) for \(WireLog.quoted(ping)) "
            + "(RFC 6455, 5.5.3)"
    }
}

extension Case {
    /// The first Pong that matched no pending Ping, if one of those Pings was still unanswered at the end.
    ///
    /// Unsolicited Pongs are allowed, and a peer may answer only the most recent of several Pings. Therefore a Pong is
    /// wrong only if the tester then waited in vain for the right one. Nil where there is no such Pong.
    var wrongPong: WrongPong? {
        var open: [[UInt8]] = []
        var sent = SentPongs()
        var stray: (pong: [UInt8], open: [[UInt8]], index: Int)?
        // The same for one that equals a Pong of ours, and is less likely to be meant as an answer.
        var returned: (pong: [UInt8], open: [[UInt8]], index: Int)?
        for (index, entry) in timeline.entries.enumerated() {
            switch entry.kind {
            case .script(let reference):
                open += pings(in: reference)
                add(reference, to: &sent)
            case .extra(.ping, let payload): open.append(payload)
            case .extra(.pong, let payload): sent.add(payload)
            case .control(let frame) where frame.opcode == .pong:
                if let place = open.firstIndex(of: frame.payload) {
                    open.remove(at: place)
                } else if sent.comesBack(frame.payload) {
                    if returned == nil, !open.isEmpty { returned = (frame.payload, open, index) }
                } else if stray == nil, !open.isEmpty {
                    stray = (frame.payload, open, index)
                }
            case .mark(.gaveUp(.wrongPong)), .mark(.gaveUp(.deadline)):
                guard let stray = stray ?? returned else { return nil }
                let left = stray.open.filter { open.contains($0) }
                guard let ping = left.first(where: { $0.count == stray.pong.count }) ?? left.first else { return nil }
                return WrongPong(ping: ping, pong: stray.pong, index: stray.index)
            case .close, .mark(.gaveUp): return nil
            default: break
            }
        }
        return nil
    }

    /// The payloads of the Pings whose first octets a script reference covers; at most ``mostPings`` of a run.
    private func pings(in reference: ScriptReference) -> [[UInt8]] {
        guard scenario.script.indices.contains(reference.step) else { return [] }
        switch scenario.script[reference.step] {
        case .send(let frame) where frame.opcode == .ping && reference.start == 0: return [frame.payload.octets]
        case .sendRun(let run) where run.frame.opcode == .ping:
            return begun(of: run, reference).prefix(Self.mostPings).map { run.payload(ofFrame: $0).octets }
        default: return []
        }
    }

    /// Adds the Pings whose first octets a script reference covers.
    func add(_ reference: ScriptReference, to pings: inout OpenPings) {
        guard scenario.script.indices.contains(reference.step) else { return }
        switch scenario.script[reference.step] {
        case .send(let frame) where frame.opcode == .ping && reference.start == 0: pings.add(frame.payload.octets)
        case .sendRun(let run): pings.add(run, frames: begun(of: run, reference))
        default: break
        }
    }

    /// Adds the Pongs whose first octets a script reference covers.
    func add(_ reference: ScriptReference, to pongs: inout SentPongs) {
        guard scenario.script.indices.contains(reference.step) else { return }
        switch scenario.script[reference.step] {
        case .send(let frame) where frame.opcode == .pong && reference.start == 0: pongs.add(frame.payload.octets)
        case .sendRun(let run): pongs.add(run, frames: begun(of: run, reference))
        default: break
        }
    }

    /// The frames of a run whose first octets a script reference covers.
    private func begun(of run: FrameRun, _ reference: ScriptReference) -> Range<Int> {
        let named = (0..<run.count).dropFirst(max(0, reference.frame)).prefix(max(0, reference.frameCount))
        return reference.start == 0 ? named : named.dropFirst()
    }

    /// How many Pings of a run of frames are compared.
    private static var mostPings: Int { 2_000 }
}
