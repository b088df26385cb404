import WSLimits
import WSProtocol
package import WSScenario
package import WSTranscript

/// Reads octets of a recording, wherever they are stored.
package struct RecordedOctets: Sendable {
    private let stimulus: Stimulus
    private let keys: MaskingKeySequence
    private let role: Role
    private let effort: Effort
    private let sidecar: (any SidecarStore)?
    private var sent: [Piece<SentContent>] = []
    private var received: [Piece<ReceivedPart>] = []
    /// How the messages of our loop were compressed; nil if they were not.
    package private(set) var compression: SendingCompression?

    /// Octets that were recorded together.
    private struct Piece<Content: Sendable>: Sendable {
        var offset: UInt64
        var count: UInt64
        var content: Content
    }

    /// How far into a write of the script octets can be read; all octets before them are generated again.
    private static let farthest = 65_536

    /// Opens a recording of a scenario whose stimulus is the recorded one.
    package init(_ transcript: Transcript, of scenario: Scenario) {
        let header = transcript.header
        let tested = Role(rawValue: header.roleUnderTest) ?? .server
        role = tested.opposite
        stimulus = scenario.testing(tested).seeded(header.seed).stimulus
        effort = Effort(rawValue: header.effort) ?? .quick
        keys = MaskingKeySequence(run: header.seed, scenario: header.scenario)
        sidecar = transcript.sidecar
        for event in transcript.events {
            switch event.kind {
            case .sent(let offset, let content):
                sent.append(Piece(offset: offset, count: content.count, content: content))
            case .received(var offset, let parts):
                for part in parts {
                    received.append(Piece(offset: offset, count: UInt64(part.count), content: part))
                    offset += UInt64(part.count)
                }
            case .connected, .mark, .carrierSent, .carrierReceived, .carrierEnded, .ended: break
            }
        }
        if scenario.echoLoop?.compression != nil { compression = agreed }
    }

    /// What the answer in the recording says about how our messages are compressed.
    private var agreed: SendingCompression? {
        let most = Limits.head.value
        var octets = role == .client ? received(from: 0, count: most) : sent(from: 0, count: most)
        var heads = HTTPHeadDecoder(expecting: .response)
        while case .complete(let head, let consumed) = heads.feed(octets.span) {
            octets.removeFirst(consumed)
            // Interim responses agree on nothing.
            if let compression = Negotiation(head).compression {
                return SendingCompression(compression, sender: role)
            }
        }
        return nil
    }

    /// The octets that we sent from an offset on; fewer if there are no more or they cannot be read.
    package func sent(from offset: UInt64, count: Int) -> [UInt8] {
        Self.gather(sent, from: offset, count: count) { content, start, count in
            switch content {
            case .octets(let octets): Array(octets.dropFirst(start).prefix(count))
            case .script(let reference): script(reference, from: start, count: count)
            }
        }
    }

    /// The octets that we received from an offset on; fewer if there are no more or they cannot be read.
    package func received(from offset: UInt64, count: Int) -> [UInt8] {
        Self.gather(received, from: offset, count: count) { part, start, count in
            switch part {
            case .octets(let octets): return Array(octets.dropFirst(start).prefix(count))
            case .message: return []
            case .sidecar(let position, let length):
                return sidecar?.read(position: position + start, length: min(count, length - start)) ?? []
            case .payload(let index, let first, let length):
                guard stimulus.payloads.indices.contains(index) else { return [] }
                let payload = stimulus.payloads[index]
                let range = first + start..<first + min(length, start + count)
                guard range.upperBound <= payload.count else { return [] }
                var octets: [UInt8] = []
                payload.append(range, to: &octets)
                return octets
            }
        }
    }

    private func script(_ reference: ScriptReference, from start: Int, count: Int) -> [UInt8] {
        guard start <= Self.farthest else { return [] }
        var reference = reference
        reference.length = min(reference.length, UInt64(start + count))
        let octets = ScriptEncoder.octets(
            of: reference,
            in: stimulus.script,
            role: role,
            keys: keys,
            effort: effort,
            compression: compression
        )
        return Array((octets ?? []).dropFirst(start))
    }

    /// Collects octets from consecutive pieces.
    private static func gather<Content>(
        _ pieces: [Piece<Content>],
        from offset: UInt64,
        count: Int,
        _ read: (Content, _ start: Int, _ count: Int) -> [UInt8]
    ) -> [UInt8] {
        // Finds the last piece that begins at or before the offset.
        var (low, high) = (0, pieces.count)
        while low < high {
            let middle = (low + high) / 2
            if pieces[middle].offset <= offset { low = middle + 1 } else { high = middle }
        }
        var result: [UInt8] = []
        for piece in pieces[max(0, low - 1)...] {
            let place = offset + UInt64(result.count)
            guard result.count < count, piece.offset <= place else { break }
            guard place - piece.offset < piece.count else { continue }
            result += read(piece.content, Int(clamping: place - piece.offset), count - result.count)
        }
        return result
    }
}
