import WSProtocol

/// The defects of the opening handshake, in what is ignored in a request and in the answer.
extension ModelServer {
    /// The status for a request, considering the defects.
    func status(for request: RequestAssessment, head: HTTPHead, inPieces: Bool) -> Int {
        let defects = settings.defects
        guard !defects.isEmpty else { return request.status }
        if defects.contains(.ignoresUpgradeAtWill), isUpToTheServer(head) { return 200 }
        let overlooked = Set(defects.flatMap(\.overlookedInRequest))
        let overlookedForm = Set(defects.flatMap(\.overlookedInHead))
        let isForgiven =
            head.problems.allSatisfy { !$0.rule.isRejectedInRequest || overlookedForm.contains($0.rule) }
            && request.problems.allSatisfy { overlooked.contains($0.rule) || $0.rule == .requestSubprotocolRepeated }
        let status = isForgiven ? 101 : request.status
        guard status == 101 else {
            if defects.contains(.ignoresUpgradeInstead) { return 200 }
            if defects.contains(.omitsChallenge) { return 401 }
            let isOverMethod = request.problems.contains { $0.rule == .requestMethod }
            return isOverMethod && defects.contains(.refusesMethodsWith400) ? 400 : status
        }
        if inPieces, defects.contains(.refusesPieces) { return 400 }
        if let status = refusalOfOffers(request.extensions) { return status }
        if defects.contains(.refusesOriginsWith400), Self.hasForeignOrigin(head) { return 400 }
        if defects.contains(.refusesLongRequestLine), head.startLine.count > 4096 { return 414 }
        if defects.contains(.refusesManyFieldsWith500), hasManyFields(head) { return 500 }
        if defects.contains(.refusesExpectations), !head.fields(named: "Expect").isEmpty { return 417 }
        return refuses(head) || defects.contains { $0.declines(head, request) } ? 400 : status
    }

    /// Whether a valid handshake is answered with the end of the connection.
    func dropsSilently(_ head: HTTPHead) -> Bool {
        let defects = settings.defects
        return defects.contains(.dropsForeignOrigins) && Self.hasForeignOrigin(head)
            || defects.contains(.dropsOtherResources) && RequestLine(head).map { $0.target != "/" } ?? false
    }

    /// Whether the request's Origin has another host than its Host.
    static func hasForeignOrigin(_ head: HTTPHead) -> Bool {
        guard let origin = head.values(of: "Origin").first, let host = head.values(of: "Host").first else {
            return false
        }
        return !["http://\(host)", "https://\(host)"].contains(origin)
    }

    /// Whether the target is not checked.
    var overlooksTarget: Bool {
        !settings.defects.isDisjoint(with: [.acceptsInvalidTarget, .acceptsMalformedRequestLine])
    }

    /// The extensions that a server with the defects accepts.
    func acceptedExtensions(of request: RequestAssessment) -> [String] {
        let defects = settings.defects
        if defects.contains(.acceptsEveryExtension) { return request.extensions.map(\.name) }
        if defects.contains(.usesUnlistedExtension) { return [] }
        let known = request.extensions.first { DeflateParameters.isName($0.name) }
        if defects.contains(.unknownExtensionParameter), let known { return ["\(known.name); x-wsconform"] }
        if defects.contains(.changesExtensionCase) { return [known?.name.uppercased()].compactMap(\.self) }
        return compressionAnswers(to: request.extensions)
    }

    /// A 100 before a refusal, where it should not be sent.
    func interimForRefusal(of request: RequestAssessment) -> [UInt8] {
        guard settings.defects.contains(.interimForHTTP10), request.requestLine.map({ $0.version < .http11 }) ?? false
        else { return [] }
        return HandshakeResponse(status: 100, reason: "Continue").encode()
    }

    /// The answer that a defect sends when the empty line of the request has not come yet; nil for none.
    func earlyAnswer(to octets: [UInt8]) -> Answer? {
        guard octets.last == UInt8(ascii: "\n") else { return nil }
        let answer = answer(to: HTTPHead(kind: .request, raw: octets), inPieces: true)
        return answer.isAccepted ? answer : nil
    }

    private func refuses(_ head: HTTPHead) -> Bool {
        let defects = settings.defects
        let connection = head.tokens(of: "Connection")
        return defects.contains(.caseSensitiveUpgrade) && !head.tokens(of: "Upgrade").contains("websocket")
            || defects.contains(.caseSensitiveConnection) && !connection.contains("Upgrade")
            || defects.contains(.refusesConnectionList) && connection.count > 1
            || defects.contains(.requiresOrigin) && head.fields(named: "Origin").isEmpty
    }

    /// The octets of the answer, with the defects.
    func encode(_ answer: HandshakeResponse) -> [UInt8] {
        let defects = settings.defects
        guard !defects.isEmpty else { return answer.encode() }
        var answer = answer
        if answer.status == 101 {
            spoilFields(of: &answer)
        } else {
            spoilRefusal(&answer)
        }
        spoilForm(of: &answer)
        if defects.contains(.omitsSupportedVersions) { answer.remove("Sec-WebSocket-Version") }
        if defects.contains(.status200), answer.status == 101 {
            answer.status = 200
            answer.reason = "OK"
        }
        var octets = answer.encode()
        // The version's last digit is at 7, the status code's first one at 9 ("HTTP/1.1 101", RFC 9112 section 4).
        if defects.contains(.http10Response) { octets[7] = UInt8(ascii: "0") }
        if defects.contains(.omitsSpaceAfterStatus) {
            octets.removeSubrange(12..<(octets.firstIndex(of: UInt8(ascii: "\r")) ?? 12))
        }
        // The version's digits are at 5 and 7.
        if defects.contains(.http2Answer) { (octets[5], octets[7]) = (UInt8(ascii: "2"), UInt8(ascii: "0")) }
        if defects.contains(.whitespaceBeforeFirstField), let feed = octets.firstIndex(of: UInt8(ascii: "\n")) {
            octets.insert(contentsOf: Array(" stray\r\n".utf8), at: feed + 1)
        }
        if defects.contains(.malformedStatusLine) { octets.insert(UInt8(ascii: "1"), at: 9) }
        return octets
    }

    private func spoilRefusal(_ answer: inout HandshakeResponse) {
        let defects = settings.defects
        if defects.contains(.omitsAllow) { answer.remove("Allow") }
        if defects.contains(.omitsUpgradeIn426) { answer.remove("Upgrade") }
        if defects.contains(.omitsUpgradeOption) { answer.set("Connection", "close") }
        if answer.fields.contains(where: { $0.name == "Sec-WebSocket-Version" }) {
            if defects.contains(.listsWordAsVersion) { answer.set("Sec-WebSocket-Version", "13, draft") }
            if defects.contains(.listsVersion256) { answer.set("Sec-WebSocket-Version", "13, 256") }
        }
        if defects.contains(.endlessRefusal) { answer.remove("Content-Length") }
        if !defects.isDisjoint(with: [.endlessRefusal, .keepsRefusedConnections]) { answer.remove("Connection") }
    }

    /// Applies the defects in the form of responses.
    private func spoilForm(of answer: inout HandshakeResponse) {
        let defects = settings.defects
        if defects.contains(.foldsAnswer) { answer.set("Server", "wsconform\r\n folded") }
        if defects.contains(.bareCRInAnswer) { answer.set("Server", "wsconform\rcut") }
        if defects.contains(.repeatsServerField) { answer.repeatField("Server") }
        if defects.contains(.spacesBeforeColonInAnswer) { answer.rename("Server", "Server ") }
        if defects.contains(.emptyElementInAnswer), let option = answer.fields.first(where: { $0.name == "Connection" })
        {
            answer.set("Connection", "\(option.value), ,")
        }
    }

    private func spoilFields(of answer: inout HandshakeResponse) {
        let defects = settings.defects
        let wrong = AcceptKey.accept(forKey: "")
        if defects.contains(.wrongAccept) { answer.set("Sec-WebSocket-Accept", wrong) }
        if defects.contains(.missingAccept) { answer.remove("Sec-WebSocket-Accept") }
        if defects.contains(.unpaddedAccept), let accept = answer.fields.first(where: { $0.name.hasSuffix("Accept") }) {
            answer.set("Sec-WebSocket-Accept", String(accept.value.prefix { $0 != "=" }))
        }
        if defects.contains(.repeatedAccept) { answer.repeatField("Sec-WebSocket-Accept") }
        if defects.contains(.missingUpgradeField) { answer.remove("Upgrade") }
        if defects.contains(.wrongUpgradeField) { answer.set("Upgrade", "h2c") }
        if defects.contains(.upgradeList) { answer.set("Upgrade", "websocket, h2c") }
        if defects.contains(.missingConnectionField) { answer.remove("Connection") }
        if defects.contains(.wrongConnectionField) { answer.set("Connection", "keep-alive") }
        if defects.contains(.contentLengthInAnswer) { answer.set("Content-Length", "0") }
        if defects.contains(.transferEncodingInAnswer) { answer.set("Transfer-Encoding", "chunked") }
    }

    /// Applies the defects in what an answer agrees to.
    func spoilNegotiation(of answer: inout HandshakeResponse, _ request: RequestAssessment) {
        let defects = settings.defects
        let name = "Sec-WebSocket-Protocol"
        let asksForSome = !request.subprotocols.isEmpty
        if defects.contains(.unaskedSubprotocol), !asksForSome { answer.set(name, "unasked") }
        if defects.contains(.changesSubprotocolCase), let first = request.subprotocols.first {
            answer.set(name, first.uppercased())
        }
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
        if defects.contains(.quotesWhatIsNoToken) {
            answer.set("Sec-WebSocket-Extensions", "permessage-deflate; level=\"9 9\"")
        }
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
        case .acceptsRepeatedHost: [.requestHostRepeated]
        case .acceptsInvalidHost: [.requestHostInvalid]
        case .acceptsMalformedRequestLine: [.requestLine]
        case .acceptsRepeatedKey: [.requestKeyRepeated]
        case .acceptsRepeatedVersion: [.requestProtocolVersionRepeated]
        case .acceptsMalformedSubprotocols: [.requestSubprotocolMalformed]
        case .acceptsMalformedExtensions: [.requestExtensionMalformed]
        default: []
        }
    }
}

extension ModelDefect {
    /// The rules for a head's form that a server with the defect does not enforce.
    fileprivate var overlookedInHead: [HTTPRule] {
        switch self {
        case .acceptsInvalidTarget: [.controlByte]
        case .acceptsMalformedRequestLine: [.malformedStartLine]
        case .acceptsSpaceBeforeColon: [.whitespaceBeforeColon]
        case .acceptsMalformedFields: [.missingColon, .invalidFieldName]
        default: []
        }
    }

    /// Whether a server with the defect refuses a valid head.
    fileprivate func declines(_ head: HTTPHead, _ request: RequestAssessment) -> Bool {
        let lists = ["Upgrade", "Connection", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"]
        return switch self {
        case .requiresCanonicalNames:
            head.fields.contains { !Self.knownNames.contains(head.name(of: $0)) && Self.isKnown($0, of: head) }
        case .requiresHostFirst: head.fields.first.map { head.name(of: $0).lowercased() } != "host"
        case .refusesUnknownFields: head.fields.contains { !Self.isKnown($0, of: head) }
        case .refusesOtherWhitespace: head.fields.contains { !head.hasOneSpaceBeforeValue($0) }
        case .refusesAbsoluteForm: request.requestLine.map { !$0.target.hasPrefix("/") } ?? true
        case .refusesLaterMinorVersion: request.requestLine.map { $0.version > .http11 } ?? true
        case .refusesUpgradeList: head.values(of: "Upgrade").joined(separator: ",").contains(",")
        case .refusesEmptyElements: lists.contains { head.values(of: $0).contains(where: \.hasEmptyElement) }
        case .refusesRepeatedLists: lists.contains { head.fields(named: $0).count > 1 }
        case .refusesLeadingEmptyLine: head.problems.contains { $0.rule == .leadingEmptyLine }
        case .refusesWhitespaceInLists:
            head.values(of: "Sec-WebSocket-Extensions").contains { $0.contains(/[ \t][;,=]/) }
        case .refusesOtherHostOfTarget:
            request.requestLine.map { line in
                line.target.hasPrefix("http")
                    && !line.target.contains("://\(head.values(of: "Host").first ?? "")/")
            } ?? false
        case .refusesQuotedValues: head.values(of: "Sec-WebSocket-Extensions").contains { $0.contains("\"") }
        case .requiresExtension:
            !request.extensions.isEmpty && !request.extensions.contains { $0.name.lowercased() == "permessage-deflate" }
        case .refusesUnknownExtensions: request.extensions.contains { !DeflateParameters.isName($0.name) }
        case .refusesChosenKeys: request.key.map(ModelServer.looksChosen) ?? false
        case .requiresSubprotocol: !request.subprotocols.isEmpty
        case .requiresSubprotocolField: head.fields(named: "Sec-WebSocket-Protocol").isEmpty
        default: false
        }
    }

    private static let knownNames: Set = [
        "Host", "Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol",
        "Sec-WebSocket-Extensions", "Origin", "User-Agent", "Expect", "Content-Length", "Transfer-Encoding",
    ]

    private static let knownNamesInLowerCase = Set(knownNames.map { $0.lowercased() })

    private static func isKnown(_ field: HTTPHead.Field, of head: HTTPHead) -> Bool {
        knownNamesInLowerCase.contains(head.name(of: field).lowercased())
    }
}

extension String {
    /// Whether a list of tokens has an empty element.
    fileprivate var hasEmptyElement: Bool {
        contains(",")
            && split(separator: ",", omittingEmptySubsequences: false).contains { part in
                part.allSatisfy { $0 == " " || $0 == "\t" }
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

    fileprivate mutating func rename(_ name: String, _ newName: String) {
        if let index = fields.firstIndex(where: { $0.name == name }) { fields[index].name = newName }
    }

    fileprivate mutating func repeatField(_ name: String) {
        guard let index = fields.firstIndex(where: { $0.name == name }) else { return }
        fields.insert(fields[index], at: index)
    }
}
