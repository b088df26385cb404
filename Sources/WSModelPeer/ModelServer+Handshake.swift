import WSProtocol

/// The opening handshake: one request in, one answer out.
extension ModelServer {
    /// The answer to a request (RFC 6455 section 4.2.2).
    func answer(to head: HTTPHead) -> HandshakeResponse {
        let request = HandshakeRules.checkRequest(head)
        guard request.isAcceptable, let key = request.key else { return refusal(status: request.status) }
        guard Self.isResource(request.requestLine?.target ?? ""), !Self.hasBody(head) else {
            return refusal(status: 400)
        }
        return .accepting(
            key: key,
            subprotocol: request.subprotocols.first(where: settings.subprotocols.contains),
            extraFields: [serverField]
        )
    }

    /// The answer that refuses a handshake, after which the connection is closed.
    func refusal(status: Int) -> HandshakeResponse {
        var fields = [serverField, HTTPField("Content-Length", "0")]
        switch status {
        case 405:
            // RFC 9110 section 10.2.1: a 405 lists what is allowed.
            fields += [HTTPField("Allow", "GET"), HTTPField("Connection", "close")]
        case 426:
            // RFC 9110 section 15.5.22 asks for Upgrade, RFC 6455 section 4.4 for the versions.
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

    /// Whether the client waits for a 100, which then has to precede the 101 (RFC 9110 section 7.8).
    func expectsContinue(_ head: HTTPHead) -> Bool {
        head.tokens(of: "Expect").contains { $0.lowercased() == "100-continue" }
    }

    private var serverField: HTTPField { HTTPField("Server", "wsconform/\(settings.version)") }

    /// Whether the target is a resource name or an absolute address of one (RFC 6455 section 4.2.1, item 1).
    private static func isResource(_ target: String) -> Bool {
        if target.hasPrefix("/") { return true }
        let lowered = target.lowercased()
        return lowered.hasPrefix("http://") || lowered.hasPrefix("https://")
    }

    /// Whether a body follows the head, which is no frame (RFC 9112 section 6.3) and which no handshake has.
    private static func hasBody(_ head: HTTPHead) -> Bool {
        !head.fields(named: "Transfer-Encoding").isEmpty || head.values(of: "Content-Length").contains { $0 != "0" }
    }

    /// The reason phrases of RFC 9110 section 15, and of RFC 6585 section 5 for 431.
    private static func reason(of status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 426: "Upgrade Required"
        case 431: "Request Header Fields Too Large"
        case 501: "Not Implemented"
        default: ""
        }
    }
}
