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
    package mutating func received(_ parts: [ReceivedPart], at time: Int64) {
        transcript.events.append(TranscriptEvent(time: time, kind: .received(offset: receivedCount, parts)))
        for part in parts { receivedCount += UInt64(part.count) }
    }

    /// Makes a part of octets that nothing can refer to: in memory at first, in the sidecar beyond the limit.
    package mutating func part(_ octets: Span<UInt8>) -> ReceivedPart {
        if inlineCount + octets.count > Self.inlineLimit, let sidecar = transcript.sidecar,
            let position = sidecar.append(octets)
        {
            return .sidecar(position: position, length: octets.count)
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
