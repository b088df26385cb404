import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSProtocol
import WSRunner
import WSScenario
import WSTranscript

@Suite struct `What holds a recording to its scenario` {
    private static let hello = Payload.text("Hello")

    private static func scenario(
        _ steps: [Step] = [.send(FrameToSend(.text, hello))],
        expecting payload: Payload = hello
    ) -> Scenario {
        Scenario(
            id: "test/echo",
            title: "One text message",
            requirements: ["RFC6455-6.2-02"],
            needs: .echo,
            script: steps,
            conclusion: .closeWhenComplete,
            behaviour: [.conforms(.events([.message(.text, payload)]))],
            closing: [.conforms(.peerReplies(codes: [1000]))]
        )
    }

    private static func recorded(_ scenario: Scenario = scenario()) -> Transcript {
        Conversation.run(scenario, with: ModelServer()).client.transcript
    }

    private func problem(
        _ transcript: Transcript,
        as scenario: Scenario = scenario(),
        testing role: Role = .server,
        isSecond: Bool = false
    ) -> String? {
        do throws(TranscriptError) {
            _ = try PlayedScenario(scenario, in: transcript, testing: role, isSecond: isSecond)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `It is judged as it was played`() throws {
        let transcript = Self.recorded()
        let played = try PlayedScenario(Self.scenario(), in: transcript, testing: .server)
        #expect(played.scenario == Self.scenario() && !played.isOfOtherPace)
        #expect(Judge.judge(played.scenario, transcript).verdict == .pass)
    }

    @Test func `One of another case is told with the name of that`() {
        var transcript = Self.recorded()
        transcript.header.scenario = "test/other\u{1B}"
        #expect(problem(transcript) == "its transcript is of another case, test/other?; run it again")
    }

    @Test func `One of the other side, of another effort or of the second play is in the wrong place`() {
        var transcript = Self.recorded()
        #expect(problem(transcript, testing: .client)?.contains("a client under test") == true)
        #expect(problem(transcript, isSecond: true)?.contains("in each other's place") == true)
        transcript.header.waitsAsAutobahn = true
        #expect(problem(transcript)?.contains("in each other's place") == true)
        #expect(problem(transcript, isSecond: true) == nil)
        transcript.header.effort = "more"
        #expect(problem(transcript, isSecond: true)?.contains("an effort") == true)
    }

    private static let others: [(String, Scenario)] = [
        ("another message", scenario([.send(FrameToSend(.text, .text("Other")))], expecting: .text("Other"))),
        ("the same octets in another order of outcomes", scenario(expecting: .text("Other"))),
        ("a frame of another form", scenario([.send(FrameToSend(.text, hello, rsv: 4))])),
        ("one more frame", scenario([.send(FrameToSend(.text, hello)), .send(FrameToSend(.ping))])),
    ]

    @Test(arguments: others)
    func `One that was recorded for another stimulus is never judged`(name: String, now: Scenario) {
        #expect(problem(Self.recorded(), as: now) == "recorded for another stimulus; run it again")
        #expect(problem(Self.recorded(now), as: now) == nil)
    }

    @Test func `Another opening, or another end, is another stimulus`() {
        var now = Self.scenario()
        now.opening = .framesWithHandshake
        #expect(problem(Self.recorded(), as: now)?.contains("another stimulus") == true)
        now = Self.scenario()
        now.conclusion = .awaitEnd
        #expect(problem(Self.recorded(), as: now)?.contains("another stimulus") == true)
    }

    @Test func `Another pace leaves the outcomes as they are, and what was recorded is judged`() throws {
        let before = Self.scenario([
            .send(FrameToSend(.text, Self.hello, fin: false)), .pause(milliseconds: 10),
            .send(FrameToSend(.continuation, .empty, pacing: .pieces(1))),
        ])
        let now = Self.scenario([
            .send(FrameToSend(.text, Self.hello, fin: false, pacing: .pieces(2))), .pause(milliseconds: 20),
            .send(FrameToSend(.continuation)),
        ])
        let transcript = Self.recorded(before)
        let played = try PlayedScenario(now, in: transcript, testing: .server)
        #expect(played.isOfOtherPace)
        #expect(played.scenario == before)
        #expect(Judge.judge(played.scenario, transcript).verdict == .pass)
    }

    @Test func `An outcome that came later, with a payload of its own, is looked at`() throws {
        var now = Self.scenario()
        now.behaviour.append(.informational(.events([.message(.text, .text("Bye"))]), "it says something else"))
        let transcript = Self.recorded()
        let played = try PlayedScenario(now, in: transcript, testing: .server)
        #expect(played.scenario == now && !played.isOfOtherPace)
        #expect(Judge.judge(played.scenario, transcript).verdict == .pass)
    }

    @Test func `Words of another version are not passed over`() {
        var transcript = Self.recorded()
        let text = String(decoding: transcript.header.stimulus.text, as: UTF8.self)
        let newer = text.replacing("\"kind\":\"send\"", with: "\"deflate\":9,\"kind\":\"send\"")
        transcript.header.stimulus = RecordedStimulus(text: Array(newer.utf8))
        #expect(problem(transcript)?.contains("judge it with the version that recorded it") == true)
    }

    // MARK: - Lengths

    /// References to a script of two Pings and a message in three frames, and whether the script has them.
    private static let references: [(name: String, references: [ScriptReference], fits: Bool)] = [
        ("whole frames", [reference(0, 0, 1, 0, 8), reference(1, 0, 3, 0, 30)], true),
        ("a frame in two writes", [reference(0, 0, 1, 0, 3), reference(0, 0, 1, 3, 5)], true),
        ("up to the middle of a frame", [reference(0, 0, 1, 0, 8), reference(1, 0, 2, 0, 12)], true),
        ("on from the middle of a frame", [reference(1, 0, 2, 0, 12), reference(1, 1, 2, 2, 18)], true),
        ("a step left out", [reference(1, 0, 1, 0, 10)], true),
        ("a step that is not there", [reference(3, 0, 1, 0, 8)], false),
        ("a wait, which sends nothing", [reference(2, 0, 1, 0, 8)], false),
        ("a frame that is not there", [reference(0, 0, 2, 0, 16)], false),
        ("no frame", [reference(0, 0, 0, 0, 0)], false),
        ("one octet more", [reference(0, 0, 1, 0, 9)], false),
        ("more octets than there are", [reference(1, 0, 3, 0, 31)], false),
        ("a frame counted that was not begun", [reference(1, 0, 3, 0, 20)], false),
        ("octets left out", [reference(0, 0, 1, 1, 7)], false),
        ("a frame left out", [reference(1, 1, 1, 0, 10)], false),
        ("octets twice", [reference(0, 0, 1, 0, 8), reference(0, 0, 1, 0, 8)], false),
        ("a step behind a later one", [reference(1, 0, 1, 0, 10), reference(0, 0, 1, 0, 8)], false),
        ("an offset beyond the frame", [reference(0, 0, 1, .max, 8)], false),
        ("no masking key", [reference(0, 0, 1, 0, 4, key: nil)], false),
    ]

    /// An opening handshake that was answered.
    private static let opening = [
        TranscriptEvent(time: 0, kind: .sent(offset: 0, .octets([]))), TranscriptEvent(time: 0, kind: .mark(.opened)),
    ]

    private static func reference(
        _ step: Int,
        _ frame: Int,
        _ count: Int,
        _ start: UInt64,
        _ length: UInt64,
        key: UInt32? = 1
    ) -> ScriptReference {
        ScriptReference(
            step: step,
            frame: frame,
            frameCount: count,
            start: start,
            length: length,
            maskingKey: key,
            keyIndex: 0
        )
    }

    @Test func `Sent octets are those of the script, each once and in their order`() {
        let scenario = Self.scenario([
            .send(FrameToSend(.ping, .octets([1, 2]))),
            .sendMessage(MessageToSend(.text, .text("abcdabcdabcd"), fragmentLength: 4)),
            .barrier(tag: "a", pings: 1),
        ])
        for row in Self.references {
            var transcript = Self.recorded(scenario)
            let keys = MaskingKeySequence(run: transcript.header.seed, scenario: scenario.id)
            transcript.events =
                Self.opening
                + row.references.map { reference in
                    var reference = reference
                    if reference.maskingKey != nil { reference.maskingKey = keys.key(at: 0).rawValue }
                    return TranscriptEvent(time: 1, kind: .sent(offset: 0, .script(reference)))
                }
            let problem = self.problem(transcript, as: scenario)
            #expect((problem == nil) == row.fits, "\(row.name): \(problem ?? "taken")")
            #expect(problem?.contains("does not fit what was played: event ") ?? true)
        }
    }

    /// A file beside a transcript, of which only the length counts.
    private struct Sidecar: SidecarStore {
        var count: Int
        func append(_ octets: Span<UInt8>) -> Int? { nil }
        func read(position: Int, length: Int) -> [UInt8] { [] }
    }

    private static let parts: [(name: String, parts: [ReceivedPart], fits: Bool)] = [
        ("the payload", [.payload(index: 0, start: 0, length: 5)], true),
        ("its end", [.payload(index: 0, start: 5, length: 0)], true),
        ("beyond it", [.payload(index: 0, start: 1, length: 5)], false),
        ("far beyond it", [.payload(index: 0, start: .max, length: 0)], false),
        ("another one", [.payload(index: 1, start: 0, length: 1)], false),
        ("the file", [.sidecar(position: 0, length: 3), .sidecar(position: 3, length: 7)], true),
        ("more than the file has", [.sidecar(position: 0, length: 11)], false),
        ("beyond the file", [.sidecar(position: .max, length: 0)], false),
        ("octets of the file twice", [.sidecar(position: 0, length: 3), .sidecar(position: 2, length: 3)], false),
    ]

    @Test func `Received octets are those of a payload or of the file beside it`() {
        for row in Self.parts {
            var transcript = Self.recorded()
            transcript.sidecar = Sidecar(count: 10)
            transcript.events =
                Self.opening + row.parts.map { TranscriptEvent(time: 1, kind: .received(offset: 0, [$0])) }
            let problem = self.problem(transcript)
            #expect((problem == nil) == row.fits, "\(row.name): \(problem ?? "taken")")
        }
    }

    @Test func `A file that is missing leaves nothing to judge`() {
        var transcript = Self.recorded()
        transcript.events =
            Self.opening + [TranscriptEvent(time: 1, kind: .received(offset: 0, [.sidecar(position: 0, length: 1)]))]
        #expect(problem(transcript)?.contains("octets of the file beside it that are not there") == true)
    }
}
