import WSProtocol
import WSScenario
import WSTranscript

/// The opening of a conversation with a client under test: its request comes, then our answer leaves.
extension TimelineBuilder {
    /// Records the head of the client's request; the octets after it are frames.
    mutating func take(request: HTTPHead, at time: Int64, _ evidence: Evidence) {
        headIsDone = true
        isOpen = true
        timeline.requests.append(request.raw)
        beginFrames(Negotiation())
        append(.request, at: time, evidence)
    }

    /// Records our answer after its last octet was sent.
    mutating func endAnswer(at time: Int64) {
        guard !hasAnswered else { return }
        hasAnswered = true
        var reader = ResponseReader()
        var position = 0
        let octets = timeline.answer
        while let event = reader.next(in: octets.span, at: &position) {
            switch event {
            case .interim(let response): timeline.interimResponses.append(response)
            case .final(let response):
                timeline.responses.append(response)
                timeline.negotiation = Negotiation(response)
                self.reader.negotiation = timeline.negotiation
            case .notHTTP: break
            }
        }
        append(.response, at: time, Evidence(.sent, offset: 0, length: UInt64(octets.count)))
    }

    /// Whether these octets begin another request, which a client can send only after an answer other than 101.
    ///
    /// On a stream of HTTP/2 there is one request.
    mutating func asksAgain(_ rest: Span<UInt8>) -> Bool {
        guard timeline.roleUnderTest == .client, !timeline.isOnStream else { return false }
        if timeline.hasAskedAgain { return true }
        guard rest.count > 0, hasAnswered, timeline.receivedFrames.isEmpty, !reader.isInsideFrame,
            HTTPHead.canBeginRequest(rest[0]), timeline.response.flatMap({ StatusLine($0)?.code }) != 101
        else { return false }
        timeline.hasAskedAgain = true
        return true
    }
}
