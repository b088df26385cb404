import WSProtocol
import WSTranscript

/// The opening of a conversation on a stream of HTTP/2.
extension TimelineBuilder {
    /// Takes the field lines of a stream of HTTP/2, which a record has as notes.
    mutating func take(_ mark: TranscriptMark) {
        switch mark {
        case .fieldsSent(let fields): timeline.streamRequest = timeline.streamRequest ?? fields
        case .fieldsReceived(let fields):
            let status = fields.status ?? 0
            // An interim answer is followed by another one, and behind the final one there are no more.
            guard timeline.streamAnswer == nil, !(100...199).contains(status) else { return }
            timeline.streamAnswer = fields
            headIsDone = true
            isOpen = (200...299).contains(status) && !fields.endsStream
            beginFrames(
                Negotiation(
                    subprotocols: fields.values(of: "sec-websocket-protocol"),
                    extensions: fields.values(of: "sec-websocket-extensions")
                )
            )
        default: break
        }
    }
}
