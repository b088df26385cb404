import WSLimits

/// The checks of RFC 6455 sections 4.1 and 4.2 on a whole head.
public enum HandshakeRules {
    /// The problems of a response that should accept the request, in the order of RFC 6455 section 4.1.
    ///
    /// The protocol does not define responses with other statuses than 101, so nothing else of them is checked.
    public static func checkResponse(_ head: HTTPHead, to request: HandshakeRequest) -> [HandshakeProblem] {
        var check = HandshakeCheck(head: head)
        let start = head.startLine.lowerBound
        guard let status = StatusLine(head) else {
            check.report(.responseStatusLine, at: start, head.startLineText)
            return check.problems
        }
        if status.version < .http11 { check.report(.responseVersion, at: start, status.version.description) }
        guard status.code == 101 else {
            check.report(.responseStatus, at: start + 9, "status \(status.code)")
            return check.problems
        }
        check.responseUpgrade()
        check.responseConnection()
        check.responseAccept(expected: AcceptKey.accept(forKey: request.key))
        check.responseExtensions(offered: request.extensions)
        check.responseSubprotocol(offered: request.subprotocols)
        check.absent("Content-Length", .responseContentLength)
        check.absent("Transfer-Encoding", .responseTransferEncoding)
        return check.problems
    }

    /// Whether a response accepts the request as an opening handshake, rightly or wrongly.
    ///
    /// Its status is 101, and it does not switch to another protocol that the request named, which RFC 9110 section 7.8
    /// allows.
    ///
    /// A server that sends Sec-WebSocket-Accept has accepted a handshake, whatever protocol its Upgrade field names.
    public static func accepts(_ response: HTTPHead, request: @autoclosure () -> HTTPHead) -> Bool {
        guard StatusLine(response)?.code == 101 else { return false }
        let chosen = response.tokens(of: "Upgrade")
        guard !chosen.isEmpty, !chosen.contains(where: HandshakeCheck.isWebSocket),
            response.fields(named: "Sec-WebSocket-Accept").isEmpty
        else { return true }
        let named = request().tokens(of: "Upgrade")
        return !chosen.allSatisfy { choice in
            named.contains { HTTPGrammar.equalIgnoringCase($0.utf8, choice.utf8) }
        }
    }

    /// Assesses a request: what it asks for, its problems, and the status that a correct server answers with.
    public static func checkRequest(_ head: HTTPHead) -> RequestAssessment {
        RequestAssessment(head)
    }
}

/// Collects the problems of a head.
struct HandshakeCheck {
    let head: HTTPHead
    private(set) var problems: [HandshakeProblem] = []

    init(head: HTTPHead) {
        self.head = head
    }

    mutating func report(_ rule: HandshakeRule, at offset: Int, _ detail: String) {
        // A head of 64 KiB can list ten thousand extensions that were not offered.
        guard problems.count < Limits.headProblems.value else { return }
        problems.append(HandshakeProblem(rule: rule, offset: offset, detail: detail))
    }

    mutating func reportMissing(_ name: String, _ rule: HandshakeRule) {
        report(rule, at: head.raw.count, "no \(name) field")
    }

    mutating func absent(_ name: String, _ rule: HandshakeRule) {
        guard let field = head.fields(named: name).first else { return }
        report(rule, at: field.lineOffset, "\(name): \(head.value(of: field))")
    }

    /// Whether an element of Upgrade names WebSocket.
    static func isWebSocket(_ name: some StringProtocol) -> Bool {
        HTTPGrammar.equalIgnoringCase(name.utf8, "websocket".utf8)
    }

    mutating func responseUpgrade() {
        guard let field = head.fields(named: "Upgrade").first else {
            return reportMissing("Upgrade", .responseUpgradeMissing)
        }
        let protocols = head.tokens(of: "Upgrade")
        let found = protocols.joined(separator: ", ")
        if !protocols.contains(where: Self.isWebSocket) {
            report(.responseUpgradeWrong, at: field.value.lowerBound, found)
        } else if protocols.count > 1 {
            report(.responseUpgradeList, at: field.value.lowerBound, found)
        }
    }

    mutating func responseConnection() {
        guard let field = head.fields(named: "Connection").first else {
            return reportMissing("Connection", .responseConnectionMissing)
        }
        let options = head.tokens(of: "Connection")
        if !options.contains(where: { HTTPGrammar.equalIgnoringCase($0.utf8, "upgrade".utf8) }) {
            report(.responseConnectionWrong, at: field.value.lowerBound, options.joined(separator: ", "))
        }
    }

    mutating func responseAccept(expected: String) {
        let fields = head.fields(named: "Sec-WebSocket-Accept")
        if fields.isEmpty { reportMissing("Sec-WebSocket-Accept", .responseAcceptMissing) }
        if fields.count > 1 {
            report(.responseAcceptRepeated, at: fields[1].lineOffset, "\(fields.count) Sec-WebSocket-Accept fields")
        }
        if let field = fields.first(where: { head.value(of: $0) != expected }) {
            report(.responseAcceptWrong, at: field.value.lowerBound, "\(head.value(of: field)) instead of \(expected)")
        }
    }

    mutating func responseExtensions(offered: [String]) {
        let offeredNames = Set(offered.compactMap(ExtensionHeader.parse).joined().map(\.name))
        for field in head.fields(named: "Sec-WebSocket-Extensions") {
            let value = head.value(of: field)
            let offset = field.value.lowerBound
            if value.isEmpty {
                report(.responseExtensionEmpty, at: offset, "Sec-WebSocket-Extensions is empty")
            } else if let accepted = ExtensionHeader.parse(value) {
                for offer in accepted where !offeredNames.contains(offer.name) {
                    let isOtherCase = offer.name.isAmong(offeredNames)
                    report(
                        isOtherCase ? .responseExtensionOtherCase : .responseExtensionNotOffered,
                        at: offset,
                        offer.name
                    )
                }
            } else {
                report(.responseExtensionMalformed, at: offset, value)
            }
        }
    }

    mutating func responseSubprotocol(offered: [String]) {
        let fields = head.fields(named: "Sec-WebSocket-Protocol")
        if fields.count > 1 {
            let detail = "\(fields.count) Sec-WebSocket-Protocol fields"
            report(.responseSubprotocolRepeated, at: fields[1].lineOffset, detail)
        }
        for field in fields {
            let value = head.value(of: field)
            let offset = field.value.lowerBound
            if value.isEmpty {
                report(.responseSubprotocolEmpty, at: offset, "Sec-WebSocket-Protocol is empty")
            } else if !HTTPGrammar.isToken(value) {
                report(.responseSubprotocolNotToken, at: offset, value)
            } else if offered.isEmpty {
                report(.responseSubprotocolUnasked, at: offset, value)
            } else if !offered.contains(value) {
                let isOtherCase = value.isAmong(offered)
                report(isOtherCase ? .responseSubprotocolOtherCase : .responseSubprotocolNotOffered, at: offset, value)
            }
        }
    }
}

extension String {
    /// Whether the names contain this one, ignoring case.
    fileprivate func isAmong(_ names: some Sequence<String>) -> Bool {
        names.contains { HTTPGrammar.equalIgnoringCase($0.utf8, utf8) }
    }
}
