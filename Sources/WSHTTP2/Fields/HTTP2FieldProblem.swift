/// A rule that a field section violates.
package struct HTTP2FieldProblem: Sendable, Hashable {
    /// The rule.
    package var rule: HTTP2Rule
    /// What was found, as the end of a sentence about the sender.
    package var detail: String

    /// A problem of a section.
    package init(_ rule: HTTP2Rule, _ detail: String) {
        self.rule = rule
        self.detail = detail
    }
}

/// The kinds of field sections (RFC 9113 section 8.1).
package enum HTTP2SectionKind: Sendable, Hashable {
    /// That of a request.
    case request
    /// That of an interim or final response.
    case response
    /// What stands behind the content of a message.
    case trailers
}

/// What is known about a section beside its lines.
package struct HTTP2SectionContext: Sendable, Hashable {
    /// Whether the request may have :protocol: the server has set SETTINGS_ENABLE_CONNECT_PROTOCOL to 1.
    package var isProtocolEnabled: Bool
    /// Whether the response answers CONNECT.
    package var answersConnect: Bool

    /// A context.
    package init(isProtocolEnabled: Bool = true, answersConnect: Bool = false) {
        self.isProtocolEnabled = isProtocolEnabled
        self.answersConnect = answersConnect
    }
}

/// The control data of a message: its pseudo-header fields, each as it first occurs (RFC 9113 section 8.3).
package struct HTTP2Pseudo: Sendable, Hashable {
    /// :method.
    package private(set) var method: [UInt8]?
    /// :scheme.
    package private(set) var scheme: [UInt8]?
    /// :authority.
    package private(set) var authority: [UInt8]?
    /// :path.
    package private(set) var path: [UInt8]?
    /// :protocol (RFC 8441 section 4).
    package private(set) var connectProtocol: [UInt8]?
    /// :status.
    package private(set) var statusOctets: [UInt8]?

    /// The control data of a section.
    package init(of fields: [FieldLine]) {
        for field in fields where field.isPseudo { _ = take(field) }
    }

    init() {}

    enum Outcome { case taken, repeated, undefined }

    mutating func take(_ field: FieldLine) -> Outcome {
        if field.isNamed(":method") { return Self.set(&method, field) }
        if field.isNamed(":path") { return Self.set(&path, field) }
        if field.isNamed(":scheme") { return Self.set(&scheme, field) }
        if field.isNamed(":authority") { return Self.set(&authority, field) }
        if field.isNamed(":status") { return Self.set(&statusOctets, field) }
        if field.isNamed(":protocol") { return Self.set(&connectProtocol, field) }
        return .undefined
    }

    private static func set(_ member: inout [UInt8]?, _ field: FieldLine) -> Outcome {
        guard member == nil else { return .repeated }
        member = field.value
        return .taken
    }

    /// The status, if it has three digits of which the first is 1 to 5.
    package var status: Int? {
        guard let octets = statusOctets, octets.count == 3, octets.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        let status = octets.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return (100...599).contains(status) ? status : nil
    }

    /// Whether the method is CONNECT.
    package var isConnect: Bool { method.map { $0.elementsEqual("CONNECT".utf8) } ?? false }

    /// Whether the request opens a WebSocket (RFC 8441 section 5).
    package var isWebSocket: Bool {
        isConnect && connectProtocol.map { $0.elementsEqual("websocket".utf8) } ?? false
    }
}
