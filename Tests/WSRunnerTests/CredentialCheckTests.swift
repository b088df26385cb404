import PeerTestSupport
import Testing
import WSLink
import WSProtocol
import WSRunner
import WSScenario

/// Whether an endpoint needs the credentials that the user gave.
@Suite struct `An endpoint without its credentials` {
    struct Conduct: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var answer: AnswerWithoutCredentials
        var words: String
        /// What it does to a handshake without credentials.
        var react: @Sendable (ScriptedPeer.Event, inout Answers) -> Void
    }

    private static func refusal(_ status: String) -> @Sendable (ScriptedPeer.Event, inout Answers) -> Void {
        { _, answers in
            answers.send("HTTP/1.1 \(status)\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            answers.end()
        }
    }

    private static let conducts = [
        Conduct(
            testDescription: "asks for them",
            answer: .refused(status: 401),
            words: "refused with 401, as it should be where they are needed",
            react: refusal("401 Unauthorized")
        ),
        Conduct(
            testDescription: "leads to a login",
            answer: .refused(status: 302),
            words: "what asks for credentials is 401",
            react: refusal("302 Found")
        ),
        Conduct(
            testDescription: "closes",
            answer: .closed(code: 4401),
            words: "opened, and closed with code 4401",
            react: { event, answers in
                answers.behave(event)
                answers.sendClose(4401)
            }
        ),
        Conduct(
            testDescription: "drops it",
            answer: .unanswered,
            words: "ended without an answer",
            react: { _, answers in answers.end() }
        ),
        Conduct(
            testDescription: "serves it",
            answer: .served,
            words: "is opened: they are not needed for it",
            react: { event, answers in answers.behave(event) }
        ),
    ]

    private static func settings(_ fields: [HTTPField]) -> ConversationSettings {
        var settings = Conversation.settings()
        settings.headerFields = fields
        return settings
    }

    @Test(arguments: conducts)
    func `What it does with such a handshake is told once, and no case is held against it`(conduct: Conduct) async {
        let target = MemoryTarget { _ in
            .peer(
                ScriptedPeer { event, answers in
                    guard case .request(let head) = event, head.values(of: "Authorization").isEmpty else {
                        return answers.behave(event)
                    }
                    conduct.react(event, &answers)
                }
            )
        }
        let fields = [HTTPField("Authorization", "Bearer x"), HTTPField("X-Mine", "yes")]
        let (ending, log) = await MemoryRun.run(target, settings: Self.settings(fields))
        #expect(ending == .complete && log.blemishes.isEmpty)
        let answers = log.events.compactMap { event in
            if case .withoutCredentials(let answer, _) = event { answer } else { nil }
        }
        #expect(answers == [conduct.answer])
        let lines = log.events.compactMap { event in
            if case .withoutCredentials(_, let line) = event { line } else { nil }
        }
        #expect(lines.count == 1 && lines.allSatisfy { $0.contains(conduct.words) }, "\(lines)")
        #expect(lines.first?.contains("(Authorization)") == true)
        #expect(log.notes.isEmpty)
    }

    @Test func `Where no credentials were given, nothing is tried and nothing told`() async {
        let (target, plain) = (MemoryTarget { _ in .model }, MemoryTarget { _ in .model })
        let (_, log) = await MemoryRun.run(target, settings: Self.settings([HTTPField("X-Mine", "yes")]))
        _ = await MemoryRun.run(plain)
        #expect(log.notes.isEmpty)
        #expect(target.connections.sorted() == plain.connections.sorted())
    }

    @Test func `Which fields are credentials is known by their names`() {
        let names = ["Authorization", "Cookie", "X-Auth-Token", "X-Api-Key", "X-Mine", "Accept-Language", "User-Agent"]
        let settings = Self.settings(names.map { HTTPField($0, "x") })
        #expect(settings.credentialFields.map(\.name) == ["Authorization", "Cookie", "X-Auth-Token", "X-Api-Key"])
    }
}
