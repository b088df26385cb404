import WSProtocol

/// The defects of the opening handshake: what is overlooked in a request, and what is wrong with the answer.
extension ModelServer {
    /// The status for a request, after what the defects overlook and what they refuse.
    func status(for request: RequestAssessment, head: HTTPHead) -> Int {
        let defects = settings.defects
        guard !defects.isEmpty else { return request.status }
        let overlooked = Set(defects.flatMap(\.overlookedInRequest))
        let isForgiven =
            !head.problems.contains(where: \.rule.isRejectedInRequest)
            && request.problems.allSatisfy { overlooked.contains($0.rule) || $0.rule == .requestSubprotocolRepeated }
        let status = isForgiven ? 101 : request.status
        return status == 101 && refuses(head) ? 400 : status
    }

    private func refuses(_ head: HTTPHead) -> Bool {
        let defects = settings.defects
        let connection = head.tokens(of: "Connection")
        return defects.contains(.caseSensitiveUpgrade) && !head.tokens(of: "Upgrade").contains("websocket")
            || defects.contains(.caseSensitiveConnection) && !connection.contains("Upgrade")
            || defects.contains(.refusesConnectionList) && connection.count > 1
            || defects.contains(.requiresOrigin) && head.fields(named: "Origin").isEmpty
    }

    /// The octets of an answer that a server with the defects sends.
    func encode(_ answer: HandshakeResponse, to request: RequestAssessment) -> [UInt8] {
        let defects = settings.defects
        guard !defects.isEmpty else { return answer.encode() }
        var answer = answer
        if answer.status == 101 {
            spoilFields(of: &answer)
            spoilNegotiation(of: &answer, request)
        }
        if defects.contains(.omitsSupportedVersions) { answer.remove("Sec-WebSocket-Version") }
        if defects.contains(.status200), answer.status == 101 {
            answer.status = 200
            answer.reason = "OK"
        }
        var octets = answer.encode()
        // The version's last digit and the status code's first one (RFC 9112 section 4: "HTTP/1.1 101").
        if defects.contains(.http10Response) { octets[7] = UInt8(ascii: "0") }
        if defects.contains(.malformedStatusLine) { octets.insert(UInt8(ascii: "1"), at: 9) }
        return octets
    }

    private func spoilFields(of answer: inout HandshakeResponse) {
        let defects = settings.defects
        let wrong = AcceptKey.accept(forKey: "")
        if defects.contains(.wrongAccept) { answer.set("Sec-WebSocket-Accept", wrong) }
        if defects.contains(.missingAccept) { answer.remove("Sec-WebSocket-Accept") }
        if defects.contains(.repeatedAccept) { answer.repeatField("Sec-WebSocket-Accept") }
        if defects.contains(.missingUpgradeField) { answer.remove("Upgrade") }
        if defects.contains(.wrongUpgradeField) { answer.set("Upgrade", "h2c") }
        if defects.contains(.upgradeList) { answer.set("Upgrade", "websocket, h2c") }
        if defects.contains(.missingConnectionField) { answer.remove("Connection") }
        if defects.contains(.wrongConnectionField) { answer.set("Connection", "keep-alive") }
        if defects.contains(.contentLengthInAnswer) { answer.set("Content-Length", "0") }
        if defects.contains(.transferEncodingInAnswer) { answer.set("Transfer-Encoding", "chunked") }
    }

    private func spoilNegotiation(of answer: inout HandshakeResponse, _ request: RequestAssessment) {
        let defects = settings.defects
        let name = "Sec-WebSocket-Protocol"
        let asksForSome = !request.subprotocols.isEmpty
        if defects.contains(.unaskedSubprotocol), !asksForSome { answer.set(name, "unasked") }
        if defects.contains(.unofferedSubprotocol), asksForSome { answer.set(name, "unoffered") }
        if defects.contains(.emptySubprotocol) { answer.set(name, "") }
        if defects.contains(.subprotocolList) { answer.set(name, "first, second") }
        if defects.contains(.repeatedSubprotocol) {
            answer.set(name, request.subprotocols.first ?? "first")
            answer.repeatField(name)
        }
        if defects.contains(.unofferedExtension) { answer.set("Sec-WebSocket-Extensions", "x-unoffered") }
        if defects.contains(.emptyExtension) { answer.set("Sec-WebSocket-Extensions", "") }
        if defects.contains(.malformedExtension) { answer.set("Sec-WebSocket-Extensions", "=;") }
    }
}

extension ModelDefect {
    /// The rules for a request that a server with the defect does not enforce.
    fileprivate var overlookedInRequest: [HandshakeRule] {
        switch self {
        case .acceptsPost: [.requestMethod]
        case .acceptsHTTP10: [.requestVersion]
        case .acceptsMissingHost: [.requestHostMissing]
        case .acceptsMissingUpgrade: [.requestUpgrade]
        case .acceptsMissingConnection: [.requestConnection]
        case .acceptsMissingKey: [.requestKeyMissing]
        case .acceptsInvalidKey: [.requestKeyInvalid]
        case .acceptsMissingVersion: [.requestProtocolVersionMissing]
        case .acceptsWrongVersion: [.requestProtocolVersion]
        default: []
        }
    }
}

extension HandshakeResponse {
    fileprivate mutating func remove(_ name: String) {
        fields.removeAll { $0.name == name }
    }

    fileprivate mutating func set(_ name: String, _ value: String) {
        if let index = fields.firstIndex(where: { $0.name == name }) {
            fields[index].value = value
        } else {
            fields.append(HTTPField(name, value))
        }
    }

    fileprivate mutating func repeatField(_ name: String) {
        guard let index = fields.firstIndex(where: { $0.name == name }) else { return }
        fields.insert(fields[index], at: index)
    }
}
