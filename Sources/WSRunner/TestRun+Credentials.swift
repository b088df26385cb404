import WSLink
package import WSProtocol
import WSTranscript

/// What a server does with a handshake that lacks the credentials which the user gave.
///
/// The server may use any means of HTTP to find out who asks (RFC 6455, 10.5), and need not, so nothing here counts
/// against it: the user learns whether the endpoint is as closed as it should be.
package enum AnswerWithoutCredentials: Sendable, Hashable {
    /// It refused the handshake with this status.
    case refused(status: Int)
    /// It opened the connection and closed it with this code; nil for none.
    case closed(code: UInt16?)
    /// It opened the connection and ended it without a Close frame, or left a Ping unanswered.
    case opened
    /// It opened the connection and answered a Ping on it.
    case served
    /// It ended the connection without an answer.
    case unanswered

    /// What the endpoint does, as the end of a sentence about it.
    package var words: String {
        switch self {
        case .refused(let status): "refused with \(status)"
        case .closed(let code): "opened, and closed with \(code.map { "code \($0)" } ?? "no code")"
        case .opened: "opened, and not served"
        case .served: "opened"
        case .unanswered: "ended without an answer"
        }
    }

    /// The line for the user.
    ///
    /// - Parameter names: The fields that were left out.
    /// - Returns: One sentence.
    func line(leavingOut names: [String]) -> String {
        let what = "without the credentials (\(names.joined(separator: ", "))) a handshake is \(words)"
        return switch self {
        case .refused(401), .refused(403), .refused(407): "\(what), as it should be where they are needed"
        case .refused: "\(what); what asks for credentials is 401, and what denies access 403 (RFC 9110, 15.5)"
        case .closed: "\(what): it is turned away by the application, and not in HTTP (RFC 6455, 4.2.2)"
        case .opened, .unanswered: "\(what); say 401 or 403 instead (RFC 6455, 4.2.2)"
        case .served: "\(what): they are not needed for it (RFC 6455, 10.5); if they should be, everybody gets in"
        }
    }
}

extension ConversationSettings {
    /// The additional fields that say who asks, by their names.
    package var credentialFields: [HTTPField] {
        headerFields.filter { field in
            let name = field.name.lowercased()
            return ["auth", "cookie", "token", "api-key", "apikey", "secret", "session", "password"].contains {
                name.contains($0)
            }
        }
    }
}

extension TestRun {
    /// Opens a connection without the credentials that the user gave, and tells what came of it.
    func tryWithoutCredentials() async {
        let left = conversations.settings.credentialFields
        guard !left.isEmpty, memory.known == nil, !Task.isCancelled else { return }
        var anonymous = conversations
        anonymous.settings.headerFields.removeAll { left.contains($0) }
        // A message that logs in would be a credential, too.
        anonymous.settings.firstMessage = nil
        anonymous.settings.ignoresMessages = true
        let facts = await anonymous.runOne(plan.controlWithoutEcho, start: 0, sidecar: nil).facts
        guard !Task.isCancelled, let answer = facts.answerWithoutCredentials else { return }
        var names: [String] = []
        for field in left where !names.contains(field.name) { names.append(field.name) }
        await handle(.withoutCredentials(answer, line: answer.line(leavingOut: names)))
    }
}

extension ConversationFacts {
    /// What the server did; nil if that says nothing, as where nobody was reached.
    fileprivate var answerWithoutCredentials: AnswerWithoutCredentials? {
        switch failure {
        case .refused: return isBusy ? nil : statusCode.map { .refused(status: $0) }
        case .endedInHandshake: return .unanswered
        case .notConnected, .silent, .notHTTP: return nil
        case nil: break
        }
        guard hasOpened else { return nil }
        if isFulfilled { return .served }
        if let close, close.isFirst { return .closed(code: close.code) }
        return .opened
    }
}
