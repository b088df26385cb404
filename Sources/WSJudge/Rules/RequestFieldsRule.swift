import WSKernels
import WSProtocol
import WSScenario

extension Judge {
    /// Checks the fields of every request that a client sends (RFC 6455, 4.1; RFC 9110, 5; RFC 9112, 5).
    ///
    /// 1. The head follows HTTP's grammar; each kind of error is reported once. The request line has its own rule.
    /// 2. The fields of 4.1 are there with the required values; a violation without a keyword is tolerated.
    /// 3. A list has no empty elements, and a field with a single value appears once.
    /// 4. Connection names Upgrade (RFC 9110, 7.8).
    /// 5. Host is the authority of the address. A missing port counts only if the host name is that of our address.
    /// 6. A GET has no content, and Host comes first. Both are recommendations; the order is reported only in a
    ///    scenario about requests.
    static let requestFieldsRule = Rule(
        name: "request-fields",
        requirements: requestFieldsRequirements,
        roles: [.client],
        part: .request
    ) { subject in
        guard let head = subject.requestHead else { return [] }
        let found =
            grammarProblems(of: head) + handshakeProblems(of: head) + listProblems(of: head)
            + hostProblems(of: head, in: subject) + contentProblems(of: head, in: subject)
        var seen: Set<String> = []
        return found.compactMap { problem in
            guard seen.insert(problem.reason).inserted else { return nil }
            return Finding(
                rule: "request-fields",
                axis: .behaviour,
                verdict: problem.verdict,
                requirement: problem.requirement,
                reason: problem.reason,
                evidence: [Evidence(.received, offset: UInt64(problem.offset), length: 1)],
                key: problem.key,
                kind: problem.kind
            )
        }
    }

    /// Something that is wrong with a request.
    private struct Problem {
        var requirement: String
        var verdict: Verdict = .fail
        var offset = 0
        var reason: String
        var key: ReasonKey
        /// The kind of problem, if a requirement has several.
        var kind: String?
    }

    private static let requestFieldsRequirements = Set(
        HTTPRule.allCases.filter { ![.malformedStartLine, .missingSpaceAfterStatus].contains($0) }.map(\.requirement)
            + HandshakeRule.allCases.filter { $0.isOfRequestFields }.map(\.requirement)
    ).union([
        "RFC9110-5.6.1.1-01", "RFC9110-5.3-01", "RFC9110-7.8-05", "RFC9112-3.2-03", "RFC9110-7.2-02",
        "RFC9110-9.3.1-01", "RFC6455-4.1-31", "RFC6455-4.3-04", "RFC6455-11.6-01",
    ])

    private static func grammarProblems(of head: HTTPHead) -> [Problem] {
        head.problems.filter { $0.rule != .malformedStartLine }.map { problem in
            Problem(
                requirement: problem.rule.requirement,
                offset: problem.offset,
                reason: "the request is not HTTP as it is to be sent: \(problem.rule.summary)",
                key: .http,
                kind: problem.rule.rawValue
            )
        }
    }

    private static func handshakeProblems(of head: HTTPHead) -> [Problem] {
        var problems = HandshakeRules.checkRequest(head).problems.filter(\.rule.isOfRequestFields).map { problem in
            Problem(
                requirement: problem.rule.requirement,
                // 4.3 is only grammar; 9.1 says that values have to follow it, but addresses the receiver.
                verdict: problem.rule == .requestExtensionMalformed ? .tolerated : .fail,
                offset: problem.offset,
                reason: problem.sentence,
                key: .handshake,
                kind: problem.rule.rawValue
            )
        }
        let options = Set(head.tokens(of: "Connection").map { $0.lowercased() })
        if !head.fields(named: "Upgrade").isEmpty, !options.contains("upgrade") {
            problems.append(
                Problem(
                    requirement: "RFC9110-7.8-05",
                    reason: "sent Upgrade without Connection: upgrade",
                    key: .upgradeWithoutConnection
                )
            )
        }
        if let version = head.values(of: "Sec-WebSocket-Version").first, version != "13" {
            let isNumber = !version.isEmpty && version.utf8.allSatisfy { (0x30...0x39).contains($0) }
            if isNumber, version.count > 1, version.first == "0" {
                problems.append(
                    Problem(
                        requirement: "RFC6455-4.3-04",
                        verdict: .tolerated,
                        reason: "wrote Sec-WebSocket-Version with a leading zero: \(HeadText.excerpt(version))",
                        key: .versionWithZero
                    )
                )
            } else if UInt8(version) == nil {
                problems.append(
                    Problem(
                        requirement: "RFC6455-11.6-01",
                        verdict: .tolerated,
                        reason: "sent a Sec-WebSocket-Version that is no number from 0 to 255: "
                            + HeadText.excerpt(version),
                        key: .versionNoNumber
                    )
                )
            }
        }
        return problems
    }

    private static func listProblems(of head: HTTPHead) -> [Problem] {
        var problems: [Problem] = []
        for field in head.fields {
            let name = head.name(of: field)
            if lists.contains(name.lowercased()), hasEmptyElement(head.value(of: field)) {
                problems.append(
                    Problem(
                        requirement: "RFC9110-5.6.1.1-01",
                        offset: field.value.lowerBound,
                        reason: "the list in \(name) of the request has an empty element",
                        key: .emptyListElement,
                        kind: name.lowercased()
                    )
                )
            }
            if singleValues.contains(name.lowercased()), head.fields(named: name).count > 1 {
                problems.append(
                    Problem(
                        requirement: "RFC9110-5.3-01",
                        offset: field.lineOffset,
                        reason: "the request has several \(name.lowercased()) lines",
                        key: .fieldRepeated,
                        kind: name.lowercased()
                    )
                )
            }
        }
        return problems
    }

    private static func hostProblems(of head: HTTPHead, in subject: Case) -> [Problem] {
        guard let field = head.fields(named: "Host").first else { return [] }
        let host = head.value(of: field)
        var problems: [Problem] = []
        if host.contains("@") {
            problems.append(
                Problem(
                    requirement: "RFC9112-3.2-03",
                    offset: field.value.lowerBound,
                    reason: "Host names a user, which is no part of it",
                    key: .hostWithUser
                )
            )
        }
        if let authority = subject.authority, authority.lowercased() == "\(host.lowercased()):\(subject.port ?? "")" {
            problems.append(
                Problem(
                    requirement: "RFC6455-4.1-23",
                    offset: field.value.lowerBound,
                    reason: "Host lacks the port, which is not the one that goes without saying: "
                        + HeadText.excerpt(host),
                    key: .hostWithoutPort
                )
            )
        }
        if subject.looksAtRequests, head.fields.first?.lineOffset != field.lineOffset {
            problems.append(
                Problem(
                    requirement: "RFC9110-7.2-02",
                    verdict: .tolerated,
                    offset: field.lineOffset,
                    reason: "Host is not the first field of the request",
                    key: .hostNotFirst
                )
            )
        }
        return problems
    }

    private static func contentProblems(of head: HTTPHead, in subject: Case) -> [Problem] {
        var problems: [Problem] = []
        let length = head.values(of: "Content-Length").first.flatMap { Int($0) } ?? 0
        if length > 0 || !head.fields(named: "Transfer-Encoding").isEmpty {
            problems.append(
                Problem(
                    requirement: "RFC9110-9.3.1-01",
                    verdict: .tolerated,
                    reason: "announced content with a GET, which has none",
                    key: .contentWithGet
                )
            )
        }
        if let field = head.fields(named: "Origin").first, !isOrigin(head.value(of: field)) {
            problems.append(
                Problem(
                    requirement: "RFC6455-4.1-31",
                    verdict: .tolerated,
                    offset: field.value.lowerBound,
                    reason: "Origin is not the ASCII form of an origin: \(HeadText.excerpt(head.value(of: field)))",
                    key: .originMalformed
                )
            )
        }
        return problems
    }

    /// Whether a text is `null`, or scheme, host and port alone (RFC 6454, 6.2).
    private static func isOrigin(_ text: String) -> Bool {
        if text == "null" { return true }
        guard let separator = text.firstRange(of: "://"), separator.lowerBound != text.startIndex else { return false }
        let rest = text[separator.upperBound...]
        return !rest.isEmpty && !rest.contains { "/?#@ ".contains($0) }
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// The fields of a handshake request that are lists.
    private static let lists: Set = [
        "upgrade", "connection", "sec-websocket-protocol", "sec-websocket-extensions",
    ]

    /// Fields that are defined to have one value, except those that the handshake rules count.
    private static let singleValues: Set = [
        "user-agent", "origin", "content-length", "authorization", "referer", "from", "max-forwards",
    ]

    /// Whether a list has an empty element; an empty list does not count.
    private static func hasEmptyElement(_ value: String) -> Bool {
        guard value.contains(",") else { return false }
        return value.split(separator: ",", omittingEmptySubsequences: false).contains { element in
            element.allSatisfy { $0 == " " || $0 == "\t" }
        }
    }
}

extension HandshakeRule {
    /// Whether the rule is about the fields of a request.
    fileprivate var isOfRequestFields: Bool {
        rawValue.hasPrefix("request-") && ![.requestLine, .requestMethod, .requestVersion].contains(self)
    }
}

extension Case {
    /// Host and port of our own address; nil if it has no port.
    fileprivate var authority: String? {
        guard port != nil, let scheme = url.firstRange(of: "://") else { return nil }
        return String(url[scheme.upperBound...].prefix { !"/?#".contains($0) })
    }

    /// The port of our own address, if it is not the default of ws.
    fileprivate var port: String? {
        guard let scheme = url.firstRange(of: "://") else { return nil }
        let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else { return nil }
        let port = String(authority[authority.index(after: colon)...])
        return port == "80" ? nil : port
    }
}
