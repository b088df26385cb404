package import WSProtocol
package import WSScenario

/// The opening handshake on a stream of HTTP/2 in the client's role: Extended CONNECT and its answer (RFC 8441).
///
/// What a handshake says besides is the same as with HTTP/1.1 (RFC 8441 section 5), but for the key and its answer,
/// which HTTP/2 does not need.
package struct HTTP2ClientOpening: OpeningHandshake {
    /// The field lines of the request.
    let request: [HTTPField]
    /// Whether nothing of ours follows them.
    private let endsRequest: Bool
    /// Whether the request is the scenario's own, so that any answer is a result.
    package let takesAnyAnswer: Bool

    private var isAnswered = false

    /// Creates the opening handshake of a scenario.
    package init(_ scenario: Scenario, _ settings: ConversationSettings) {
        let target = settings.target
        let handshake = HandshakeRequest(
            host: target.hostField,
            target: target.resourceName,
            key: "",
            subprotocols: settings.subprotocols,
            extensions: HTTPClientOpening.offers(of: scenario),
            origin: settings.origin,
            extraFields: settings.headerFields
        )
        // Fields of a connection of HTTP/1.1, and the key, have no place here (RFC 8441 section 5).
        let left: Set = ["host", "upgrade", "connection", "sec-websocket-key"]
        let fields = handshake.fields.map { HTTPField($0.name.lowercased(), $0.value) }
        let scheme = target.isSecure ? "https" : "http"
        let ofUser = fields.filter { !left.contains($0.name) }
        let own = scenario.stream?.lines(
            [.scheme: scheme, .path: target.resourceName, .authority: target.hostField],
            ofUser: ofUser.filter { $0.name != "sec-websocket-version" }.map { StreamToSpeak.Line($0.name, $0.value) }
        )
        endsRequest = scenario.stream?.endsRequest ?? false
        takesAnyAnswer = own != nil || endsRequest
        request =
            own?.map { HTTPField($0.name, $0.value) } ?? [
                HTTPField(":method", "CONNECT"), HTTPField(":protocol", "websocket"),
                HTTPField(":scheme", scheme), HTTPField(":path", target.resourceName),
                HTTPField(":authority", target.hostField),
            ] + ofUser
    }

    package var isReadingRefusal: Bool { false }

    package mutating func begin() -> [OpeningStep] { [.sendFields(request, ends: endsRequest)] }

    package mutating func resume() -> [OpeningStep] { [] }

    /// Octets before the answer belong to nothing; they are recorded.
    package mutating func read(_ bytes: Span<UInt8>) -> [OpeningStep] { [.took(bytes.count)] }

    package mutating func readFields(_ fields: [HTTPField], endsStream: Bool) -> [OpeningStep] {
        func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
        let status = values(":status").first.flatMap { Int($0) }
        // What follows the final answer is no opening, and an interim one is followed by it.
        if isAnswered || (100...199).contains(status ?? 0) { return [] }
        isAnswered = true
        let answered = OpeningStep.answerRead(
            status: status,
            server: values("server").first,
            place: values("location").first
        )
        guard let status, (200...299).contains(status), !endsStream else {
            return [answered, .cancel, takesAnyAnswer ? .finish : .fail(.refused)]
        }
        let negotiation = Negotiation(
            subprotocols: values("sec-websocket-protocol"),
            extensions: values("sec-websocket-extensions")
        )
        // Behind END_STREAM there is nothing that we could say.
        return [answered, .cancel, .opened(negotiation), endsRequest ? .finish : .talk(early: [])]
    }
}
