import WSLimits

/// Builds a transcript event by event.
package struct TranscriptRecorder: Sendable {
    /// How many received octets one transcript keeps in memory; what goes beyond goes to the sidecar.
    package static let inlineLimit = Limits.transcriptInline.value

    /// What has been recorded so far.
    package private(set) var transcript: Transcript
    /// All octets sent so far.
    package private(set) var sentCount: UInt64 = 0
    /// All octets received so far.
    package private(set) var receivedCount: UInt64 = 0

    private var inlineCount = 0
    private var readCount = 0
    /// Whether the store has refused octets; what it would be given then no longer follows what it has.
    private var hasLostSidecar = false

    private static let mostOctets = Limits.transcriptMemory.value
    private static let mostReads = Limits.transcriptReads.value
    private static let mostEvents = Limits.transcriptEvents.value / 2

    /// Whether so much has been recorded that no more should be read of the peer.
    package var isFull: Bool { isUnkept || transcript.events.count > Self.mostEvents }

    /// Whether octets come that neither the store nor memory keeps, so that the record shows less than came.
    package var isUnkept: Bool { hasLostSidecar && inlineCount > Self.mostOctets }

    /// Creates a recorder with nothing recorded.
    package init(header: TranscriptHeader, sidecar: (any SidecarStore)? = nil) {
        transcript = Transcript(header: header, sidecar: sidecar)
    }

    /// Records that the TCP connection stands.
    package mutating func connected(at time: Int64) {
        transcript.events.append(TranscriptEvent(time: time, kind: .connected))
    }

    /// Records octets handed to the network.
    package mutating func sent(_ content: SentContent, at time: Int64) {
        transcript.events.append(TranscriptEvent(time: time, kind: .sent(offset: sentCount, content)))
        sentCount += content.count
    }

    /// Records octets read, as the parts that ``part(_:)`` and the caller made of them.
    ///
    /// Of a peer that sends octet by octet without end, later reads are added to the one right before.
    package mutating func received(_ parts: [ReceivedPart], at time: Int64) {
        readCount += 1
        if readCount <= Self.mostReads || !addToLast(parts, at: time) {
            transcript.events.append(TranscriptEvent(time: time, kind: .received(offset: receivedCount, parts)))
        }
        for part in parts { receivedCount += UInt64(part.count) }
    }

    private mutating func addToLast(_ parts: [ReceivedPart], at time: Int64) -> Bool {
        guard let last = transcript.events.popLast() else { return false }
        guard case .received(let offset, var earlier) = last.kind else {
            transcript.events.append(last)
            return false
        }
        for part in parts {
            guard case .octets(let octets) = part, case .octets(var before)? = earlier.popLast() else {
                earlier.append(part)
                continue
            }
            before += octets
            earlier.append(.octets(before))
        }
        transcript.events.append(TranscriptEvent(time: time, kind: .received(offset: offset, earlier)))
        return true
    }

    /// Makes a part of octets that nothing can refer to: in memory at first, in the sidecar beyond the limit.
    package mutating func part(_ octets: Span<UInt8>) -> ReceivedPart {
        if inlineCount + octets.count > Self.inlineLimit, !hasLostSidecar, let sidecar = transcript.sidecar {
            if let position = sidecar.append(octets) { return .sidecar(position: position, length: octets.count) }
            hasLostSidecar = true
        }
        inlineCount += octets.count
        var copy: [UInt8] = []
        copy.reserveCapacity(octets.count)
        for index in octets.indices { copy.append(octets[index]) }
        return .octets(copy)
    }

    /// Records something that the octets do not show.
    package mutating func mark(_ mark: TranscriptMark, at time: Int64) {
        transcript.events.append(TranscriptEvent(time: time, kind: .mark(mark)))
    }

    /// Records the end; the transcript is complete then.
    package mutating func ended(_ end: TranscriptEnd, at time: Int64) {
        transcript.events.append(TranscriptEvent(time: time, kind: .ended(end)))
        transcript.isComplete = true
    }
}
