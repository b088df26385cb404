import WSProtocol
import WSScenario

extension Judge {
    /// Checks the form of every response, also of interim ones (RFC 9110, 5 and RFC 9112, 2 to 5).
    ///
    /// 1. The head follows HTTP's grammar; each kind of error is reported once. The handshake rule checks the status
    ///    line.
    /// 2. A list has no empty elements.
    /// 3. A field with a single value appears once.
    /// 4. A request of HTTP/1.0 gets no interim response.
    static let responseFieldsRule = Rule(
        name: "response-fields",
        requirements: responseFieldsRequirements,
        roles: [.server],
        part: .response
    ) { subject in
        let heads = subject.timeline.interimResponses + subject.timeline.responses
        var findings: [Finding] = []
        func report(
            _ requirement: String,
            _ key: ReasonKey,
            _ kind: String? = nil,
            at offset: Int,
            _ reason: String
        ) {
            guard !findings.contains(where: { $0.reason == reason }) else { return }
            findings.append(
                Finding(
                    rule: "response-fields",
                    axis: .behaviour,
                    verdict: .fail,
                    requirement: requirement,
                    reason: reason,
                    evidence: [Evidence(.received, offset: UInt64(offset), length: 1)],
                    key: key,
                    kind: kind
                )
            )
        }
        var start = 0
        for head in heads {
            for problem in head.problems where problem.rule != .malformedStartLine {
                report(
                    problem.rule.requirement,
                    .http,
                    problem.rule.rawValue,
                    at: start + problem.offset,
                    "the response is not HTTP as it is to be sent: \(problem.rule.summary)"
                )
            }
            for field in head.fields {
                let name = head.name(of: field)
                let isList = Self.lists.contains(name.lowercased())
                if isList, Self.hasEmptyElement(head.value(of: field)) {
                    report(
                        "RFC9110-5.6.1.1-01",
                        .emptyListElement,
                        name.lowercased(),
                        at: start + field.value.lowerBound,
                        "the list in \(name) has an empty element"
                    )
                }
                if Self.singleValues.contains(name.lowercased()), head.fields(named: name).count > 1 {
                    report(
                        "RFC9110-5.3-01",
                        .fieldRepeated,
                        name.lowercased(),
                        at: start + field.lineOffset,
                        "the response has several \(name) lines"
                    )
                }
            }
            start += head.raw.count
        }
        if !subject.timeline.interimResponses.isEmpty, subject.requestVersion == HTTPVersion(major: 1, minor: 0) {
            report(
                "RFC9110-15.2-01",
                .interimToOldClient,
                at: 0,
                "an interim response went to a client of HTTP/1.0, which knows none"
            )
        }
        return findings
    }

    private static let responseFieldsRequirements = Set(
        HTTPRule.allCases.filter { $0 != .malformedStartLine && $0 != .leadingEmptyLine }.map(\.requirement)
    ).union(["RFC9110-5.6.1.1-01", "RFC9110-5.3-01", "RFC9110-15.2-01"])

    /// The fields of a handshake response that are lists of tokens.
    private static let lists: Set = [
        "upgrade", "connection", "sec-websocket-extensions", "sec-websocket-version", "allow", "transfer-encoding",
    ]

    /// Fields that are defined to have one value (RFC 9110, 6.6, 8.3, 8.6, 10.2).
    private static let singleValues: Set = [
        "content-length", "content-type", "date", "location", "retry-after", "server",
    ]

    /// Whether a list has an empty element; an empty list does not count.
    private static func hasEmptyElement(_ value: String) -> Bool {
        guard value.contains(",") else { return false }
        return value.split(separator: ",", omittingEmptySubsequences: false).contains { element in
            element.allSatisfy { $0 == " " || $0 == "\t" }
        }
    }
}

extension Case {
    /// The HTTP version of our request; nil if it has none.
    fileprivate var requestVersion: HTTPVersion? {
        RequestLine(HTTPHead(kind: .request, raw: timeline.request))?.version
    }
}
