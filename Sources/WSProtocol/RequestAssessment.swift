import WSKernels

/// A correct server's assessment of an opening handshake (RFC 6455 section 4.2.1).
public struct RequestAssessment: Sendable, Hashable {
    /// What is wrong, the gravest first; flaws of the head's form are in `HTTPHead.problems`.
    public private(set) var problems: [HandshakeProblem]
    /// The status a correct server answers with: 101, or that of the gravest problem.
    public private(set) var status: Int
    /// The request line, if there is one.
    public private(set) var requestLine: RequestLine?
    /// The value of Sec-WebSocket-Key, valid or not.
    public private(set) var key: String?
    /// The subprotocols asked for, in order.
    public private(set) var subprotocols: [String]
    /// The extensions offered, in order.
    public private(set) var extensions: [ExtensionOffer]

    /// Whether a correct server accepts the handshake, as far as its form decides.
    public var isAcceptable: Bool { status == 101 }

    /// Reads the head by the items of RFC 6455 section 4.2.1.
    init(_ head: HTTPHead) {
        requestLine = RequestLine(head)
        key = head.values(of: "Sec-WebSocket-Key").first
        subprotocols = head.tokens(of: "Sec-WebSocket-Protocol")
        extensions = head.values(of: "Sec-WebSocket-Extensions").compactMap(ExtensionHeader.parse).flatMap(\.self)

        var check = HandshakeCheck(head: head)
        check.requestLine(requestLine)
        check.requestHost()
        check.requestUpgrade()
        check.requestProtocolVersion()
        check.requestKey()
        check.requestSubprotocols(subprotocols)
        check.requestExtensions()
        problems = check.problems
        if head.problems.contains(where: \.rule.isRejectedInRequest) {
            status = 400
        } else {
            let method = requestLine?.method ?? ""
            status = problems.lazy.compactMap { $0.rule.rejection(method: method) }.first ?? 101
        }
    }
}

extension HandshakeRule {
    /// The methods of RFC 9110 section 9.3 and PATCH, which a server knows even where it does not allow them.
    private static let knownMethods = ["HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"]

    /// The status that rejects a request for breaking the rule, or nil if a server may overlook it.
    fileprivate func rejection(method: String) -> Int? {
        switch self {
        // RFC 9110 section 9.1: 405 for a method that is known and not allowed, 501 for one that is not known.
        case .requestMethod: Self.knownMethods.contains(method) ? 405 : 501
        // RFC 9110 section 15.5.22, and RFC 6455 section 4.2.2 for another version of the protocol.
        case .requestUpgrade, .requestConnection, .requestProtocolVersion: 426
        case .requestSubprotocolRepeated: nil
        default: 400
        }
    }
}

extension HandshakeCheck {
    mutating func requestLine(_ line: RequestLine?) {
        let start = head.startLine.lowerBound
        guard let line else { return report(.requestLine, at: start, head.startLineText) }
        if line.method != "GET" { report(.requestMethod, at: start, line.method) }
        if line.version < .http11 {
            report(.requestVersion, at: head.startLine.upperBound - 8, line.version.description)
        }
    }

    mutating func requestHost() {
        let fields = head.fields(named: "Host")
        guard let field = fields.first else { return reportMissing("Host", .requestHostMissing) }
        if fields.count > 1 { report(.requestHostRepeated, at: fields[1].lineOffset, "\(fields.count) Host fields") }
        let value = head.value(of: field)
        if !HTTPGrammar.isHost(value) { report(.requestHostInvalid, at: field.value.lowerBound, value) }
    }

    mutating func requestUpgrade() {
        require("websocket", in: "Upgrade", .requestUpgrade)
        require("upgrade", in: "Connection", .requestConnection)
    }

    private mutating func require(_ token: String, in name: String, _ rule: HandshakeRule) {
        guard let field = head.fields(named: name).first else { return reportMissing(name, rule) }
        let tokens = head.tokens(of: name)
        if !tokens.contains(where: { HTTPGrammar.equalIgnoringCase($0.utf8, token.utf8) }) {
            report(rule, at: field.value.lowerBound, tokens.joined(separator: ", "))
        }
    }

    mutating func requestProtocolVersion() {
        let fields = head.fields(named: "Sec-WebSocket-Version")
        guard let field = fields.first else {
            return reportMissing("Sec-WebSocket-Version", .requestProtocolVersionMissing)
        }
        if fields.count > 1 {
            let detail = "\(fields.count) Sec-WebSocket-Version fields"
            report(.requestProtocolVersionRepeated, at: fields[1].lineOffset, detail)
        }
        let value = head.value(of: field)
        if value != "13" { report(.requestProtocolVersion, at: field.value.lowerBound, value) }
    }

    mutating func requestKey() {
        let fields = head.fields(named: "Sec-WebSocket-Key")
        guard let field = fields.first, !field.value.isEmpty else {
            return reportMissing("Sec-WebSocket-Key", .requestKeyMissing)
        }
        if fields.count > 1 {
            report(.requestKeyRepeated, at: fields[1].lineOffset, "\(fields.count) Sec-WebSocket-Key fields")
        }
        let text = Array(head.raw[field.value])
        if Base64.decode(text.span)?.count != 16 {
            report(.requestKeyInvalid, at: field.value.lowerBound, head.value(of: field))
        }
    }

    mutating func requestSubprotocols(_ subprotocols: [String]) {
        guard let field = head.fields(named: "Sec-WebSocket-Protocol").first else { return }
        let offset = field.value.lowerBound
        if subprotocols.isEmpty || !subprotocols.allSatisfy(HTTPGrammar.isToken) {
            report(.requestSubprotocolMalformed, at: offset, subprotocols.joined(separator: ", "))
        }
        if Set(subprotocols).count < subprotocols.count {
            report(.requestSubprotocolRepeated, at: offset, subprotocols.joined(separator: ", "))
        }
    }

    mutating func requestExtensions() {
        for field in head.fields(named: "Sec-WebSocket-Extensions") {
            let value = head.value(of: field)
            if ExtensionHeader.parse(value) == nil {
                report(.requestExtensionMalformed, at: field.value.lowerBound, value)
            }
        }
    }
}
