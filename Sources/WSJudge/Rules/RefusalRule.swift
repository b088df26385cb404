import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// Checks a final response other than 101: the fields that its status requires, and how it ends.
    ///
    /// 1. 426 has Upgrade, 405 has Allow, 401 has WWW-Authenticate.
    /// 2. A response with Upgrade names it in Connection, too (RFC 9110, 7.8).
    /// 3. If only the version was wrong, an error response lists 13, with which the control was accepted.
    /// 4. After a response with "close", the server ends the connection.
    /// 5. After a response without a length, too; missing it is tolerated, because no rule says it explicitly.
    /// 6. A redirection has Location; missing it is informational, because 4.2.2 has a MAY.
    /// 7. A server with a clock sends Date. Whether it has a clock cannot be seen, so a missing Date is informational,
    ///    and only in the scenario about Date.
    static let refusalRule = Rule(name: "refusal", requirements: refusalRequirements, roles: [.server], part: .response)
    { subject in
        guard let head = subject.timeline.response, let status = StatusLine(head)?.code, status >= 200 else {
            return []
        }
        let evidence = [Evidence(.received, offset: 0, length: subject.timeline.receivedCount)]
        func finding(_ verdict: Verdict, _ requirement: String, _ key: ReasonKey, _ reason: String) -> Finding {
            Finding(
                rule: "refusal",
                axis: .behaviour,
                verdict: verdict,
                requirement: requirement,
                reason: reason,
                evidence: evidence,
                key: key
            )
        }
        var findings: [Finding] = []
        let due: [Int: (field: String, requirement: String, key: ReasonKey)] = [
            426: ("Upgrade", "RFC9110-15.5.22-01", .refusedWithoutUpgrade),
            405: ("Allow", "RFC9110-10.2.1-01", .refusedWithoutAllow),
            401: ("WWW-Authenticate", "RFC9110-11.6.1-01", .refusedWithoutChallenge),
        ]
        if let (field, requirement, key) = due[status], head.fields(named: field).isEmpty {
            findings.append(finding(.fail, requirement, key, "answered \(status) without \(field)"))
        }
        let options = Set(head.tokens(of: "Connection").map { $0.lowercased() })
        if !head.fields(named: "Upgrade").isEmpty, !options.contains("upgrade") {
            findings.append(
                finding(
                    .fail,
                    "RFC9110-7.8-05",
                    .upgradeWithoutConnection,
                    "answered \(status) with Upgrade and without Connection: upgrade"
                )
            )
        }
        if status >= 400, subject.isRefusedForVersion, !head.tokens(of: "Sec-WebSocket-Version").contains("13") {
            findings.append(
                finding(
                    .fail,
                    "RFC6455-4.4-01",
                    .refusedWithoutVersion,
                    "refused a version with \(status) and does not list 13 in Sec-WebSocket-Version"
                )
            )
        }
        if options.contains("close"), subject.leftOpen {
            findings.append(
                finding(
                    .fail,
                    "RFC9112-9.6-01",
                    .leftOpenDespiteClose,
                    "answered \(status) with Connection: "
                        + HeadText.excerpt(head.tokens(of: "Connection").joined(separator: ", "))
                        + ", and left the connection open although close is among it"
                )
            )
        } else if subject.leftOpen, subject.timeline.content?.framing == .connection {
            findings.append(
                finding(
                    .tolerated,
                    "RFC6455-7.2.2-01",
                    .leftOpenWithoutLength,
                    "answered \(status) without a length and left the connection open, so that nobody knows where it ends"
                )
            )
        }
        if (300..<400).contains(status), status != 304, head.fields(named: "Location").isEmpty {
            findings.append(
                finding(
                    .informational,
                    "RFC6455-4.2.2-04",
                    .redirectedWithoutLocation,
                    "redirected with \(status) and without Location"
                )
            )
        }
        let asksForDate = subject.scenario.requirements.contains("RFC9110-6.6.1-01")
        if asksForDate, status < 500, head.fields(named: "Date").isEmpty {
            findings.append(
                finding(
                    .informational,
                    "RFC9110-6.6.1-01",
                    .dateMissing,
                    "answered \(status) without Date, which a server with a clock sends"
                )
            )
        }
        return findings
    }
}

extension Judge {
    private static let refusalRequirements: Set = [
        "RFC9110-15.5.22-01", "RFC9110-10.2.1-01", "RFC9110-11.6.1-01", "RFC9110-7.8-05", "RFC6455-4.4-01",
        "RFC9112-9.6-01", "RFC6455-7.2.2-01", "RFC9110-6.6.1-01", "RFC6455-4.2.2-04",
    ]
}

extension Case {
    /// Whether the peer did not end the connection although we waited for it.
    fileprivate var leftOpen: Bool {
        !isEndedByPeer && timeline.firstIndex { if case .mark(.gaveUp(.deadline)) = $0 { true } else { false } } != nil
    }

    /// Whether our request was an opening handshake in which only the version was wrong.
    fileprivate var isRefusedForVersion: Bool {
        let head = HTTPHead(kind: .request, raw: timeline.request)
        let problems = HandshakeRules.checkRequest(head).problems.map(\.rule)
        guard problems == [.requestProtocolVersion], head.problems.isEmpty else { return false }
        // RFC 6455, 4.3: 0 to 255 without leading zeros.
        let value = head.values(of: "Sec-WebSocket-Version").first ?? ""
        return UInt8(value).map { String($0) == value } ?? false
    }
}
