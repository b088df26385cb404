package import WSProtocol
package import WSScenario

/// The opening handshake on a stream of HTTP/2 in the server's role: a client's Extended CONNECT and our answer.
///
/// A request with flaws is accepted, as over HTTP/1.1: rules of the judge report the flaws. After a scenario's own
/// answer that accepts nothing, only the client's first octets show whether the client took it for an acceptance.
package struct HTTP2ServerOpening: OpeningHandshake {
    /// The subprotocols that we accept.
    private let subprotocols: [String]
    private let extraFields: [HTTPField]
    /// How we answer offers of permessage-deflate; nil if we decline them.
    private let compression: CompressionOpening?
    /// The scenario's own answer; nil for the ordinary one.
    private let own: StreamToSpeak.Answer?
    private var hasRequest = false
    private var hasOpened = false

    /// Creates the opening handshake of a scenario.
    package init(_ scenario: Scenario, _ settings: ConversationSettings) {
        compression = if case .negotiating(let compression) = scenario.opening { compression } else { nil }
        subprotocols = settings.subprotocols + scenario.driver.subprotocols
        extraFields = settings.headerFields
        own = scenario.stream?.answer
    }

    package var takesAnyAnswer: Bool { false }

    package var isReadingRefusal: Bool { false }

    package mutating func begin() -> [OpeningStep] { [] }

    package mutating func resume() -> [OpeningStep] { [] }

    /// Octets before our answer belong to nothing; behind one of our own they are frames, which shows that the client
    /// took it for an acceptance.
    package mutating func read(_ bytes: Span<UInt8>) -> [OpeningStep] {
        guard own != nil, hasRequest, !hasOpened, bytes.count > 0 else { return [.took(bytes.count)] }
        hasOpened = true
        return [.opened(Negotiation())]
    }

    package mutating func readFields(_ fields: [HTTPField], endsStream: Bool) -> [OpeningStep] {
        // A second section on the stream is no request; the rules about HTTP/2 report it.
        guard !hasRequest else { return [] }
        hasRequest = true
        let request = HTTPHead(ofStream: fields)
        let read = OpeningStep.requestRead(
            userAgent: request.values(of: "User-Agent").first,
            offersCompression: request.offersCompression
        )
        let assessment = HandshakeRules.checkRequest(request)
        guard fields.asksForWebSocket else {
            return [read, .sendFields([HTTPField(":status", "400")], ends: true), .refused]
        }
        let subprotocol = assessment.subprotocols.first { subprotocols.contains($0) }
        let agreed = compression?.answer(to: assessment.extensions)
        var lines = [HTTPField(":status", "200")]
        if let subprotocol { lines.append(HTTPField("sec-websocket-protocol", subprotocol)) }
        if let agreed { lines.append(HTTPField("sec-websocket-extensions", agreed.element.text)) }
        lines += extraFields.map { HTTPField($0.name.lowercased(), $0.value) }
        let negotiation = Negotiation(subprotocol: subprotocol, compression: agreed?.parameters)
        switch own {
        case .fields(let ownLines, let endsStream):
            // The status of our own answer takes the place of the usual one, as do fields of the same names.
            let names = Set(ownLines.map(\.name) + [":status"])
            let all = ownLines.map { HTTPField($0.name, $0.value) } + lines.filter { !names.contains($0.name) }
            hasOpened = own?.accepts == true
            return [read, .sendFields(all, ends: endsStream), .answered] + (hasOpened ? [.opened(negotiation)] : [])
                + [.talk(early: [])]
        case .frames(let octets): return [read, .sendOnCarrier(octets), .answered, .finish]
        case nil: break
        }
        hasOpened = true
        return [read, .sendFields(lines, ends: false), .answered, .opened(negotiation), .talk(early: [])]
    }
}
