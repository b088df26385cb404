import WSKernels
import WSProtocol
package import WSScenario

/// The opening handshake of HTTP/1.1 in the client's role: sends our request and reads the answer.
///
/// ```
/// awaiting ─► refused ─► awaiting   (the content of a refusal is read, and a second request may follow it)
///     └──────────┴──────► over
/// ```
package struct HTTPClientOpening: OpeningHandshake {
    private enum Stage: Sendable {
        case awaiting
        case refused(Refusal)
        case over
    }

    /// A refusal whose content is being read.
    private struct Refusal: Sendable {
        var content: HTTPContentDecoder
        /// Whether the peer announced the end of the connection, or has to end it.
        var endsConnection: Bool
    }

    /// The octets of the request.
    let requestOctets: [UInt8]
    /// The octets of a second request, sent after the first was refused.
    private var followUp: [UInt8]?
    /// The scenario's own request; nil for the ordinary one.
    private let own: RequestToSend?
    /// Whether our first frames are sent with the request.
    private let joinsFrames: Bool
    /// Whether a peer that refuses also has to end the connection.
    private let awaitsEnd: Bool
    private var stage = Stage.awaiting
    private var answer = ResponseReader()
    private var outgoing = PacedOctets()

    /// Creates the opening handshake of a scenario.
    package init(_ scenario: Scenario, _ settings: ConversationSettings) {
        let request = HandshakeRequest(
            host: settings.target.hostField,
            target: settings.target.resourceName,
            key: settings.key(of: scenario.id),
            subprotocols: settings.subprotocols,
            extensions: Self.offers(of: scenario),
            origin: settings.origin,
            extraFields: settings.headerFields
        )
        own = if case .request(let own) = scenario.opening { own } else { nil }
        let values = own.map { _ in Self.values(of: request) } ?? [:]
        requestOctets = own?.octets(values) ?? request.encode()
        followUp = own?.followUpOctets(values)
        joinsFrames = scenario.opening == .framesWithHandshake
        awaitsEnd = scenario.behaviour.contains { outcome in
            if case .refusedAndClosed = outcome.pattern { true } else { false }
        }
    }

    /// What the handshake offers besides what the user asked for.
    static func offers(of scenario: Scenario) -> [String] {
        guard case .negotiating(let compression) = scenario.opening else { return [] }
        return compression.offers.map(\.element.text)
    }

    package var takesAnyAnswer: Bool { own != nil }

    package var isReadingRefusal: Bool { if case .refused = stage { true } else { false } }

    package mutating func begin() -> [OpeningStep] {
        outgoing = PacedOctets(requestOctets, own?.pacing ?? .whole)
        return send()
    }

    package mutating func resume() -> [OpeningStep] { send() }

    package mutating func read(_ bytes: Span<UInt8>) -> [OpeningStep] {
        switch stage {
        case .awaiting: readHeads(bytes)
        case .refused(let refusal): readContent(bytes, of: refusal)
        case .over: [.took(bytes.count)]
        }
    }

    // MARK: - Sending

    /// Sends the next octets of the request.
    private mutating func send() -> [OpeningStep] {
        let (octets, pause) = outgoing.next()
        let sending = OpeningStep.send(octets, withFrames: joinsFrames)
        if let pause { return [.resume(after: pause), sending] }
        if let ending = own?.ending { return [.end(ending), sending] }
        return [sending]
    }

    /// The values of the placeholders in a scenario's own request.
    private static func values(of request: HandshakeRequest) -> [RequestToSend.Placeholder: [UInt8]] {
        var plain = request
        plain.subprotocols = []
        var anonymous = request
        anonymous.origin = nil
        return [
            .target: Array(request.target.utf8),
            .targetAndMore: Array((request.target + (request.target.contains("?") ? "&" : "?")).utf8),
            .host: Array(request.host.utf8),
            .key: Array(request.key.utf8),
            .fields: lines(request.fields),
            .fieldsWithoutSubprotocol: lines(plain.fields),
            .fieldsWithoutOrigin: lines(anonymous.fields.filter { $0.name.lowercased() != "origin" }),
        ]
    }

    /// The lines of the additional header fields.
    private static func lines(_ fields: [HTTPField]) -> [UInt8] {
        let ordinary: Set = ["host", "upgrade", "connection", "sec-websocket-key", "sec-websocket-version"]
        return fields.filter { !ordinary.contains($0.name.lowercased()) }
            .flatMap { Array("\($0.name): \($0.value)\r\n".utf8) }
    }

    // MARK: - Reading

    /// Reads up to the end of the final answer's head.
    private mutating func readHeads(_ bytes: Span<UInt8>) -> [OpeningStep] {
        // A loop, because a hostile peer can put thousands of interim responses into one segment.
        var steps: [OpeningStep] = []
        var position = 0
        while position < bytes.count {
            let start = position
            let event = answer.next(in: bytes, at: &position)
            steps.append(.took(position - start))
            switch event {
            case nil: break
            case .final(let response): return steps + take(response, bytes.extracting(position..<bytes.count))
            case .interim(let response):
                if StatusLine(response)?.code == 100, outgoing.awaitsContinue { steps += send() }
                if answer.hasTooManyInterim { return steps + [.took(bytes.count - position)] + fail(.notHTTP) }
            case .notHTTP: return steps + fail(.notHTTP)
            }
        }
        return steps
    }

    /// Ends the opening without a connection; that is a failure if the scenario needs one.
    private mutating func fail(_ failure: ConversationFacts.Failure) -> [OpeningStep] {
        stage = .over
        return [takesAnyAnswer ? .finish : .fail(failure)]
    }

    /// Handles the final answer and the octets after it.
    private mutating func take(_ response: HTTPHead, _ rest: Span<UInt8>) -> [OpeningStep] {
        // Once the answer has come, the rest of the request is not sent.
        outgoing.drop()
        let answered: [OpeningStep] = [
            .answerRead(
                status: StatusLine(response)?.code,
                server: response.values(of: "Server").first,
                place: response.values(of: "Location").first
            ),
            .cancel,
        ]
        if HandshakeRules.accepts(response, request: HTTPHead(kind: .request, raw: requestOctets)) {
            stage = .over
            return answered + [.opened(Negotiation(response)), .talk(early: [])]
        }
        // If the ordinary handshake is refused, the content is of no interest, and the run should know soon.
        guard takesAnyAnswer else { return answered + [.took(rest.count)] + fail(.refused) }
        let method = String(decoding: requestOctets.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
        let saysClose = response.tokens(of: "Connection").contains { $0.lowercased() == "close" }
        let refusal = Refusal(
            content: HTTPContentDecoder(after: response, method: method),
            endsConnection: awaitsEnd || saysClose
        )
        return answered + readContent(rest, of: refusal)
    }

    /// Reads the content of a refusal; the judge looks at whether and how it ends.
    ///
    /// After its end, the second request is sent or we end the connection.
    private mutating func readContent(_ bytes: Span<UInt8>, of earlier: Refusal) -> [OpeningStep] {
        var refusal = earlier
        _ = refusal.content.feed(bytes)
        stage = .refused(refusal)
        let took = OpeningStep.took(bytes.count)
        guard refusal.content.isComplete, !refusal.endsConnection else { return [took] }
        guard let second = followUp.take() else { return [took, .finish] }
        stage = .awaiting
        answer = ResponseReader()
        outgoing = PacedOctets(second)
        return [took] + send()
    }
}
