import WSLimits

/// Builds a transcript event by event.
package struct TranscriptRecorder: Sendable {
    /// How many received octets a transcript keeps in memory; further ones go to the sidecar.
    package static let inlineLimit = Limits.transcriptInline.value

    /// The record so far.
    package private(set) var transcript: Transcript
    /// The number of octets sent so far.
    package private(set) var sentCount: UInt64 = 0
    /// The number of octets received so far.
    package private(set) var receivedCount: UInt64 = 0

    /// The number of octets sent, and received, on the connection of HTTP/2.
    private var carrierCount: (sent: UInt64, received: UInt64) = (0, 0)
    /// How many of them were kept as they are, and whether a part of them was not.
    private var carrierOctets = 0
    private var hasLostCarrier = false
    private var carrierEvents = 0
    /// The place of the last event of the connection, and its direction; nil if there is none.
    private var lastCarrier: (index: Int, isSent: Bool)?
    private var inlineCount = 0
    private var readCount = 0
    /// Whether the store has refused octets; later octets would not follow the stored ones.
    private var hasLostSidecar = false

    private static let mostOctets = Limits.transcriptMemory.value
    private static let mostReads = Limits.transcriptReads.value
    private static let mostEvents = Limits.transcriptEvents.value / 2

    /// Whether so much was recorded that no more should be read from the peer.
    package var isFull: Bool { isUnkept || transcript.events.count > Self.mostEvents }

    /// Whether octets came that could not be stored, so that the record is incomplete.
    package var isUnkept: Bool { hasLostSidecar && inlineCount > Self.mostOctets }

    /// Creates an empty recorder.
    package init(header: TranscriptHeader, sidecar: (any SidecarStore)? = nil) {
        transcript = Transcript(header: header, sidecar: sidecar)
    }

    /// Records which stream of a connection of HTTP/2 the conversation is on.
    package mutating func carrierStream(_ id: UInt32) {
        transcript.header.stream = id == 1 ? nil : id
    }

    /// Records that the TCP connection is established.
    package mutating func connected(at time: Int64) {
        transcript.events.append(TranscriptEvent(time: time, kind: .connected))
    }

    /// Records octets handed to the network.
    package mutating func sent(_ content: SentContent, at time: Int64) {
        transcript.events.append(TranscriptEvent(time: time, kind: .sent(offset: sentCount, content)))
        sentCount += content.count
    }

    /// Records octets that were read, as parts from ``part(_:)`` or from the caller.
    ///
    /// If a peer sends very many small reads, later ones are merged with the read before.
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
            if case .octets(let octets) = part, case .octets(var before)? = earlier.last {
                // The array must not hold a second reference to what is appended to.
                earlier.removeLast()
                before += octets
                earlier.append(.octets(before))
            } else {
                earlier.append(part)
            }
        }
        transcript.events.append(TranscriptEvent(time: time, kind: .received(offset: offset, earlier)))
        return true
    }

    /// Stores octets that no reference covers: in memory, or in the sidecar beyond the limit.
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

    // MARK: - The connection of HTTP/2

    /// Records octets of the connection whose stream this is.
    ///
    /// Those of one moment are one event, and so are those of a direction beyond the number of reads that are kept
    /// apart. Beyond `carrier-octets` nothing more is kept.
    package mutating func carrier(_ parts: [CarrierPart], isSent: Bool, at time: Int64) {
        let offset = isSent ? carrierCount.sent : carrierCount.received
        for part in parts {
            if case .octets(let octets) = part { carrierOctets += octets.count }
            if isSent { carrierCount.sent += UInt64(part.count) } else { carrierCount.received += UInt64(part.count) }
        }
        hasLostCarrier = hasLostCarrier || carrierOctets > Limits.carrierOctets.value
        guard !hasLostCarrier, !joinsLast(parts, isSent: isSent, at: time) else { return }
        carrierEvents += 1
        lastCarrier = (transcript.events.count, isSent)
        let kind: TranscriptEvent.Kind =
            isSent ? .carrierSent(offset: offset, parts) : .carrierReceived(offset: offset, parts)
        transcript.events.append(TranscriptEvent(time: time, kind: kind))
    }

    /// Adds octets to the last event of the connection, if they go in its direction and belong to it.
    private mutating func joinsLast(_ parts: [CarrierPart], isSent: Bool, at time: Int64) -> Bool {
        guard let (index, wasSent) = lastCarrier, wasSent == isSent else { return false }
        let isSameMoment = index == transcript.events.count - 1 && transcript.events[index].time == time
        guard isSameMoment || carrierEvents > Self.mostReads else { return false }
        let kind = transcript.events[index].kind
        // The event must not hold a second reference to what is appended to.
        transcript.events[index].kind = .connected
        switch kind {
        case .carrierSent(let offset, var before):
            before.join(parts)
            transcript.events[index].kind = .carrierSent(offset: offset, before)
        case .carrierReceived(let offset, var before):
            before.join(parts)
            transcript.events[index].kind = .carrierReceived(offset: offset, before)
        default: transcript.events[index].kind = kind
        }
        return true
    }

    /// Records the end of that connection.
    package mutating func carrierEnded(_ end: TranscriptEnd, at time: Int64) {
        transcript.events.append(TranscriptEvent(time: time, kind: .carrierEnded(end)))
    }

    /// Records a note.
    package mutating func mark(_ mark: TranscriptMark, at time: Int64) {
        transcript.events.append(TranscriptEvent(time: time, kind: .mark(mark)))
    }

    /// Records the end, which completes the transcript.
    package mutating func ended(_ end: TranscriptEnd, at time: Int64) {
        transcript.events.append(TranscriptEvent(time: time, kind: .ended(end)))
        transcript.isComplete = true
    }
}

extension [CarrierPart] {
    /// Appends parts; what is of one kind with the last one becomes a part of it.
    fileprivate mutating func join(_ parts: [CarrierPart]) {
        for part in parts {
            switch (last, part) {
            case (.octets(var before)?, .octets(let octets)):
                removeLast()
                before += octets
                append(.octets(before))
            case (.data(let before)?, .data(let count)): self[self.count - 1] = .data(before + count)
            default: append(part)
            }
        }
    }
}
