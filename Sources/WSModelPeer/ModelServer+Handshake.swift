import WSProtocol

/// The opening handshake: one request in, one answer out.
extension ModelServer {
    /// An answer to a request.
    struct Answer {
        var isAccepted: Bool
        /// Its octets, after those of a 100 if the client waits for one.
        var octets: [UInt8]
        /// How it lets messages be compressed; nil if it does not.
        var compression: DeflateParameters?
    }

    /// The answer to a request (RFC 6455 section 4.2.2).
    func answer(to head: HTTPHead, inPieces: Bool) -> Answer {
        let request = HandshakeRules.checkRequest(head)
        let isWellFormed =
            (Self.isResource(request.requestLine?.target ?? "") || overlooksTarget)
            && (!Self.hasBody(head) || overlooksContent(of: head))
        let status = isWellFormed ? status(for: request, head: head, inPieces: inPieces) : 400
        guard status == 101 else {
            let octets = interimForRefusal(of: request) + encode(refusal(status: status))
            return Answer(isAccepted: false, octets: octets)
        }
        var answer = HandshakeResponse.accepting(
            key: hashedKey(request.key ?? ""),
            subprotocol: request.subprotocols.first(where: settings.subprotocols.contains),
            extensions: acceptedExtensions(of: request),
            extraFields: [serverField]
        )
        spoilNegotiation(of: &answer, request)
        // RFC 9110 section 7.8: a client that waits for a 100 gets it before the 101.
        let isDue = Self.expectsContinue(head) && !settings.defects.contains(.omitsContinue)
        let interim = isDue ? HandshakeResponse(status: 100, reason: "Continue").encode() : []
        // What an answer says is what the server then does, also where a defect says it.
        let accepted = answer.fields.filter { $0.name == "Sec-WebSocket-Extensions" }
            .flatMap { ExtensionHeader.parse($0.value) ?? [] }
        return Answer(
            isAccepted: true,
            octets: interim + encode(answer),
            compression: accepted.lazy.compactMap { DeflateParameters(accepted: $0) }.first
        )
    }

    /// The answer that refuses a handshake; the connection is closed after it.
    func refusal(status: Int) -> HandshakeResponse {
        var fields = [serverField, HTTPField("Content-Length", "0")]
        switch status {
        case 405:
            // A 405 lists the allowed methods (RFC 9110 section 10.2.1).
            fields += [HTTPField("Allow", "GET"), HTTPField("Connection", "close")]
        case 426:
            // A 426 has Upgrade (RFC 9110 section 15.5.22), and the supported versions (RFC 6455 section 4.4).
            fields += [
                HTTPField("Upgrade", "websocket"),
                HTTPField("Connection", "Upgrade, close"),
                HTTPField("Sec-WebSocket-Version", "13"),
            ]
        default:
            fields.append(HTTPField("Connection", "close"))
        }
        return HandshakeResponse(status: status, reason: Self.reason(of: status), fields: fields)
    }

    private func overlooksContent(of head: HTTPHead) -> Bool {
        settings.defects.contains(.overlooksContent)
            || settings.defects.contains(.omitsContinue) && Self.expectsContinue(head)
    }

    private static func expectsContinue(_ head: HTTPHead) -> Bool {
        head.tokens(of: "Expect").contains { $0.lowercased() == "100-continue" }
    }

    private var serverField: HTTPField { HTTPField("Server", "wsconform/\(settings.version)") }

    /// Whether the target is a resource name or an absolute address (RFC 6455 section 4.2.1, item 1).
    private static func isResource(_ target: String) -> Bool {
        // A target has neither a fragment nor octets outside ASCII (RFC 6455 section 3, RFC 9112 section 3.2).
        guard target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }) else { return false }
        if target.hasPrefix("/") { return true }
        let lowered = target.lowercased()
        return lowered.hasPrefix("http://") || lowered.hasPrefix("https://")
    }

    /// Whether the head announces a body (RFC 9112 section 6.3), which no handshake has.
    private static func hasBody(_ head: HTTPHead) -> Bool {
        !head.fields(named: "Transfer-Encoding").isEmpty || head.values(of: "Content-Length").contains { $0 != "0" }
    }

    /// The reason phrases of RFC 9110 section 15, and of RFC 6585 section 5 for 431.
    private static func reason(of status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 414: "URI Too Long"
        case 426: "Upgrade Required"
        case 417: "Expectation Failed"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        default: ""
        }
    }
}
