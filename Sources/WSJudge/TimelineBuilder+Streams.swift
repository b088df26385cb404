import WSProtocol
import WSScenario
import WSTranscript

/// The opening of a conversation on a stream of HTTP/2.
extension TimelineBuilder {
    /// Takes the field lines of a stream of HTTP/2, which a record has as notes.
    mutating func take(_ mark: TranscriptMark) {
        guard timeline.roleUnderTest == .server else { return takeFields(ofClient: mark) }
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

    /// Takes the field lines of a stream whose client is under test.
    private mutating func takeFields(ofClient mark: TranscriptMark) {
        switch mark {
        case .fieldsReceived(let fields) where timeline.streamRequest == nil:
            timeline.streamRequest = fields
            headIsDone = true
            isOpen = true
            beginFrames(Negotiation())
        case .fieldsSent(let fields) where !(100...199).contains(fields.status ?? 0) || fields.status == 101:
            timeline.streamAnswer = timeline.streamAnswer ?? fields
            timeline.negotiation = Negotiation(
                subprotocols: fields.values(of: "sec-websocket-protocol"),
                extensions: fields.values(of: "sec-websocket-extensions")
            )
            reader.negotiation = timeline.negotiation
            hasAnswered = true
        default: break
        }
    }

    /// Takes octets of the connection that carries the stream.
    mutating func take(_ parts: [CarrierPart], isSent: Bool, at time: Int64) {
        if timeline.carrier == nil {
            timeline.carrier = CarrierRecord(stream: carrierStream, testing: timeline.roleUnderTest)
        }
        timeline.carrier?.take(parts, isSent: isSent)
        let lines = timeline.carrier?.takeLines() ?? []
        guard tellsCarrier else { return }
        for line in lines where !isTold(line) { append(.carrier(line.text, isSent: line.isSent), at: time) }
    }

    /// Whether a frame is not worth a line: the first HEADERS of the stream, whose field lines stand there already, an
    /// acknowledgment of SETTINGS, whose place depends on the moment, and a client's other streams.
    private mutating func isTold(_ line: CarrierRecord.Line) -> Bool {
        if line.text == "SETTINGS ACK" { return true }
        // What moves on other streams is no part of the conversation.
        guard timeline.roleUnderTest == .server || line.stream == 0 || line.stream == carrierStream else { return true }
        guard line.text.hasPrefix("HEADERS on stream \(carrierStream)") else { return false }
        return shownHeaders.insert(line.isSent).inserted
    }
}
