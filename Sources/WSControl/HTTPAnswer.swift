import WSLink
import WSProtocol

/// An answer to a plain HTTP request; the connection ends after it.
struct HTTPAnswer: Sendable, Hashable {
    var status: Int
    var reason: String
    var contentType: String
    var body: [UInt8]
    var fields: [HTTPField] = []

    /// An answer with one line of text.
    static func line(_ status: Int, _ text: String) -> HTTPAnswer {
        HTTPAnswer(
            status: status,
            reason: Self.reason(of: status),
            contentType: "text/plain; charset=utf-8",
            body: Array((text + "\n").utf8)
        )
    }

    /// An answer with JSON.
    static func json(_ status: Int, _ body: [UInt8]) -> HTTPAnswer {
        HTTPAnswer(status: status, reason: reason(of: status), contentType: "application/json", body: body)
    }

    /// An answer with JSON that says what is wrong.
    static func error(_ status: Int, _ text: String) -> HTTPAnswer {
        json(status, ControlJSON.text(["error": text]))
    }

    /// The page, which may load nothing from elsewhere and connect only to us.
    static func page(_ body: [UInt8]) -> HTTPAnswer {
        let policy =
            "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
            + "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return HTTPAnswer(
            status: 200,
            reason: "OK",
            contentType: "text/html; charset=utf-8",
            body: body,
            fields: [HTTPField("Content-Security-Policy", policy), HTTPField("Referrer-Policy", "no-referrer")]
        )
    }

    /// A document with results; one with a file name is saved and never shown as a page of ours.
    static func document(_ document: PageDocument) -> HTTPAnswer {
        var fields = [HTTPField("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")]
        if let name = document.fileName {
            fields.append(HTTPField("Content-Disposition", "attachment; filename=\"\(name)\""))
        }
        return HTTPAnswer(
            status: 200,
            reason: reason(of: 200),
            contentType: document.contentType,
            body: document.octets,
            fields: fields
        )
    }

    /// A refusal without a body, which drivers of Autobahn's interface expect.
    static func bare(_ status: Int) -> HTTPAnswer {
        HTTPAnswer(status: status, reason: reason(of: status), contentType: "", body: [])
    }

    /// The encoded octets; an answer to HEAD has no body.
    func encode(hasBody: Bool = true) -> [UInt8] {
        let head = head.encode()
        return hasBody ? head + body : head
    }

    /// The field lines on a stream of HTTP/2.
    var streamFields: [LinkField] { head.streamFields }

    private var head: HandshakeResponse {
        var fields = [
            HTTPField("Content-Length", "\(body.count)"), HTTPField("Connection", "close"),
            HTTPField("Cache-Control", "no-store"), HTTPField("X-Content-Type-Options", "nosniff"),
        ]
        if !contentType.isEmpty { fields.insert(HTTPField("Content-Type", contentType), at: 0) }
        return HandshakeResponse(status: status, reason: reason, fields: fields + self.fields)
    }

    /// The reason phrases of RFC 9110 section 15.
    private static func reason(of status: Int) -> String {
        switch status {
        case 200: "OK"
        case 400: "Bad Request"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 421: "Misdirected Request"
        case 426: "Upgrade Required"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        default: ""
        }
    }
}

extension HandshakeResponse {
    /// The field lines that say the same on a stream of HTTP/2, where 200 stands for 101 (RFC 8441, 5).
    var streamFields: [LinkField] {
        let left: Set = ["upgrade", "connection", "sec-websocket-accept"]
        return [LinkField(":status", "\(status == 101 ? 200 : status)")]
            + fields.map { LinkField($0.name.lowercased(), $0.value) }.filter { !left.contains($0.name) }
    }
}
