import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

/// A peer with a limit refuses a message as soon as its first frames exceed that.
@Suite struct `The limit rule where a message is not sent to its end` {
    private static let short = FrameToSend(.text, .text("short"))

    private static func begun(_ opcode: Opcode, _ count: Int) -> FrameToSend {
        FrameToSend(opcode, .repeating("x", length: count), fin: false)
    }

    /// The judgement of a server that has echoed the short text, and closes with this code while the script goes on.
    private static func judgement(
        _ frames: [FrameToSend],
        events: [ExpectedEvent],
        code: UInt16 = 1009,
        echoes: Bool
    ) -> Judgement {
        let scenario = Scenario.generated(
            "fuzz/made-for-this-test",
            "Frames that are complete, of a message that is not",
            script: frames.map { .send($0) },
            answers: events,
            fate: .complete,
            isCompressed: false
        )
        var recording = Recording.opened(scenario)
        recording.sendScript()
        if echoes { recording.receive(.text, Array("short".utf8)) }
        recording.receiveClose(code)
        recording.sendClose(1000)
        recording.end()
        if echoes { recording.mark(.tried(MessageTrial(isText: true, length: 5, frames: 1, cameBack: true))) }
        return recording.judgement
    }

    private static let echo = ExpectedEvent.message(.text, .text("short"))

    @Test func `Its first frame is refused before anything is due`() {
        let judgement = Self.judgement([Self.begun(.text, 20)], events: [], echoes: false)
        #expect(judgement.verdict == .tolerated)
        #expect(judgement.reason == "refused a message after 20 octets with Close 1009, which nothing bears out")
        let large = Self.judgement([Self.begun(.text, 126)], events: [], echoes: false)
        #expect(large.verdict == .informational)
        #expect(large.reason == "refused a message after 126 octets with Close 1009")
    }

    @Test func `Its fragments are added up`() {
        let rest = FrameToSend(.continuation, .repeating("y", length: 66), fin: false)
        let frames = [Self.begun(.binary, 60), FrameToSend(.ping), rest]
        let judgement = Self.judgement(frames, events: [.pong(.empty)], echoes: false)
        #expect(judgement.verdict == .informational)
        #expect(judgement.reason == "refused a message after 126 octets in 2 frames with Close 1009")
    }

    @Test func `The message before it, which came back, contradicts no limit`() {
        let judgement = Self.judgement([Self.short, Self.begun(.binary, 200)], events: [Self.echo], echoes: true)
        #expect(judgement.verdict == .informational)
        #expect(judgement.reason == "refused a message after 200 octets with Close 1009")
    }

    @Test func `One that is no longer than what came back is not refused for its size`() {
        let judgement = Self.judgement([Self.short, Self.begun(.text, 4)], events: [Self.echo], echoes: true)
        #expect(judgement.verdict == .fail)
        #expect(judgement.reason.hasPrefix("closed with code 1009"))
    }

    @Test func `Without one, the limit is contradicted`() {
        let judgement = Self.judgement([Self.short], events: [Self.echo], echoes: true)
        #expect(judgement.verdict == .fail)
    }

    @Test(arguments: [(Opcode.binary, Verdict.informational), (.text, .tolerated)])
    func `Its type may be refused at its first frame`(opcode: Opcode, verdict: Verdict) {
        let judgement = Self.judgement([Self.begun(opcode, 4)], events: [], code: 1003, echoes: false)
        #expect(judgement.verdict == verdict)
        #expect(judgement.reason.hasPrefix("does not take \(opcode.name) messages"))
    }

    @Test func `A code that names no limit is no excuse`() {
        #expect(Self.judgement([Self.begun(.text, 200)], events: [], code: 1011, echoes: false).verdict == .fail)
    }
}
