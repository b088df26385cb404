import WSProtocol
import WSScenario
import WSTranscript

extension Judge {
    /// Checks whether the driver made the client do what the scenario needs.
    ///
    /// 1. The client asked for the subprotocols, sent the message and began the closing handshake. If not, the driver
    ///    did not do its part, and the rest of the conversation says nothing about the client.
    /// 2. The reason in the Close frame is the one that the application gave (RFC 6455, 7.1.2). If it gave none, the
    ///    client may add its own, because 7.1.6 makes the reason optional.
    static let driverRule = Rule(name: "driver", requirements: ["RFC6455-7.1.2-01"], roles: [.client]) { subject in
        guard let head = subject.askingHead else { return [] }
        func undone(_ reason: String) -> [Finding] {
            [
                Finding(
                    rule: "driver",
                    axis: .behaviour,
                    verdict: .inconclusive,
                    requirement: subject.requirement,
                    reason: "the client's driver \(reason)",
                    evidence: [],
                    key: .driverUndone
                )
            ]
        }
        let driver = subject.scenario.driver
        let asked = Set(head.tokens(of: "Sec-WebSocket-Protocol"))
        if !asked.isSuperset(of: driver.subprotocols) {
            let names = driver.subprotocols.joined(separator: " and ")
            let variable = DriverPart.subprotocols.rawValue
            return undone("did not ask for the subprotocols \(names), which this case needs: \(variable) has them")
        }
        let action = DriverPart.action.rawValue
        let unsent = "did not send the message that this case needs: \(action) has it"
        switch driver.action {
        case .sendText(let text):
            return subject.hasReceived(Array(text.utf8)) ? [] : undone(unsent)
        case .sendBinary(let octets):
            return subject.hasReceived(octets) ? [] : undone(unsent)
        case .close(_, let reason):
            guard let close = subject.timeline.peerClose else {
                // A client that ended TCP was told to end the connection.
                guard subject.isOpened, subject.closing != .peerDrops else { return [] }
                return undone("did not close the connection, which this case needs: \(action) says how")
            }
            guard case .peerCloses = subject.closing else {
                // Where both sides close, either may be the first, as far as the script came to our Close frame.
                guard subject.scriptCloses, !subject.closedBecauseItGaveUp else {
                    return undone(
                        "closed the connection only when the tester did, which shows nothing: \(action) says how"
                    )
                }
                return []
            }
            guard close.reason != Array(reason.utf8), !subject.scriptCloses else { return [] }
            return [
                Finding(
                    rule: "driver",
                    axis: .closing,
                    verdict: reason.isEmpty ? .informational : .fail,
                    requirement: "RFC6455-7.1.2-01",
                    reason: reason.isEmpty
                        ? "gave a reason with its Close frame where its application had given none (RFC 6455, 7.1.6)"
                        : "sent another reason with its Close frame than its application had given",
                    evidence: subject.closingEvidence,
                    key: reason.isEmpty ? .closeReasonAdded : .closeReasonOther
                )
            ]
        case .open, .openWithoutPath, .openAs, .openOverIPv6, .openSecured, .openOverHTTP2, nil:
            return []
        }
    }

    /// The part that the driver did not do, according to this finding; nil for other findings.
    package static func undonePart(of finding: Finding) -> DriverPart? {
        guard isUndone(finding) else { return nil }
        return DriverPart.allCases.first { finding.reason.contains($0.rawValue) }
    }

    /// Whether the finding says that the driver did not do its part.
    static func isUndone(_ finding: Finding) -> Bool {
        finding.rule == driverRule.name && finding.verdict == .inconclusive
    }
}

/// What a driver has to do besides connecting and echoing; the raw value is the variable that says it.
package enum DriverPart: String, Sendable, Hashable, CaseIterable {
    /// Ask for subprotocols.
    case subprotocols = "WSCONFORM_SUBPROTOCOLS"
    /// Send a message, or close.
    case action = "WSCONFORM_ACTION"
}

extension Case {
    /// Whether a message with these octets came, of either type; also true if no connection was opened.
    fileprivate func hasReceived(_ octets: [UInt8]) -> Bool {
        !isOpened
            || timeline.entries.contains { entry in
                if case .message(let message) = entry.kind { message.preview == octets } else { false }
            }
    }

    /// Whether our Close frame is the one with which the tester ends what it has given up, and not that of the script.
    fileprivate var closedBecauseItGaveUp: Bool {
        guard let gaveUp = gaveUpIndex, let ours = ourCloseIndex else { return false }
        return gaveUp < ours
    }

    /// Whether the script itself starts the closing handshake.
    fileprivate var scriptCloses: Bool {
        scenario.script.contains { if case .startClosingHandshake = $0 { true } else { false } }
    }
}
