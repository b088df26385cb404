import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// Checks the first line of every request that a client sends (RFC 6455, 4.1; RFC 9112, 3).
    ///
    /// 1. It has a method, a target and a version; the method is GET, the version is 1.1.
    /// 2. The target is a path with its query, or the whole address. RFC 6455 allows the whole address and RFC 9112
    ///    does not; that is reported only in a scenario about requests.
    /// 3. The target has no fragment, and no octets that are not allowed in an address.
    static let requestLineRule = Rule(
        name: "request-line",
        requirements: [
            "RFC6455-4.1-02", "RFC6455-4.1-19", "RFC6455-4.1-20", "RFC6455-4.1-21", "RFC6455-4.1-22",
            "RFC6455-3-01", "RFC6455-11.1.1-02", "RFC9112-3.2.1-01", "RFC9110-6.2-02", "RFC9110-2.2-01",
        ],
        roles: [.client],
        part: .request
    ) { subject in
        guard let head = subject.requestHead else { return [] }
        func finding(
            _ requirement: String,
            _ key: ReasonKey,
            _ reason: String,
            _ verdict: Verdict = .fail
        ) -> Finding {
            Finding(
                rule: "request-line",
                axis: .behaviour,
                verdict: verdict,
                requirement: requirement,
                reason: reason,
                evidence: [
                    Evidence(.received, offset: UInt64(head.startLine.lowerBound), length: UInt64(head.startLine.count))
                ],
                key: key
            )
        }
        guard let line = RequestLine(head) else {
            return [finding("RFC6455-4.1-19", .noRequestLine, "the request does not begin with a request line")]
        }
        var findings: [Finding] = []
        if line.method != "GET" {
            findings.append(
                finding(
                    "RFC6455-4.1-20",
                    .otherMethod,
                    "asked with the method \(HeadText.excerpt(line.method)) and not with GET"
                )
            )
        }
        if line.version < .http11 {
            findings.append(
                finding("RFC6455-4.1-21", .askedInOldVersion, "asked in \(line.version), which has no Upgrade")
            )
        } else if line.version != .http11 {
            findings.append(
                finding(
                    "RFC9110-6.2-02",
                    .askedInOtherVersion,
                    "asked in \(line.version), which is not spoken on this connection"
                )
            )
        }
        return findings + targetProblems(line.target, in: subject).map { finding($0, $1, $2, $3) }
    }

    /// The problems of a request target: requirement, key, reason and verdict.
    private static func targetProblems(_ target: String, in subject: Case) -> [(String, ReasonKey, String, Verdict)] {
        if target.contains("#") {
            return [
                (
                    "RFC6455-3-01", .targetWithFragment,
                    "the target of the request has a fragment, which no WebSocket address has", .fail
                )
            ]
        }
        let scalars = target.unicodeScalars
        if scalars.contains(where: { $0.value > 0x7E }) {
            return [
                (
                    "RFC6455-11.1.1-02", .targetNotEscaped,
                    "the target of the request has octets above ASCII as they are", .fail
                )
            ]
        }
        if scalars.contains(where: { "\"<>\\^`{|}".unicodeScalars.contains($0) || $0.value < 0x21 }) {
            return [
                (
                    "RFC9110-2.2-01", .targetNotEscaped,
                    "the target of the request has a character that no address has", .fail
                )
            ]
        }
        if target.hasPrefix("/") { return [] }
        guard target.lowercased().hasPrefix("http://") || target.lowercased().hasPrefix("https://") else {
            return [
                (
                    "RFC6455-4.1-22", .targetNoPath,
                    "the target of the request is neither a path nor an address of HTTP", .fail
                )
            ]
        }
        guard subject.looksAtRequests else { return [] }
        return [
            (
                "RFC9112-3.2.1-01",
                .targetWhole,
                "asked a server for the whole address, which RFC 6455, 4.1 allows and RFC 9112, 3.2.1 keeps for proxies",
                .informational
            )
        ]
    }
}

extension Case {
    /// The client's request; nil if none came completely, or if a server is under test.
    var requestHead: HTTPHead? {
        guard roleUnderTest == .client, let raw = timeline.requests.first else { return nil }
        return HTTPHead(kind: .request, raw: raw)
    }

    /// The request of HTTP/1.1, or the one that asks for the same as the one on a stream of HTTP/2, where only the path
    /// and the fields are the client's; nil as for ``requestHead``.
    var askingHead: HTTPHead? {
        guard roleUnderTest == .client, let fields = timeline.streamRequest else { return requestHead }
        let path = fields.values(of: ":path").first ?? "/"
        return HTTPHead(kind: .request, raw: fields.head("GET \(path) HTTP/1.1"))
    }

    /// Whether the scenario is about the form of requests, so that missed recommendations are reported.
    ///
    /// Otherwise every conversation would report them.
    var looksAtRequests: Bool { scenario.requirements.contains("RFC6455-4.1-19") }
}
