import PeerTestSupport
import Synchronization
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

/// An application that wants a message before everything else.
@Suite struct `A first message behind each handshake` {
    private static let login = "login s3cr3t-314"

    /// An echo server that closes over anything but the login as its first message, and answers it so.
    private static func target(_ answer: @escaping @Sendable (inout Answers) -> Void) -> MemoryTarget {
        MemoryTarget { _ in
            let isKnown = Mutex(false)
            return .peer(
                ScriptedPeer { event, answers in
                    guard case .message(let type, let octets) = event, !isKnown.withLock({ $0 }) else {
                        return answers.behave(event)
                    }
                    guard type == .text, octets == Array(login.utf8) else { return answers.sendClose(1008) }
                    isKnown.withLock { $0 = true }
                    answer(&answers)
                }
            )
        }
    }

    private static func settings(_ message: FirstMessage?) -> ConversationSettings {
        var settings = Conversation.settings()
        settings.firstMessage = message
        return settings
    }

    private static let welcome = Array("welcome".utf8)

    struct Way: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var replies: Int
        var words: String
        var answer: @Sendable (inout Answers) -> Void
    }

    private static let ways = [
        Way(testDescription: "nothing", replies: 0, words: "is not answered") { _ in },
        Way(testDescription: "a welcome", replies: 1, words: "with 1 message, which counts for nothing") {
            $0.send(.text, welcome)
        },
        Way(testDescription: "two messages later", replies: 2, words: "with 2 messages, which count for nothing") {
            $0.send(Answers.frame(.text, welcome), after: .milliseconds(200))
            $0.send(Answers.frame(.binary, welcome), after: .milliseconds(700))
        },
    ]

    @Test(arguments: ways, [1, 16])
    func `What answers it counts for nothing, and every case is played behind it`(way: Way, jobs: Int) async throws {
        let target = Self.target(way.answer)
        let settings = Self.settings(FirstMessage(Self.login))
        let (ending, log) = await MemoryRun.run(target, jobs: jobs, settings: settings)
        #expect(ending == .complete)
        log.expectOneResultEach(of: MemoryRun.few)
        #expect(log.blemishes.isEmpty)
        #expect(log.notes.count == 1 && log.notes[0].contains(way.words), "\(log.notes)")
        for (id, result) in log.final {
            let transcript = try #require(result.transcript)
            #expect(transcript.marks.contains(.firstMessage(replies: way.replies)), "\(id)")
            let lines = Judge.judge(result.scenario, transcript).wire
            #expect(lines.contains { $0.contains("text FIN 16 octets (first message)") }, "\(id)")
            #expect(!lines.contains { $0.contains("s3cr3t") || $0.contains("welcome") }, "\(id)")
        }
    }

    @Test func `Without it the cases that need an echo are skipped, and a line says what the application does`() async {
        let (ending, log) = await MemoryRun.run(Self.target { _ in }, settings: Self.settings(nil))
        #expect(ending == .complete)
        #expect(log.notes.contains { $0.contains("closes over a text message with code 1008") }, "\(log.notes)")
        for scenario in MemoryRun.echoing { #expect(log.verdict(scenario.id) == .skipped, "\(scenario.id)") }
    }

    @Test func `A wrong echo behind it fails as it does without`() async {
        let target = MemoryTarget { connection in
            connection.scenario.hasPrefix("control/") ? .model : .defective([.corruptsEcho])
        }
        let (_, log) = await MemoryRun.run(target, settings: Self.settings(FirstMessage(Self.login)))
        #expect(log.verdict("fragmentation/two-fragments") == .fail)
    }

    @Test func `An application that goes on talking is not waited for`() async {
        let target = Self.target { answers in
            for _ in 0...FirstMessage.mostReplies { answers.send(.text, Self.welcome) }
        }
        let (_, log) = await MemoryRun.run(target, settings: Self.settings(FirstMessage(Self.login)))
        #expect(log.notes.contains { $0.contains("more than 8 messages, which are not awaited") }, "\(log.notes)")
    }

    @Test func `A case whose frames leave with the request is skipped, and its reason names the option`() async throws {
        let scenario = try #require(
            Catalogue.all.first { $0.opening == .framesWithHandshake && $0.targets.contains(.server) }
        )
        let target = Self.target { _ in }
        let settings = Self.settings(FirstMessage(Self.login))
        let (_, log) = await MemoryRun.run(target, scenarios: [scenario], settings: settings)
        guard case .skipped(let reason) = log.final[scenario.id]?.status else {
            Issue.record("\(String(describing: log.final[scenario.id]))")
            return
        }
        #expect(reason.contains("--first-message"))
    }
}
