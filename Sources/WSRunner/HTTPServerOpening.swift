import WSProtocol
package import WSScenario

/// The opening handshake of HTTP/1.1 in the server's role: reads a client's request and sends our answer.
///
/// A request with flaws is accepted if it is still an opening handshake: rules of the judge report the flaws, and the
/// rest of the conversation is of interest, too. After a scenario's own answer, only the client's first octets show
/// whether the client accepted it.
package struct HTTPServerOpening: OpeningHandshake {
    private enum Stage: Sendable {
        /// Reading the request.
        case awaiting
        /// Sending our answer in pieces.
        case answering
        /// Waiting for how the client reacts to our answer.
        case answered
        case over
    }

    /// The scenario's own answer; nil for the ordinary one.
    private var own: ResponseToSend?
    /// What has to be offered for our own answer about permessage-deflate; nil if it is about something else.
    private let neededOffer: ClientOffer?
    /// Whether our first frames are sent with the answer.
    private let joinsFrames: Bool
    /// The subprotocols that we accept.
    private let subprotocols: [String]
    private let extraFields: [HTTPField]
    /// How we answer offers of permessage-deflate; nil if we decline them.
    private let compression: CompressionOpening?
    private var stage = Stage.awaiting
    private var head = HTTPHeadDecoder(expecting: .request)
    private var outgoing = PacedOctets()
    /// What the client sent after its request before we had answered.
    private var early: [UInt8] = []
    /// What our answer agrees to; nil if its status is not 101.
    private var acceptance: Negotiation?
    private var hasOpened = false

    /// Creates the opening handshake of a scenario.
    package init(_ scenario: Scenario, _ settings: ConversationSettings) {
        own = if case .response(let response) = scenario.opening { response } else { nil }
        neededOffer = scenario.compression?.offer
        compression = if case .negotiating(let compression) = scenario.opening { compression } else { nil }
        joinsFrames = scenario.opening == .framesWithHandshake
        subprotocols = settings.subprotocols + scenario.driver.subprotocols
        extraFields = settings.headerFields
    }

    package var takesAnyAnswer: Bool { false }

    package var isReadingRefusal: Bool { false }

    package mutating func begin() -> [OpeningStep] { [] }

    package mutating func resume() -> [OpeningStep] { send() }

    package mutating func read(_ bytes: Span<UInt8>) -> [OpeningStep] {
        switch stage {
        case .awaiting: readRequest(bytes)
        case .answering: keep(bytes)
        case .answered: readFirstOctets(bytes)
        case .over: [.took(bytes.count)]
        }
    }

    // MARK: - The request

    private mutating func readRequest(_ bytes: Span<UInt8>) -> [OpeningStep] {
        switch head.feed(bytes) {
        case .needMore:
            return [.took(bytes.count)]
        case .tooLarge, .notHTTP:
            return [.took(bytes.count), .fail(.notHTTP)]
        case .complete(let request, let consumed):
            stage = .answering
            var steps: [OpeningStep] = [
                .took(consumed),
                .requestRead(
                    userAgent: request.values(of: "User-Agent").first,
                    offersCompression: request.offersCompression
                ),
            ]
            if consumed < bytes.count { steps += keep(bytes.extracting(consumed..<bytes.count)) }
            return steps + answer(request)
        }
    }

    /// Keeps octets that come before our answer was sent.
    private mutating func keep(_ bytes: Span<UInt8>) -> [OpeningStep] {
        let took = OpeningStep.took(bytes.count)
        guard early.count + bytes.count <= Pacing.mostEarlyOctets else { return [took, .flood] }
        for index in bytes.indices { early.append(bytes[index]) }
        guard own != nil, !outgoing.rest.isEmpty else { return [took] }
        return [took] + openIfFrames(early.first)
    }

    // MARK: - The answer

    /// Answers the request: with the scenario's own answer, an ordinary 101, or a status that refuses it.
    private mutating func answer(_ request: HTTPHead) -> [OpeningStep] {
        let assessment = HandshakeRules.checkRequest(request)
        let subprotocol = assessment.subprotocols.first { subprotocols.contains($0) }
        // What answers an offer has another meaning without it.
        if let neededOffer, !neededOffer.holds(for: assessment.extensions) { own = nil }
        if let own {
            let octets = own.octets(answering: request, subprotocol: subprotocol)
            if let final = Self.finalResponse(among: octets), StatusLine(final)?.code == 101 {
                acceptance = Negotiation(final)
            }
            outgoing = PacedOctets(octets, own.pacing)
        } else if let key = assessment.key, assessment.asksForWebSocket {
            let agreed = compression?.answer(to: assessment.extensions)
            let response = HandshakeResponse.accepting(
                key: key,
                subprotocol: subprotocol,
                extensions: agreed.map { [$0.element.text] } ?? [],
                extraFields: extraFields
            )
            acceptance = Negotiation(subprotocol: subprotocol, compression: agreed?.parameters)
            outgoing = PacedOctets(response.encode())
        } else {
            let status = assessment.isAcceptable ? 400 : assessment.status
            let fields = [HTTPField("Connection", "close"), HTTPField("Content-Length", "0")]
            let refusal = HandshakeResponse(status: status, reason: "Not An Opening Handshake", fields: fields)
            stage = .over
            return [.send(refusal.encode(), withFrames: false), .refused]
        }
        return send()
    }

    /// Sends the next octets of our answer; the script begins after the last one.
    private mutating func send() -> [OpeningStep] {
        let (octets, pause) = outgoing.next()
        let sending = OpeningStep.send(octets, withFrames: joinsFrames)
        if let pause { return [sending, .resume(after: pause)] }
        stage = .answered
        var steps = [sending, .answered]
        if own == nil { steps += open() }
        if let ending = own?.ending { steps.append(.end(ending)) }
        if !early.isEmpty {
            steps += openIfFrames(early.first)
            guard hasOpened else { return steps + [.finish] }
        }
        let frames = early
        early = []
        return steps + [.talk(early: frames)]
    }

    /// The final response among the octets of an answer; nil if there is none.
    private static func finalResponse(among octets: [UInt8]) -> HTTPHead? {
        var reader = ResponseReader()
        var position = 0
        while let event = reader.next(in: octets.span, at: &position) {
            if case .final(let response) = event { return response }
        }
        return nil
    }

    // MARK: - What the client takes it for

    /// Reads the first octets after a scenario's own answer.
    private mutating func readFirstOctets(_ bytes: Span<UInt8>) -> [OpeningStep] {
        guard bytes.count > 0 else { return [] }
        let steps = openIfFrames(bytes[0])
        return hasOpened ? steps : [.took(bytes.count), .finish]
    }

    /// Opens the connection, unless the client sends another request.
    private mutating func openIfFrames(_ first: UInt8?) -> [OpeningStep] {
        guard !hasOpened, let first, acceptance != nil || !HTTPHead.canBeginRequest(first) else { return [] }
        return open()
    }

    private mutating func open() -> [OpeningStep] {
        hasOpened = true
        return [.opened(acceptance ?? Negotiation())]
    }
}

extension RequestAssessment {
    /// Whether the request asks for a WebSocket connection, whatever else is wrong with it.
    var asksForWebSocket: Bool {
        !problems.contains { [.requestLine, .requestMethod, .requestUpgrade].contains($0.rule) }
    }
}
