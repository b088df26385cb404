/// Follows the messages of one stream: a request, its responses, and what they announce (RFC 9113 section 8.1).
struct HTTP2Exchange: Sendable, Hashable {
    /// Whether a 2xx response has answered CONNECT, so that DATA are those of a tunnel.
    private(set) var isTunnel = false
    /// Whether the request has the method CONNECT.
    private(set) var isConnect = false
    private var isHead = false
    private var request = Message()
    private var response = Message()

    private struct Message: Sendable, Hashable {
        var hasSection = false
        var expectedLength: Int?
        var length = 0
    }

    /// A section as it was understood.
    struct Section {
        var kind: HTTP2SectionKind
        var pseudo: HTTP2Pseudo
        var problems: [HTTP2FieldProblem]
    }

    /// Takes a section on the stream.
    mutating func take(
        _ lines: [HPACKLine],
        from role: HTTP2Role,
        endsStream: Bool,
        isProtocolEnabled: Bool
    ) -> Section {
        var context = HTTP2SectionContext(isProtocolEnabled: isProtocolEnabled)
        let isFirst = role == .client ? !request.hasSection : !response.hasSection
        guard isFirst else {
            var (problems, pseudo) = HTTP2FieldCheck.inspect(lines, as: .trailers, context)
            if isTunnel {
                problems.insert(HTTP2FieldProblem(.headersOnTunnel, "a HEADERS frame on a tunnel"), at: 0)
            } else if !endsStream {
                problems.append(HTTP2FieldProblem(.trailersWithoutEnd, "a second field section without END_STREAM"))
            }
            return Section(kind: .trailers, pseudo: pseudo, problems: problems)
        }
        if role == .client {
            let (problems, pseudo) = HTTP2FieldCheck.inspect(lines, as: .request, context)
            begin(pseudo, lines)
            return Section(kind: .request, pseudo: pseudo, problems: problems)
        }
        context.answersConnect = isConnect
        var (problems, pseudo) = HTTP2FieldCheck.inspect(lines, as: .response, context)
        let status = pseudo.status ?? 0
        if (100...199).contains(status) {
            if endsStream { problems.append(HTTP2FieldProblem(.interimWithEnd, "a \(status) with END_STREAM")) }
        } else {
            response.hasSection = true
            isTunnel = isConnect && (200...299).contains(status)
            let hasNoContent = isTunnel || isHead || status == 204 || status == 304
            response.expectedLength = hasNoContent ? nil : Self.contentLength(lines)
        }
        return Section(kind: .response, pseudo: pseudo, problems: problems)
    }

    /// Takes the request that a server promises.
    mutating func takePromise(_ lines: [HPACKLine]) -> Section {
        let context = HTTP2SectionContext(isProtocolEnabled: false)
        let (problems, pseudo) = HTTP2FieldCheck.inspect(lines, as: .request, context)
        begin(pseudo, lines)
        return Section(kind: .request, pseudo: pseudo, problems: problems)
    }

    private mutating func begin(_ pseudo: HTTP2Pseudo, _ lines: [HPACKLine]) {
        request.hasSection = true
        isConnect = pseudo.isConnect
        isHead = pseudo.method.map { $0.elementsEqual("HEAD".utf8) } ?? false
        // What follows a CONNECT request is no content (RFC 9110 section 9.3.6).
        request.expectedLength = isConnect ? nil : Self.contentLength(lines)
    }

    /// Takes the length of DATA without padding.
    mutating func takeData(_ count: Int, from role: HTTP2Role) -> HTTP2FieldProblem? {
        role == .client ? Self.count(count, in: &request) : Self.count(count, in: &response)
    }

    /// Whether DATA come before the section that they belong to.
    func isTooEarlyForData(from role: HTTP2Role) -> Bool { role == .server && !response.hasSection }

    /// Takes the end of what one endpoint sends.
    mutating func end(from role: HTTP2Role) -> HTTP2FieldProblem? {
        let message = role == .client ? request : response
        guard let expected = message.expectedLength, message.length < expected else { return nil }
        return HTTP2FieldProblem(
            .contentLengthMismatch,
            "\(message.length) octets of DATA, with a content-length of \(expected)"
        )
    }

    private static func count(_ count: Int, in message: inout Message) -> HTTP2FieldProblem? {
        message.length = message.length.addingReportingOverflow(count).partialValue
        guard let expected = message.expectedLength, message.length > expected else { return nil }
        message.expectedLength = nil
        return HTTP2FieldProblem(
            .contentLengthMismatch,
            "\(message.length) octets of DATA or more, with a content-length of \(expected)"
        )
    }

    /// The value of content-length, if there is one and it is a number.
    private static func contentLength(_ lines: [HPACKLine]) -> Int? {
        guard let value = lines.first(where: { $0.field.isNamed("content-length") })?.field.value else { return nil }
        guard !value.isEmpty, value.count < 19 else { return nil }
        guard value.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return value.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
