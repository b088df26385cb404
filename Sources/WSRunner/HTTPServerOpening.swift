import WSProtocol
package import WSScenario

/// The opening handshake of HTTP/1.1 where we are the server: a client's request comes, and our answer leaves.
///
/// A request whose flaws do not keep it from being an opening handshake is accepted all the same: rules over every
/// conversation tell the flaws, and what the client does then is worth seeing. Where the answer is the scenario's own,
/// only the first octets behind it show whether the client takes it for an acceptance.
package struct HTTPServerOpening: OpeningHandshake {
    private enum Stage: Sendable {
        /// The request is being read.
        case awaiting
        /// Our answer leaves in pieces.
        case answering
        /// What the client takes our answer for is to be seen.
        case answered
        case over
    }

    /// The answer that the scenario sends in place of the ordinary one, if it does.
    private let own: ResponseToSend?
    /// Whether our first frames leave with the answer.
    private let joinsFrames: Bool
    /// The subprotocols that we agree to.
    private let subprotocols: [String]
    private let extraFields: [HTTPField]
    private var stage = Stage.awaiting
    private var head = HTTPHeadDecoder(expecting: .request)
    private var outgoing = PacedOctets()
    /// What a client has sent behind its request before our answer was out.
    private var early: [UInt8] = []
    /// What our answer settles; nil where its status is not 101.
    private var acceptance: Negotiation?
    private var hasOpened = false

    /// Creates the opening of a scenario, before anything has come.
    package init(_ scenario: Scenario, _ settings: ConversationSettings) {
        own = if case .response(let response) = scenario.opening { response } else { nil }
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
                .took(consumed), .requestRead(userAgent: request.values(of: "User-Agent").first),
            ]
            if consumed < bytes.count { steps += keep(bytes.extracting(consumed..<bytes.count)) }
            return steps + answer(request)
        }
    }

    /// Keeps what comes before our answer is out.
    private mutating func keep(_ bytes: Span<UInt8>) -> [OpeningStep] {
        let took = OpeningStep.took(bytes.count)
        guard early.count + bytes.count <= Pacing.mostEarlyOctets else { return [took, .flood] }
        for index in bytes.indices { early.append(bytes[index]) }
        guard own != nil, !outgoing.rest.isEmpty else { return [took] }
        return [took] + openIfFrames(early.first)
    }

    // MARK: - The answer

    /// Answers the request: in the scenario's own way, with an ordinary 101, or with the status that refuses it.
    private mutating func answer(_ request: HTTPHead) -> [OpeningStep] {
        let assessment = HandshakeRules.checkRequest(request)
        let subprotocol = assessment.subprotocols.first { subprotocols.contains($0) }
        if let own {
            let octets = own.octets(answering: request, subprotocol: subprotocol)
            if let final = Self.finalResponse(among: octets), StatusLine(final)?.code == 101 {
                acceptance = Negotiation(final)
            }
            outgoing = PacedOctets(octets, own.pacing)
        } else if let key = assessment.key, assessment.asksForWebSocket {
            let response = HandshakeResponse.accepting(
                key: key,
                subprotocol: subprotocol,
                extensions: [],
                extraFields: extraFields
            )
            acceptance = Negotiation(subprotocol: subprotocol)
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

    /// Sends what is due of our answer; behind its end the script begins.
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

    /// The final response among the octets of an answer; nil where they hold none.
    private static func finalResponse(among octets: [UInt8]) -> HTTPHead? {
        var reader = ResponseReader()
        var position = 0
        while let event = reader.next(in: octets.span, at: &position) {
            if case .final(let response) = event { return response }
        }
        return nil
    }

    // MARK: - What the client takes it for

    /// Reads the first octets behind an answer of the scenario's own.
    private mutating func readFirstOctets(_ bytes: Span<UInt8>) -> [OpeningStep] {
        guard bytes.count > 0 else { return [] }
        let steps = openIfFrames(bytes[0])
        return hasOpened ? steps : [.took(bytes.count), .finish]
    }

    /// Opens the connection unless what the client sends is another request.
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
    /// Whether the request, whatever is wrong with it, wants a WebSocket connection.
    var asksForWebSocket: Bool {
        !problems.contains { [.requestLine, .requestMethod, .requestUpgrade].contains($0.rule) }
    }
}
